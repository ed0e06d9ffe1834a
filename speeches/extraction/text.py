"""The text as it comes, made fit for rules without losing a single offset.

`fold` maps character by character (full-width to half-width, scanning errors, traditional to simplified), so
an offset in the folded text is the offset in the original. Spaces inside a segment are taken out by `View`,
which keeps the way back.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
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


# Traditional characters of the words that the rules know, and the simplified ones they stand for. One for one,
# so that offsets stay; only what the rules match needs to be here, quotes are cut from the text as it came.
_TRADITIONAL = "個後開發設業務區縣鄉鎮長負責頭會議門關處書記總領導實現達農環養產資億萬條項戶員單據報電動車場廠園際醫衛學節慶國東華時間號點週歲終屆幾數質標準製復範圍組織級應須將與為於從給對經濟濱辦啟驗籌編訂擬檔態勢執檢監審計劃確證認專題調進過還這該選運營網絡線橋樑鐵鋪礦熱氣燒減壓縮擴壯創優強穩續規庫測評價獎補償債貸財稅費購銷貿術歷臘陽陰曆穀種畝噸裡裏兩雙"
_SIMPLIFIED = "个后开发设业务区县乡镇长负责头会议门关处书记总领导实现达农环养产资亿万条项户员单据报电动车场厂园际医卫学节庆国东华时间号点周岁终届几数质标准制复范围组织级应须将与为于从给对经济滨办启验筹编订拟档态势执检监审计划确证认专题调进过还这该选运营网络线桥梁铁铺矿热气烧减压缩扩壮创优强稳续规库测评价奖补偿债贷财税费购销贸术历腊阳阴历谷种亩吨里里两双"


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    full = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    for mark in "，；：！？（）．｜":
        del full[ord(mark)]
    same = {"(": "（", ")": "）", ",": "，", ":": "：", "\u3000": " ", "\xa0": " ", "〔": "（", "〕": "）"}
    same |= {"臵": "置", "〃": "·", "•": "·", "‧": "·", "・": "·", "﹪": "%", "％": "%", "○": "〇", "Ｏ": "O"}
    same |= dict.fromkeys("―─－﹣–—~～", "—") | dict.fromkeys('“”„‟＂"「」『』', '"')
    full |= {ord(a): b for a, b in zip(_TRADITIONAL, _SIMPLIFIED, strict=True)}
    return full | {ord(k): v for k, v in same.items()}


# What scanners read for a digit beside digits and date words: l3日, 1l月, 3曰.
_MISREAD = re.compile(
    r"[lI|](?=\d?[\d月日])|(?<=\d)[lI](?=[\d月日])|(?<=\d)曰|[oO](?=\d月)|(?<=\d)[oO](?=\s?[\d月日号年万天分人元%])"
)
# ３．５米, but not "1．12所学校" at the head of a line.
_WIDE_POINT = re.compile(r"(?m)(?<=\d)．(?=\d)(?<!^\d．)(?<!^\d\d．)")
_MEANT = {"l": "1", "I": "1", "|": "1", "曰": "日", "o": "0", "O": "0"}


def fold(text: str) -> str:
    """The same text, character for character, in the one spelling that the rules know."""
    plain = _WIDE_POINT.sub(".", text.translate(_table())) if "．" in text else text.translate(_table())
    return _MISREAD.sub(lambda m: _MEANT[m.group()], plain)


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


def inside(spans: list[tuple[int, int]]) -> Callable[[int], bool]:
    """Whether a place lies in one of the spans, which stand in order and do not overlap."""
    if not spans:
        return lambda at: False
    starts = [start for start, _ in spans]

    def lies(at: int) -> bool:
        n = bisect_right(starts, at) - 1
        return n >= 0 and at < spans[n][1]

    return lies


class Spelling:
    """Gives names back as the text spells them: 財政局 where the rules have read 财政局."""

    def __init__(self, text: str, folded: str) -> None:
        self.text, self.folded = text, folded
        # A name is looked for once, however often it stands in the text: the search goes through all of it.
        self.known: dict[str, str] = {}

    def __call__(self, names: Iterable[str]) -> tuple[str, ...]:
        """Each name once, spelled as the text spells it where it stands there in one piece."""
        return tuple(dict.fromkeys(self._one(name) for name in names))

    def _one(self, name: str) -> str:
        if (written := self.known.get(name)) is None:
            at = -1 if name in self.text else self.folded.find(name)
            written = self.known[name] = self.text[at : at + len(name)] if at >= 0 else name
        return written
