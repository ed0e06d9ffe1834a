"""Workbooks as offices lay them out: a title across the top, a frozen row of headings, borders, ready for print."""

import datetime as dt
from collections.abc import Sequence
from io import BytesIO
from math import ceil
from typing import Any
from unicodedata import east_asian_width

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from tracker.export import text_cell
from tracker.reports.paper import FANGSONG, HEITI, SONG

_THIN = Border(**{edge: Side(style="thin", color="000000") for edge in ("left", "right", "top", "bottom")})
_WRAP = Alignment(vertical="center", wrap_text=True)
_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_BODY = Font(name=FANGSONG, size=11)
_HEAD_FILL = PatternFill("solid", fgColor="EDE7E3")
_GROUP_FILL = PatternFill("solid", fgColor="F7F4F1")
DAY = 'yyyy"年"m"月"d"日"'
# Points for a line of 11, and what Excel allows a row. Heights are written down, because not every program fits a row
# to its text when it opens a file.
_LINE, _TALLEST = 15.5, 409


def _lines(value: Any, width: float) -> int:
    """How many lines ``value`` takes in a column ``width`` characters wide; a Han character is as wide as two."""
    if not isinstance(value, str):
        return 1
    room = max(1.0, (width - 1) / 1.08)
    return sum(max(1, ceil(sum(1 + (east_asian_width(c) in "WF") for c in line) / room)) for line in value.split("\n"))


class Book:
    """One sheet, written from the top: title, subtitle, head, then rows and groups in any order.

    ``widths`` are in characters, one for each column.
    """

    def __init__(self, name: str, *, widths: Sequence[float]) -> None:
        self.book = Workbook()
        self.sheet = self.book.active
        self.sheet.title = name
        self.columns, self.widths = len(widths), widths
        self.at = 0
        self.head_at = 0
        for number, width in enumerate(widths, 1):
            self.sheet.column_dimensions[get_column_letter(number)].width = width
        setup = self.sheet.page_setup
        setup.orientation, setup.paperSize, setup.fitToWidth, setup.fitToHeight = "landscape", 9, 1, 0
        self.sheet.sheet_properties.pageSetUpPr.fitToPage = True
        self.sheet.print_options.horizontalCentered = True
        self.sheet.oddFooter.center.text = "第 &P 页  共 &N 页"

    def _across(self, text: str, *, font: Font, height: float, alignment: Alignment) -> Any:
        self.at += 1
        cell = text_cell(self.sheet.cell(self.at, 1), text)
        cell.font, cell.alignment = font, alignment
        self.sheet.merge_cells(start_row=self.at, end_row=self.at, start_column=1, end_column=self.columns)
        self.sheet.row_dimensions[self.at].height = height
        return cell

    def title(self, text: str) -> None:
        self._across(text, font=Font(name=SONG, size=20), height=36, alignment=_CENTRE)

    def subtitle(self, text: str) -> None:
        right = Alignment(horizontal="right", vertical="center")
        self._across(text, font=Font(name=FANGSONG, size=11), height=20, alignment=right)

    def head(self, labels: Sequence[str], *, freeze_columns: int = 0) -> None:
        """The row of headings: stays in sight when scrolling, repeats in print."""
        self.at += 1
        self.head_at = self.at
        for number, label in enumerate(labels, 1):
            cell = self.sheet.cell(self.at, number, label)
            cell.font, cell.alignment, cell.border = Font(name=HEITI, size=11), _CENTRE, _THIN
            cell.fill = _HEAD_FILL
        self.sheet.row_dimensions[self.at].height = 30
        self.sheet.freeze_panes = self.sheet.cell(self.at + 1, freeze_columns + 1)
        self.sheet.print_title_rows = f"{self.at}:{self.at}"

    def group(self, text: str) -> None:
        """A heading of its own row, across all columns."""
        left = Alignment(horizontal="left", vertical="center", wrap_text=True)
        cell = self._across(text, font=Font(name=HEITI, size=11), height=24, alignment=left)
        cell.fill = _GROUP_FILL
        for number in range(1, self.columns + 1):
            self.sheet.cell(self.at, number).border = _THIN

    def row(self, values: Sequence[Any], *, centred: Sequence[int] = (), fills: dict[int, str] | None = None) -> None:
        """One row; dates stay dates, text is never a formula. ``fills`` are colours (RRGGBB) by column from 0."""
        self.at += 1
        most = max(_lines(value, width) for value, width in zip(values, self.widths, strict=True))
        self.sheet.row_dimensions[self.at].height = min(_TALLEST, most * _LINE + 6)
        for number, value in enumerate(values):
            cell = text_cell(self.sheet.cell(self.at, number + 1), value)
            cell.font, cell.border = _BODY, _THIN
            cell.alignment = _CENTRE if number in centred else _WRAP
            if isinstance(value, dt.date):
                cell.number_format = DAY
            if fills and number in fills:
                cell.fill = PatternFill("solid", fgColor=fills[number])
                bright = sum(int(fills[number][at : at + 2], 16) for at in (0, 2, 4)) > 420
                cell.font = Font(name=FANGSONG, size=11, color="1A1A1A" if bright else "FFFFFF")

    def filters(self) -> None:
        """A filter on each heading."""
        last = get_column_letter(self.columns)
        self.sheet.auto_filter.ref = f"A{self.head_at}:{last}{max(self.at, self.head_at)}"

    def bytes(self) -> bytes:
        out = BytesIO()
        self.book.save(out)
        return out.getvalue()
