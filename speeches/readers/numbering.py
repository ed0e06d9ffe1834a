"""Numbers that a word processor draws before a paragraph and that stand nowhere in its text."""

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
