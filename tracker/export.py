"""Lists as files: CSV, JSON and xlsx, which no spreadsheet program can be tricked by.

A cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a line break is taken for a formula when a CSV is
opened, and Chinese editions of office programs take the full-width signs for the same. In CSV such a text is
written with an apostrophe before it; in xlsx it is a cell of text, which is never calculated.
"""

import csv
import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from itertools import islice
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

CSV, JSON, XLSX = "csv", "json", "xlsx"
FORMATS = (XLSX, CSV, JSON)
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# A sheet ends at 1,048,576 rows, and is built in memory; a CSV streams and has no end.
MOST_XLSX_ROWS = 100_000
_LONGEST_CELL = 32_767

_FORMULA = re.compile(r"^[\s ]*[=+\-@＝＋－＠]|^[\t\r\n]")
_NUMBER = re.compile(r"^[+-]?\d+(?:\.\d+)?%?$")
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Column:
    """One column of an export: ``key`` names it in JSON, ``label`` in CSV and xlsx; ``value`` reads it from a row."""

    key: str
    label: Any
    value: Callable[[Any], Any]


def printable(text: str) -> str:
    """``text`` without the control characters that XML cannot hold."""
    return _NOT_IN_XML.sub("", text)


def harmless(value: Any) -> Any:
    """``value`` as it may stand in a CSV: a text that a spreadsheet would calculate gets an apostrophe before it."""
    if isinstance(value, str) and _FORMULA.match(value) and not _NUMBER.match(value):
        return f"'{value}"
    return value


def plain(value: Any) -> Any:
    """A value as text or number for CSV: ISO dates, times of the office's zone, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if timezone.is_aware(value) else value.isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, (int, float, Decimal)):
        return value
    if isinstance(value, (list, tuple)):
        return "、".join(str(plain(entry)) for entry in value)
    return str(value)


def text_cell(cell: Any, value: Any) -> Any:
    """Put ``value`` into an openpyxl cell: real dates and numbers, and text that is never a formula."""
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value).replace(tzinfo=None)
    if value is None or (isinstance(value, (int, float, Decimal, dt.date)) and not isinstance(value, bool)):
        cell.value = value
        return cell
    text = printable(str(plain(value)))[:_LONGEST_CELL]
    cell.value = text
    cell.data_type = "s"
    if _FORMULA.match(text):
        cell.quotePrefix = True
    return cell


def disposition(response: HttpResponse, filename: str) -> HttpResponse:
    """Make ``response`` a download named ``filename``, Chinese included (RFC 6266), that no browser guesses at."""
    response["Content-Disposition"] = content_disposition_header(True, filename)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def file(data: bytes, filename: str, media_type: str) -> FileResponse:
    """``data`` as a download."""
    return disposition(FileResponse(BytesIO(data), content_type=media_type), filename)


def _rows(rows: Iterable[Any]) -> Iterator[Any]:
    if isinstance(rows, QuerySet):
        return iter(rows.iterator(chunk_size=2000))
    return iter(rows)


class _Echo:
    def write(self, text: str) -> str:
        return text


def _csv(rows: Iterable[Any], columns: Sequence[Column]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    # Office programs on Windows know by this mark that the file is UTF-8.
    yield "\ufeff" + writer.writerow([harmless(str(column.label)) for column in columns])
    for row in _rows(rows):
        yield writer.writerow([harmless(plain(column.value(row))) for column in columns])


def _json(rows: Iterable[Any], columns: Sequence[Column]) -> Iterator[str]:
    yield "["
    for number, row in enumerate(_rows(rows)):
        entry = {column.key: column.value(row) for column in columns}
        yield (",\n" if number else "\n") + json.dumps(entry, cls=DjangoJSONEncoder, ensure_ascii=False)
    yield "\n]\n"


def _xlsx(rows: Iterable[Any], columns: Sequence[Column], title: str) -> bytes:
    taken = list(islice(_rows(rows), MOST_XLSX_ROWS + 1))
    if len(taken) > MOST_XLSX_ROWS:
        raise ValidationError(
            _("An Excel file takes at most %(limit)s rows. Narrow the list by its filters, or take CSV.")
            % {"limit": MOST_XLSX_ROWS}
        )
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or "1")
    sheet.freeze_panes = "A2"
    for number in range(len(columns)):
        sheet.column_dimensions[get_column_letter(number + 1)].width = 16
    head = [text_cell(WriteOnlyCell(sheet), str(column.label)) for column in columns]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    for row in taken:
        sheet.append([text_cell(WriteOnlyCell(sheet), column.value(row)) for column in columns])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(taken) + 1}"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def download(rows: Iterable[Any], columns: Sequence[Column], *, name: str, format: str) -> HttpResponse:
    """``rows`` as a file called ``name`` and the day. A QuerySet is read in portions and never held whole.

    Raises ValidationError for an unknown ``format``, and for more rows than a sheet takes.
    """
    filename = f"{name}-{timezone.localdate():%Y%m%d}.{format}"
    if format == CSV:
        return disposition(StreamingHttpResponse(_csv(rows, columns), content_type="text/csv; charset=utf-8"), filename)
    if format == JSON:
        return disposition(StreamingHttpResponse(_json(rows, columns), content_type="application/json"), filename)
    if format == XLSX:
        return file(_xlsx(rows, columns, name), filename, XLSX_TYPE)
    raise ValidationError(_("Choose xlsx, csv or json."))


class ExportMixin:
    """For list views: ``?export=csv`` (or xlsx, json) answers the filtered and sorted list as a file.

    The page shows ``tracker/export_links.html``. The view names ``export_columns`` and ``export_name``; what is
    exported is ``export_rows()``: the table's data in its order, else the view's queryset.
    """

    export_columns: Sequence[Column] = ()
    export_name: Any = "export"

    def export_rows(self, context: dict[str, Any]) -> Iterable[Any]:
        table = context.get("table")
        return table.data.data if table is not None else context["object_list"]

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        request: HttpRequest = self.request  # type: ignore[attr-defined]
        format = request.GET.get("export")
        if not format:
            return super().render_to_response(context, **kwargs)  # type: ignore[misc]
        try:
            return download(self.export_rows(context), self.export_columns, name=str(self.export_name), format=format)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            query = request.GET.copy()
            query.pop("export")
            return redirect(f"{request.path}?{query.urlencode()}")
