"""Tables turned into text: 序号 任务 牵头单位 配合单位 时限, one line a row, cells parted by tabs, bars or spaces."""

import re
from dataclasses import dataclass
from typing import Literal

from speeches.extraction.deadlines import spot as spot_dates
from speeches.extraction.roster import both_of, people_of, units_of
from speeches.extraction.trailers import Trailer

Column = Literal["number", "text", "lead", "help", "people", "both", "when", "other"]
Cell = tuple[int, int]

_COLUMNS: tuple[tuple[Column, re.Pattern[str]], ...] = (
    ("number", re.compile(r"(?:序|编|项目)?号|序|No\.?|项次")),
    ("when", re.compile(r".{0,6}(?:时限|期限|时间|日期|节点)(?:要求)?")),
    (
        "other",
        re.compile(
            r".{0,6}(?:督办|督导|督查|监督|验收|联系电话|备注|电话|联系人|联络员|职务|片区|依据|来源|进展|情况)(?:单位|部门|人|领导)?"
        ),
    ),
    ("both", re.compile(r".{0,4}(?:单位|部门)(?:及|和|与|、|/)?（?.{0,4}(?:人|领导)）?")),
    ("help", re.compile(r".{0,4}(?:配合|协办|协作|参与|参加|协助|会办|支持)(?:单位|部门|科室|股室|处室|乡镇)?")),
    (
        "people",
        re.compile(
            r"姓名|.{0,6}(?:责任人|负责人|领导|负责同志|人员|网格员|干部|承办人|包保人)(?:姓名)?|.{0,4}[河林]长"
        ),
    ),
    ("lead", re.compile(r".{0,6}(?:单位|部门|科室|股室|处室|机构|主体|乡镇|牵头)|乡镇|单位")),
    (
        "text",
        re.compile(
            r".{0,6}(?:任务|内容|目标|事项|项目|措施|问题|要求|工作|名称|指标|要点|举措|建议|类别|标准|成果|成效)(?:名称|内容|及要求|分解|清单|表述)?"
        ),
    ),
)
_BARE_NUMBER = re.compile(r"[（(]?[\d一二三四五六七八九十]{1,3}[）)]?[.．、]?$")
_RULE = re.compile(r"[\s|｜：:\-—]+$")
_BARS = ("\t", "|", "｜")


@dataclass(frozen=True)
class Table:
    """The columns of a table, and what parts its cells."""

    columns: tuple[Column, ...]
    mark: str
    reports: bool = False


def _cells(line: str, mark: str) -> list[Cell]:
    """Where each cell stands, without the blanks around it; those that are empty count where the mark shows them."""
    found, at = [], 0
    for piece in re.split(r" +" if mark == " " else re.escape(mark), line):
        at = line.find(piece, at) if mark == " " else at
        bare = piece.strip()
        begin = at + (piece.find(bare) if bare else 0)
        found.append((begin, begin + len(bare)))
        at += len(piece) + (0 if mark == " " else len(mark))
    if mark in "|｜" and line.strip().startswith(mark):
        found = found[1:]
    if mark in "|｜" and line.strip().endswith(mark):
        found = found[:-1]
    return [c for c in found if c[1] > c[0]] if mark == " " else found


def header(line: str) -> Table | None:
    """The table that a folded line heads, if it is made of nothing but names of columns."""
    if not 8 <= len(line) <= 120 or re.search(r"[。；，]", line):
        return None
    mark = next((m for m in _BARS if m in line), " ")
    words = [line[a:b].replace(" ", "") for a, b in _cells(line, mark)]
    if len(words) < 3 or any(len(w) > 14 for w in words):
        return None
    columns: list[Column] = []
    unknown = 0
    for word in words:
        kind = next((k for k, p in _COLUMNS if p.fullmatch(word)), None)
        columns.append(kind or "other")
        unknown += kind is None
    if unknown > 2 or unknown * 2 >= len(words):
        return None
    if not {"lead", "help", "people", "both"} & set(columns) or "text" not in columns:
        return None
    return Table(tuple(columns), mark, bool(re.search(r"完成情况|进展|落实情况|存在问题", line)))


@dataclass
class Row:
    """One row: the cells that say what is to be done, and who does it."""

    texts: list[Cell]
    said: Trailer


def row(table: Table, line: str) -> Row | None:
    """What a folded line says as a row of the table; None where it is none."""
    if len(line) > 2000:
        return None
    cells = _cells(line, table.mark if table.mark in line else "\t" if "\t" in line else table.mark)
    columns = [*table.columns]
    if columns[0] == "number" and cells and not _BARE_NUMBER.match(line[slice(*cells[0])]):
        columns = columns[1:]
    placed = _placed(columns, cells, line)
    if placed is None:
        return None
    said, texts = Trailer(roles=True), []
    for column, (a, b) in placed:
        words = line[a:b]
        if column == "text" and b > a:
            texts.append((a, b))
        elif column == "lead":
            said.responsible += units_of(words)
        elif column == "help":
            said.supporting += units_of(words)
        elif column == "people":
            said.people += people_of(words)
        elif column == "both":
            units, people = both_of(words)
            said.responsible += units
            said.people += people
        elif column == "when" and (spots := spot_dates(words)):
            x, y, symbol, flags = spots[-1]
            said.when = (a + x, a + y, symbol, flags)
    return Row(texts, said) if texts else None


def _placed(columns: list[Column], cells: list[Cell], line: str) -> list[tuple[Column, Cell]] | None:
    """Each cell under its column; words that blanks have torn apart are put together again."""
    if len(cells) == len(columns):
        return list(zip(columns, cells, strict=True))
    texts = [n for n, c in enumerate(columns) if c == "text"]
    if len(cells) > len(columns):
        right = len(columns) - texts[-1] - 1
        left, last = texts[-1], len(cells) - right
        whole = (cells[left][0], cells[last - 1][1])
        return [
            *zip(columns[:left], cells[:left], strict=True),
            ("text", whole),
            *zip(columns[left + 1 :], cells[last:], strict=True),
        ]
    # Cells that were empty have left no trace: who comes first leads.
    if len(cells) <= texts[-1] or len(cells) < 3:
        return None
    placed = list(zip(columns[: texts[-1] + 1], cells, strict=False))
    rest = columns[texts[-1] + 1 :]
    for cell in cells[texts[-1] + 1 :]:
        words = line[slice(*cell)]
        dated = any(a == 0 and b >= len(words) - 2 for a, b, *_ in spot_dates(words))
        kind = "when" if dated else next((c for c in rest if c != "when"), None)
        if kind is None or kind not in rest:
            return None
        rest.remove(kind)
        placed.append((kind, cell))
    return placed


def is_rule(line: str) -> bool:
    """Whether a line only draws the border under a header: |---|---|."""
    return _RULE.match(line) is not None
