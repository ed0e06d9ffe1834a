"""What a speech says of itself: its title, who gives it, where and when. Each with the words that say so."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

from .dates import DATE, DAY_OF_YEAR, date_of
from .lines import HEADING, IN_BRACKETS, NUMBERED, SALUTATION, SPEECH, Line, is_prose, lines_of
from .parts import SpeechPart, Stated

HEAD = 14
POST = (
    "书记|市长|县长|区长|镇长|乡长|省长|州长|旗长|盟长|专员|总理|主席|主任|局长|部长|厅长|院长|校长|处长|科长|所长|站长|队长|行长"
    "|董事长|总经理|经理|总裁|秘书长|组长|司令员|政委|会长|园长|检察长|常委|巡视员|调研员|总工程师|总队长|场长|社长"
)
SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任"
    "袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄穆萧尹姚邵湛汪祁毛禹狄米贝明臧计成戴宋"
    "茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万柯管卢莫房裘缪解应宗丁宣"
    "邓郁单洪包诸左石崔吉龚程邢裴陆荣翁荀甄曲家封芮储靳段巫焦巴弓牧隗山谷车侯班仰仲伊宫宁仇栾甘厉祖武符刘景詹束龙叶"
    "幸司韶黎乔苍双闻党翟谭劳姬申冉宰雍桑桂牛寿通边燕浦尚农温别庄晏柴瞿阎连习艾容向古易廖居衡步都耿满匡国文寇广东欧沃"
    "蔚越师巩聂关荆游权盖益桓公肖付闫佟"
)
NAME = (
    rf"[×✕某*＊○〇]{{2,4}}|[{SURNAMES}][\s]*[×某\u4e00-\u9fff](?:[\s]*[×某\u4e00-\u9fff])?|[{SURNAMES}][\s]*[×某]{{1,3}}"
    r"|[\u4e00-\u9fff]{2,6}[·•][\u4e00-\u9fff·•]{2,12}"
)
BODY = (
    r"(?:中共|中国共产党)?[\u4e00-\u9fff]{0,20}?(?:人民政府|政府|[省市县区州旗]委|党委|党组|党工委|工委|委员会|常委会)"
    r"(?:办公厅|办公室|督查室)?|[\u4e00-\u9fff]{2,20}(?:办公厅|办公室|督查室|领导小组|指挥部|局|厅|集团|公司|大学|学院)"
)
LABEL = r"(?:讲话人|主讲人|发言人|报告人|主讲|主\s*持|时\s*间|地\s*点|来源|日期)\s*[：:]"
TITLE_END = re.compile(
    rf"(?:{SPEECH}|纪要|通报|通知|方案|意见|要点|总结|汇报|强调|指出|要求|批示|公报|决定)(?:[（(][^）)]*[）)])?\d{{0,2}}$"
)
SPEAKER_LINE = re.compile(
    rf"[（(]?(?:(?:讲话人|主讲人|发言人|报告人|主讲)\s*[：:]\s*)?(?P<post>[^，。；：:\s]*?(?:{POST}))[\s]*(?P<name>{NAME})(?:同志)?[）)]?$"
)
NAME_LINE = re.compile(rf"[（(]?(?:(?:讲话人|主讲人|发言人|报告人|主讲)\s*[：:]\s*)?(?P<name>{NAME})(?:同志)?[）)]?$")
SPEAKER_IN_TITLE = re.compile(
    rf"(?P<post>[^在，。；：\s]*?(?:{POST}))?(?P<name>{NAME})?(?:同志)?在(?=.{{2,50}}(?:讲话|发言|致辞|报告|强调|指出|要求))"
)
CALLED_IN_TITLE = re.compile(rf"(?P<name>[{SURNAMES}](?:副)?(?P<post>{POST}))(?:同志)?在")
OCCASION_IN_TITLE = re.compile(
    rf"在(?P<occasion>[^，。；]{{2,60}}?)(?:上的?(?:{SPEECH})|时(?:的讲话|强调|指出|要求)|上(?=[（(]|$))"
)
OCCASION_OF_MINUTES = re.compile(r"(?!关于)(?P<occasion>[^，。；：]{2,40}会议)纪要$")
OCCASION_IN_BODY = re.compile(
    r"(?:这次|此次|本次|今天[^，。；]{0,8}(?:召开|举行)|决定召开)(?:的|这次|此次|本次|一次)?"
    r"(?P<occasion>(?:全[省市县区镇乡州旗校]|[省市县区镇乡州旗]委|[\u4e00-\u9fff]{1,4}[省市县区镇乡])"
    r"[^，。；：！？]{0,28}?(?:会议|大会|[评动推调座部现分交总例]\w?会|培训班))"
)
FOR_BODY = re.compile(r"我(?:谨)?代表(?P<body>[^，。；：]{2,24}?(?:人民政府|政府|委员会|[省市县区州旗]委|党委))")
BODY_LINE = re.compile(rf"(?P<body>{BODY})(?:[\s]+{DATE.pattern})?$")
BODY_OF_POST = re.compile(rf"(?P<body>{BODY})(?=.*(?:{POST}))")


def part_of(text: str, start: int, end: int) -> SpeechPart:
    """Return the speech ``text[start:end]`` with what its own words say of it."""
    lines = list(lines_of(text, start, end))
    head, body = _head_and_body(lines)
    title, subtitle = _title(head)
    names = [line for line in (title, subtitle) if line]
    speaker, post = _speaker(head, names)
    return SpeechPart(
        start,
        end,
        text[start:end],
        title=_as_title(title),
        speaker=speaker,
        post=post,
        occasion=_occasion(names, head, body),
        issuing_body=_issuing_body(head, body, lines[-3:], post),
        delivered_on=_delivered_on(head, body),
    )


def _head_and_body(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """Part the lines above the first words of the speech from those words."""
    for index, line in enumerate(lines[:HEAD]):
        if SALUTATION.match(line.text):
            return lines[:index], lines[index + 1 :]
        if HEADING.match(line.text) or (is_prose(line.text) and not _is_head_matter(line.text)):
            return lines[:index], lines[index:]
    return lines[:HEAD], lines[HEAD:]


def _is_head_matter(line: str) -> bool:
    return (
        len(line) <= 80
        and "。" not in line
        and bool(DATE.search(line) or TITLE_END.search(line) or SPEAKER_LINE.match(line) or IN_BRACKETS.match(line))
    )


def _title(head: list[Line]) -> tuple[Line | None, Line | None]:
    """Return the title and, where there is one, the line under it that begins with a dash."""
    plain = [line for line in head if not _is_label(line.text)]
    subtitle = next((line for line in plain if re.match(r"[—－]{1,2}|--", line.text)), None)
    titles = [line for line in plain if line != subtitle]
    fitting = [line for line in titles if TITLE_END.search(line.text)]
    best = next((line for line in fitting if re.search("关于|在.*上的", line.text)), None)
    likely = (line for line in titles if _could_be_title(line.text))
    chosen = best or next(iter(fitting), None) or next(likely, None)
    if chosen in fitting:
        chosen = _with_first_line(titles, chosen)
    return (chosen, subtitle) if chosen else (subtitle, None)


def _with_first_line(titles: list[Line], last: Line) -> Line:
    """Return a title of two lines whole, where ``last`` is the second."""
    for above, line in pairwise(titles):
        if (
            line == last
            and above.end + 1 == line.start
            and re.match("在|关于", above.text)
            and above.text not in line.text
        ):
            return Line(above.start, line.end, f"{above.text}\n{line.text}")
    return last


def _is_label(line: str) -> bool:
    return bool(
        re.match(LABEL, line)
        or IN_BRACKETS.match(line)
        or SPEAKER_LINE.match(line)
        or NAME_LINE.match(line)
        or (DATE.match(line) and len(line) < 20)
        or re.search(
            r"[〔\[（(]\s*[\d０-９]{4}\s*[〕\]）)]\s*第?[\d０-９]+号$|第[\d一二三四五六七八九十]+期[）)]?$",
            line,
        )
    )


def _could_be_title(line: str) -> bool:
    return 4 <= len(line) <= 60 and not re.search(r"[。；：:]$", line) and not BODY_LINE.match(line)


def _as_title(line: Line | None) -> Stated[str] | None:
    if line is None:
        return None
    begin = NUMBERED.match(line.text)
    words = line.text[begin.end() if begin else 0 :]
    words = re.sub(r"^[—－\-\s《]+|[》\s]+$|\n", "", words)
    words = re.sub(r"(?<=[话言稿])(?:\d{1,2}|[一二三四五六七八九十]{1,2})$", "", words)
    if re.fullmatch(r"(?:\S\s+)+\S", words):  # set apart for the eye: 督　查　通　报
        words = re.sub(r"\s+", "", words)
    return Stated(words, line.text, line.start, line.end) if words else None


def _speaker(head: list[Line], names: list[Line]) -> tuple[Stated[str] | None, Stated[str] | None]:
    """Return who speaks and in which office, from a line of its own or from the title."""
    for line in head:
        if line not in names and (match := SPEAKER_LINE.match(line.text)):
            return _stated(line, match, "name"), _stated(line, match, "post")
    for line in names:
        begin = NUMBERED.match(line.text)
        words = line.text[begin.end() :] if begin else line.text
        for pattern in (CALLED_IN_TITLE, SPEAKER_IN_TITLE):
            match = pattern.match(line.text, len(line.text) - len(words))
            if match and (match["name"] or match["post"]):
                return _stated(line, match, "name"), _stated(line, match, "post")
    for line in head[1:]:
        if line not in names and (match := NAME_LINE.match(line.text)):
            return _stated(line, match, "name"), None
    return None, None


def _occasion(names: list[Line], head: list[Line], body: list[Line]) -> Stated[str] | None:
    for line in [*names, *head]:
        for pattern in (OCCASION_IN_TITLE, OCCASION_OF_MINUTES):
            if match := pattern.search(line.text):
                return _stated(line, match, "occasion")
    return _first(OCCASION_IN_BODY, body[:2], "occasion")


def _issuing_body(head: list[Line], body: list[Line], tail: list[Line], post: Stated[str] | None) -> Stated[str] | None:
    for line in head:
        if match := BODY_LINE.match(line.text):
            return _stated(line, match, "body")
    if found := _first(FOR_BODY, body[:3], "body"):
        return found
    if post and (match := BODY_OF_POST.match(post.value)):
        return _stated(Line(post.start, post.end, post.evidence), match, "body")
    return _first(BODY_LINE, [line for line in tail if len(line.text) < 40], "body", whole=True)


def _delivered_on(head: list[Line], body: list[Line]) -> Stated[date] | None:
    """Return the day of the meeting where that is told, else the date in the head or under a signature."""
    published = {line.start for above, line in pairwise(head) if above.text.startswith("来源")}
    dated = [
        (line, match)
        for line in head
        if line.start not in published and (match := DATE.search(line.text)) and date_of(match)
    ]
    dated.sort(key=lambda pair: "在" not in pair[0].text[pair[1].end() : pair[1].end() + 1])
    dated += [
        (line, match)
        for line in [*body[:HEAD], *body[-3:]]
        if len(line.text) < 30 and (match := DATE.search(line.text)) and date_of(match)
    ]
    if not dated:
        return None
    line, match = dated[0]
    return _day_of_meeting(body, date_of(match)) or _dated(line, match, date_of(match))


def _day_of_meeting(body: Iterable[Line], issued: date | None) -> Stated[date] | None:
    """Minutes are issued some days after the meeting, whose day and month their first words give."""
    line = next(iter(body), None)
    match = DAY_OF_YEAR.match(line.text) if line else None
    if not (line and match and issued and re.search("召开|主持|听取", line.text[:80])):
        return None
    for year in (issued.year, issued.year - 1):
        held = date_of(match, year)
        if held and timedelta(0) <= issued - held <= timedelta(days=60):
            return _dated(line, match, held)
    return None


def _dated(line: Line, match: re.Match[str], value: date | None) -> Stated[date] | None:
    if value is None:
        return None
    start, end = line.start + match.start(), line.start + match.end()
    return Stated(value, match.group(), start, end)


def _first(pattern: re.Pattern[str], lines: Iterable[Line], group: str, *, whole: bool = False) -> Stated[str] | None:
    for line in lines:
        if match := (pattern.fullmatch(line.text) if whole else pattern.search(line.text)):
            return _stated(line, match, group)
    return None


def _stated(line: Line, match: re.Match[str], group: str) -> Stated[str] | None:
    words = match[group]
    if not words or re.fullmatch(r"[×✕某*＊○〇\s]+", words):  # blanked out
        return None
    start = line.start + match.start(group)
    value = re.sub(r"(?<=[\u4e00-\u9fff×])\s+(?=[\u4e00-\u9fff×])", "", words)
    return Stated(value, words, start, start + len(words))
