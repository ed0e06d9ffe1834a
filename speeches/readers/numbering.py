"""Numbers that a word processor draws before a paragraph and that stand nowhere in its text."""

from typing import NamedTuple

DIGITS = "零一二三四五六七八九"
LEGAL = "零壹贰叁肆伍陆柒捌玖"
ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def chinese(number: int, *, digits: str = DIGITS, ten: str = "十") -> str:
    """Return ``number`` as a heading counts: 一, 十, 十二, 二十, 一百零三."""
    if not 0 < number < 1000:
        return str(number)
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        words += (digits[tens] if tens > 1 or hundreds else "") + ten
    elif hundreds and ones:
        words += digits[0]
    return words + (digits[ones] if ones else "")


def roman(number: int) -> str:
    """Return ``number`` in small Roman numerals."""
    if not 0 < number < 90:
        return str(number)
    words = ""
    for value, letters in ROMAN:
        count, number = divmod(number, value)
        words += letters * count
    return words


def letter(number: int) -> str:
    """Return a, b … z, aa, bb … as Word does."""
    if not 0 < number <= 260:
        return str(number)
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def circled(number: int) -> str:
    """Return ① … ⑳."""
    return chr(ord("①") + number - 1) if 0 < number <= 20 else str(number)


def digits(number: int) -> str:
    """Return ``number`` digit by digit: 一〇三."""
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))


def joined(marker: str, text: str) -> str:
    """Return ``text`` with its number before it, set apart only where they would run together."""
    return f"{marker} {text}" if marker and marker[-1].isalnum() else marker + text


CHINESE = dict.fromkeys(
    [
        "chineseCounting", "chineseCountingThousand", "japaneseCounting", "japaneseDigitalTenThousand",
        "taiwaneseCounting", "taiwaneseCountingThousand", "ideographTraditional",
    ],
    chinese,
)  # fmt: skip
FORMATS = {
    **CHINESE,
    "ideographDigital": digits,
    "taiwaneseDigital": digits,
    "chineseLegalSimplified": lambda number: chinese(number, digits=LEGAL, ten="拾"),
    "decimalEnclosedCircle": circled,
    "decimalEnclosedCircleChinese": circled,
    "decimalZero": "{:02}".format,
    "lowerLetter": letter,
    "upperLetter": lambda number: letter(number).upper(),
    "lowerRoman": roman,
    "upperRoman": lambda number: roman(number).upper(),
    "none": lambda number: "",
}


class Level(NamedTuple):
    """How one level of a list counts: in ``text`` %1 … %9 stand for the numbers of the levels."""

    text: str
    format: str = "decimal"
    """A key of ``FORMATS``; digits for any other, nothing for ``bullet``."""
    start: int = 1


def count_on(counts: dict[int, int], levels: dict[int, Level], depth: int, fresh: int | None = None) -> str:
    """Count the next paragraph of a list at ``depth`` in ``counts``, and return what is drawn before it.

    ``fresh`` is the number to begin anew with.
    """
    level = levels[depth]
    counts[depth] = counts.get(depth, level.start - 1) + 1 if fresh is None else fresh
    for deeper in [other for other in counts if other > depth]:
        del counts[deeper]
    if level.format == "bullet":
        return ""
    marker = level.text
    for other in range(depth + 1):
        if other in levels:
            write = FORMATS.get(levels[other].format, str)
            marker = marker.replace(f"%{other + 1}", write(counts.get(other, levels[other].start)))
    return marker
