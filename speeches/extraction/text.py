"""The text as it comes, made fit for rules without losing a single offset.

`fold` maps character by character (full-width to half-width, scanning errors, traditional to simplified), so
an offset in the folded text is the offset in the original. Spaces inside a segment are taken out by `View`,
which keeps the way back.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_SEGMENT = re.compile(r"[^。！？；;\n]*[。！？；;\n]|[^。！？；;\n]+$")
_BLANK = "。！？；; \u3000\t\r\n"
# Everything that may stand between two characters of one word after scanning or typing.
_GAPS = re.compile(r"[\s\u3000\xa0\u200b-\u200f\u202a-\u202e\u2060\ufeff*＊>＞\x00]+")


def segments(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of every segment that is not blank; the closing mark belongs to the segment before it."""
    for m in _SEGMENT.finditer(text):
        if m.group().strip(_BLANK):
            yield m.span()


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    full = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    for mark in "，；：！？（）":
        del full[ord(mark)]
    same = {"(": "（", ")": "）", ",": "，", ":": "：", "\u3000": " ", "\xa0": " ", "〔": "（", "〕": "）"}
    same |= {"臵": "置", "〃": "·", "•": "·", "‧": "·", "・": "·", "﹪": "%", "％": "%", "○": "〇", "Ｏ": "O"}
    same |= dict.fromkeys("―─－﹣–—~～", "—") | dict.fromkeys('“”„‟＂"「」『』', '"')
    return full | {ord(k): v for k, v in same.items()}


# What scanners read for a digit beside digits and date words: l3日, 1l月, 3曰.
_MISREAD = re.compile(r"[lI|](?=\d?[\d月日])|(?<=\d)[lI](?=[\d月日])|(?<=\d)曰|[oO](?=\d月)|(?<=\d)[oO](?=[\d月日年])")
_MEANT = {"l": "1", "I": "1", "|": "1", "曰": "日", "o": "0", "O": "0"}


def fold(text: str) -> str:
    """The same text, character for character, in the one spelling that the rules know."""
    return _MISREAD.sub(lambda m: _MEANT[m.group()], text.translate(_table()))


@dataclass(frozen=True)
class View:
    """One segment without the gaps inside it. `at[i]` is the offset of its i-th character in the whole text."""

    text: str
    start: int
    at: tuple[int, ...] | None = None

    def where(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the whole text of a stretch of the view."""
        if self.at is None:
            return self.start + start, self.start + end
        return self.at[start], self.at[end - 1] + 1


def view(folded: str, start: int, end: int) -> View:
    """The segment from `start` to `end` of a folded text, ready for matching."""
    piece = folded[start:end]
    if not _GAPS.search(piece):
        return View(piece, start)
    kept = [i for i, c in enumerate(piece) if not _GAPS.match(c)]
    return View("".join(piece[i] for i in kept), start, tuple(start + i for i in kept))
