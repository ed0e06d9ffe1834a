"""What a line of a speech's text is: heading, salutation, title, date, or prose. By its form alone."""

import re
from collections.abc import Iterator
from typing import NamedTuple

NUMERAL = "[一二三四五六七八九十百]+|\\d{1,3}"
SPEECH = "讲话稿?|发言稿?|致辞|讲评|主持词|报告|表态发言|总结讲话|动员讲话"

HEADING = re.compile(
    rf"[>＞\s]*(?:(?P<top>[一二三四五六七八九十]{{1,3}})、|第(?:{NUMERAL})[章节条部分]|[（(](?:{NUMERAL})[）)]"
    r"|\d{1,2}[.．、](?!\d)|[①-⑳])"
)
LIST_WORD = re.compile(r"(?:第[一二三四五六七八九十]|[一二三四五六七八九十][是要]|首先|其次|再次|最后)[，、,：:是要]?")
SALUTATION = re.compile(
    r"(?=.{2,60}$)(?:各位|尊敬的|同志们|同志|女士们|先生们|老师们|同学们|朋友们|乡亲们|父老乡亲|亲爱的|全[体市县区镇乡])"
    r"[^。！？；]*[：:]\s*$"
)
TITLE = re.compile(
    rf"(?=.{{4,60}}$)[^。！？；]*?(?:{SPEECH})(?:[（(][^）)]*[）)])?\s*(?P<number>\d{{0,2}}|[一二三四五六七八九十]{{1,2}})$"
)
SPEECH_GIVEN = re.compile(
    r"[—－\-\s]*(?:(?!传达|学习|贯彻|落实|领会|宣讲)[^，。！？；：]){0,24}在.{2,50}(?:上|时|会)的?"
    rf"(?:{SPEECH})(?:[（(].*[）)])?$"
)
NUMBERED = re.compile(
    rf"[【\[（(]?(?:第(?P<a>{NUMERAL})篇|(?:篇|范文)(?P<b>{NUMERAL}))(?:[】\]）)][：:、\s]*|[：:、\s]+|$)"
)
IN_BRACKETS = re.compile(r"[（(〔\[【].*[）)〕\]】]$")
TERMINAL = re.compile(r"[。！？；：!?;:…][”’』」）)》\]】]*$")

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")}


class Line(NamedTuple):
    """A line that is not blank, with the offsets of its first and past its last character."""

    start: int
    end: int
    text: str


def lines_of(text: str, start: int = 0, end: int | None = None) -> Iterator[Line]:
    """Yield the lines of ``text[start:end]``, without the blanks around them; blank ones are passed over."""
    for match in re.compile(r"\S(?:.*\S)?").finditer(text, start, len(text) if end is None else end):
        yield Line(match.start(), match.end(), match.group())


def is_finished(line: str) -> bool:
    """Tell whether ``line`` ends as a sentence, a list or an announcement ends."""
    return TERMINAL.search(line) is not None


def is_prose(line: str) -> bool:
    """Tell whether ``line`` is running text rather than a heading, a title or a part of a head."""
    if len(line) > 60 or "。" in line:
        return True
    return any(mark in line for mark in "，,；") and not (
        HEADING.match(line) or SALUTATION.match(line) or TITLE.match(line) or IN_BRACKETS.match(line)
    )


def number_of(numeral: str) -> int:
    """Return what a numeral below a hundred counts to: 十二 or 12 is twelve."""
    if numeral.isdecimal():
        return int(numeral)
    tens, ten, ones = numeral.rpartition("十")
    return (DIGITS.get(tens, 1) * 10 if ten else 0) + DIGITS.get(ones, 0)
