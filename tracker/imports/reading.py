"""From the bytes of an xlsx or csv to rows of text. Whatever is wrong with a file is said in one sentence."""

import csv
import datetime as dt
import io
import zipfile
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import load_workbook

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 5000
MOST_COLUMNS = 60
_MOST_UNPACKED = 120 * 1024 * 1024
_LONGEST_CELL = 5000
# Stands in a cell whose formula was never calculated by an office program.
FORMULA = "#FORMULA!"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Row:
    """``number`` counts from 1 as the office program does. Days are written 2026-06-30, shares 45%."""

    number: int
    cells: tuple[str, ...]
    hidden: bool = False

    @property
    def filled(self) -> list[str]:
        return [cell for cell in self.cells if cell]


@dataclass(frozen=True)
class Sheet:
    name: str
    rows: tuple[Row, ...]


def read(data: bytes, name: str) -> list[Sheet]:
    """The sheets that hold anything. Raises ValidationError that says why not, and what to do."""
    if not data.strip():
        raise ValidationError(_("The file is empty. Choose it again."))
    if len(data) > MOST_BYTES:
        raise ValidationError(_("The file is larger than %(mb)s MB.") % {"mb": MOST_BYTES // 1024 // 1024})
    if data.startswith(_OLE):
        raise ValidationError(_ole_reason(data))
    sheets = _xlsx(data) if data.startswith(b"PK") else [_csv(data, name)]
    found = [sheet for sheet in sheets if sheet.rows]
    if not found:
        raise ValidationError(_("There is nothing in this file."))
    return found


def _ole_reason(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return _("This file is locked with a password. Open it, remove the password, save it and upload it again.")
    return _("This is an old .xls or .et file. Open it in Excel or WPS, save it as .xlsx and upload that.")


def _too_long() -> ValidationError:
    return ValidationError(
        _("A ledger of more than %(rows)s rows is not taken at once. Divide it and upload the parts one by one.")
        % {"rows": MOST_ROWS}
    )


def _xlsx(data: bytes) -> list[Sheet]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            sizes = {part.filename: part.file_size for part in parts.infolist()}
        if "xl/workbook.xml" not in sizes:
            raise ValidationError(_("This is no Excel file. Save the ledger as .xlsx or .csv and upload that."))
        if sum(sizes.values()) > _MOST_UNPACKED:
            raise _too_long()
        filled = _filled_rows(data)
        values = load_workbook(io.BytesIO(data), data_only=True)
        formulas = load_workbook(io.BytesIO(data))
        visible = [sheet for sheet in values.worksheets if sheet.sheet_state == "visible"]
        return [_sheet(sheet, formulas[sheet.title], filled.get(sheet.title, [])) for sheet in visible]
    except ValidationError:
        raise
    except Exception as error:
        # A spoilt workbook makes its library fail in ways that it does not name; the user is told to save it anew.
        raise ValidationError(
            _("This file is damaged. Open it in Excel or WPS, save it as a new .xlsx and upload that.")
        ) from error


def _filled_rows(data: bytes) -> dict[str, list[int]]:
    """The numbers of the rows of each sheet that hold anything. A ledger that is too long is refused unread."""
    book = load_workbook(io.BytesIO(data), read_only=True)
    found: dict[str, list[int]] = {}
    try:
        for sheet in book.worksheets:
            rows = enumerate(sheet.iter_rows(values_only=True), 1)
            filled = (number for number, row in rows if any(value is not None for value in row))
            found[sheet.title] = list(islice(filled, MOST_ROWS + 1))
            if len(found[sheet.title]) > MOST_ROWS:
                raise _too_long()
    finally:
        book.close()
    return found


def _sheet(sheet: Any, formulas: Any, filled: list[int]) -> Sheet:
    """The rows whose numbers are ``filled``: to walk all of them would make cells down to a stray one in the last."""
    merged = _merged_downwards(sheet, filled)
    width = min(sheet.max_column, MOST_COLUMNS)
    rows = []
    for number in filled:
        [cells] = sheet.iter_rows(min_row=number, max_row=number, max_col=width)
        texts = []
        for cell in cells:
            shown = merged.get((cell.row, cell.column), cell)
            text = _text(shown.value, shown.number_format)
            if not text and shown.value is None and formulas.cell(shown.row, shown.column).data_type == "f":
                text = FORMULA
            texts.append(text)
        if any(texts):
            rows.append(Row(number, tuple(texts), bool(sheet.row_dimensions[number].hidden)))
    return Sheet(sheet.title, tuple(rows))


def _merged_downwards(sheet: Any, filled: list[int]) -> dict[tuple[int, int], Any]:
    """(row, column) → the cell that is shown there, for cells merged over several rows of one column."""
    shown: dict[tuple[int, int], Any] = {}
    for span in sheet.merged_cells.ranges:
        if span.min_col == span.max_col:
            first = sheet.cell(span.min_row, span.min_col)
            for row in filled:
                if span.min_row < row <= span.max_row:
                    shown[row, span.min_col] = first
    return shown


def _text(value: Any, number_format: str = "") -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, (int, float)):
        if "%" in number_format:
            return f"{round(value * 100, 2):g}%"
        return str(int(value)) if float(value).is_integer() else f"{value:.10g}"
    return str(value).replace("\u3000", " ").strip()[:_LONGEST_CELL]


def _csv(data: bytes, name: str) -> Sheet:
    text = _decoded(data)
    if "\x00" in text:
        raise ValidationError(_("This is neither Excel nor CSV. Save the ledger as .xlsx or .csv and upload that."))
    sample = text[:20_000]
    delimiter = max(",\t;", key=sample.count)
    rows = []
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            texts = tuple(_text(cell) for cell in cells[:MOST_COLUMNS])
            if any(texts):
                rows.append(Row(number, texts))
            if len(rows) > MOST_ROWS:
                raise _too_long()
    except csv.Error as error:
        raise ValidationError(
            _("This is no CSV that can be read: %(reason)s. Save the ledger as .xlsx.") % {"reason": error}
        ) from error
    return Sheet(name, tuple(rows))


def _decoded(data: bytes) -> str:
    """CSV comes in UTF-8 with or without a mark, UTF-16 with one, and in GB18030 from older office programs."""
    encodings = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValidationError(_("The characters of this file cannot be read. Save the ledger as .xlsx."))
