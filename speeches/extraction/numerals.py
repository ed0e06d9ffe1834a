"""Chinese and Arabic numerals as offices write them."""

import re

DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2, "廿": 20, "卅": 30}
_DIGITS = {**DIGITS, "兩": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_BIG = {"万": 10_000, "亿": 100_000_000}

# A whole number in Chinese characters, and one in either script.
HAN = "零〇○一二三四五六七八九十百千两廿卅"
HAN_NUMBER = rf"[{HAN}]+"
_ARABIC = re.compile(r"\d[\d,]*(?:\.\d+)?")


def han_to_int(text: str) -> int | None:
    """二十三 → 23, 二〇二六 → 2026, 两千 → 2000, 廿三 → 23; None where the characters make no number."""
    if not text:
        return None
    if not any(c in _SMALL or c in _BIG for c in text):
        if text[0] in "廿卅":
            return _DIGITS[text[0]] + (_DIGITS.get(text[1:], 0) if text[1:] else 0)
        if all(c in _DIGITS for c in text):
            return int("".join(str(_DIGITS[c]) for c in text)) if len(text) < 15 else None
        return None
    total, section, digit, unit = 0, 0, 0, 10
    for c in text:
        if c in _SMALL:
            unit = _SMALL[c]
            section += (digit or 1) * unit
            digit = 0
        elif c in _BIG:
            total = (total + section + digit) * _BIG[c]
            section, digit, unit = 0, 0, _BIG[c]
        elif c in _DIGITS:
            digit = _DIGITS[c]
            if digit == 0:
                unit = 10
        else:
            return None
    # 二百五 is 250: a last digit without its place takes the next lower one
    if digit and unit > 10 and text[-2] not in "零〇○" and text[-1] in _DIGITS:
        digit *= unit // 10
    return total + section + digit


def to_number(text: str) -> float | None:
    """A number in either script, with 万, 亿, 千, 百 multiplied out: 1.5万 → 15000, 三十 → 30."""
    text = text.replace(",", "").replace(" ", "")
    m = _ARABIC.match(text)
    if not m and "点" in text:
        whole, _, rest = text.partition("点")
        digits = rest.rstrip("百千万亿")
        if (n := han_to_int(whole)) is None or not digits or any(c not in _DIGITS for c in digits):
            return None
        return to_number(f"{n}.{''.join(str(_DIGITS[c]) for c in digits)}{rest[len(digits) :]}")
    if not m:
        n = han_to_int(text)
        return None if n is None else float(n)
    if len(m.group()) > 25:
        return None
    value = float(m.group())
    for c in text[m.end() :]:
        scale = _SMALL.get(c) or _BIG.get(c)
        if scale is None:
            return None
        value *= scale
    return round(value, 6)


def to_int(text: str) -> int | None:
    """A whole number in either script, None where it is none."""
    if text.isascii():
        return int(text) if text.isdigit() and len(text) < 10 else None
    return han_to_int(text)
