"""A list leaves the house as a file, and does no harm where it is opened."""

import csv
import datetime as dt
import json
from io import BytesIO, StringIO

import pytest
from django.core.exceptions import ValidationError
from openpyxl import load_workbook

from tests import make
from tracker import export
from tracker.export import Column

COLUMNS = [Column("item", "事项", lambda row: row[0]), Column("day", "时限", lambda row: row[1])]
DAY = dt.date(2026, 6, 30)


def body(response) -> bytes:
    return b"".join(response.streaming_content)


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "＠x", "－1+2"]
)
def test_a_text_that_a_spreadsheet_would_calculate_is_made_harmless_in_csv(text):
    answer = body(export.download([(text, DAY)], COLUMNS, name="台账", format="csv")).decode("utf-8-sig")

    assert list(csv.reader(StringIO(answer)))[1][0] == f"'{text}"


@pytest.mark.parametrize("text", ["-3", "+12.5", "87公里", "A=B", "— 1 —"])
def test_what_is_no_formula_stays_as_it_is(text):
    assert export.harmless(text) == text


def test_a_formula_in_xlsx_is_text_and_a_date_is_a_date():
    answer = body(export.download([("=1+1", DAY)], COLUMNS, name="台账", format="xlsx"))

    sheet = load_workbook(BytesIO(answer)).active
    assert (sheet["A2"].data_type, sheet["A2"].value, sheet["A2"].quotePrefix) == ("s", "=1+1", True)
    assert sheet["B2"].value.date() == DAY
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:B2")


def test_json_keeps_the_text_and_names_the_fields():
    answer = body(export.download([("=1+1", DAY)], COLUMNS, name="台账", format="json"))

    assert json.loads(answer) == [{"item": "=1+1", "day": "2026-06-30"}]


def test_control_characters_do_not_break_the_sheet():
    answer = body(export.download([("道\x0b路\x00", DAY)], COLUMNS, name="台:账/一", format="xlsx"))

    assert load_workbook(BytesIO(answer)).active["A2"].value == "道路"


def test_a_chinese_file_name_reaches_the_browser_whole():
    header = export.download([], COLUMNS, name="督办台账", format="csv")["Content-Disposition"]

    assert header.startswith("attachment; filename*=utf-8''%E7%9D%A3")


def test_a_sheet_that_would_be_too_long_says_what_to_do_instead(monkeypatch):
    monkeypatch.setattr(export, "MOST_XLSX_ROWS", 2)
    with pytest.raises(ValidationError, match="CSV"):
        export.download([("甲", DAY)] * 3, COLUMNS, name="台账", format="xlsx")


def test_an_unknown_format_is_refused():
    with pytest.raises(ValidationError):
        export.download([], COLUMNS, name="台账", format="exe")


@pytest.mark.parametrize("address", ["/overdue/", "/commitments/", "/departments/{unit}/"])
@pytest.mark.parametrize("format", ["csv", "json", "xlsx"])
def test_every_list_goes_out_whole_as_it_is_filtered(client, county, address, format):
    for number in range(60):
        make.assignment(county.transport, title=f"=第{number}项", deadline=dt.date(2026, 5, 1))
    make.assignment(county.education, title="别人的事", deadline=dt.date(2026, 5, 1))
    client.force_login(county.liaison)
    answer = body(client.get(address.format(unit=county.transport.pk), {"export": format}))

    if format == "json":
        titles = [row["item"] for row in json.loads(answer)]
    elif format == "csv":
        titles = [row[1].removeprefix("'") for row in csv.reader(StringIO(answer.decode("utf-8-sig")))][1:]
    else:
        titles = [row[1] for row in load_workbook(BytesIO(answer)).active.iter_rows(min_row=2, values_only=True)]
    assert sorted(titles) == sorted(f"=第{number}项" for number in range(60))


def test_an_unknown_format_leads_back_to_the_list(client, county):
    client.force_login(county.coordinator)

    assert client.get("/overdue/", {"export": "exe", "unit": ""}).headers["Location"] == "/overdue/?unit="
