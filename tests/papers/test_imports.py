"""A ledger that the office already has comes in: in any shape, row by row, and never twice."""

import datetime as dt
import io
import zipfile

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from openpyxl import Workbook

from tests import make
from tracker.imports import columns, days, entering, reading
from tracker.imports.rows import NEW, PASSED_OVER, THERE, WRONG, proposals
from tracker.intake import remove
from tracker.models import Assignment, Commitment, LedgerImport, Unit
from tracker.units import Directory

TODAY = dt.date(2026, 3, 10)
HEAD = ["序号", "重点任务", "责任单位", "完成时限", "最新进展"]


@pytest.fixture(autouse=True)
def _on_the_tenth_of_march(time_machine):
    time_machine.move_to(dt.datetime(2026, 3, 10, 9, tzinfo=dt.timezone(dt.timedelta(hours=8))))


def xlsx(rows, *, change=None) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if change:
        change(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(county, rows, **kwargs) -> LedgerImport:
    return entering.upload(xlsx(rows, **kwargs), name="台账.xlsx", reckoned_from=TODAY, by=county.coordinator)


def ledger(county, *rows, head=HEAD, **settings) -> LedgerImport:
    made = upload(county, [head, *rows])
    entering.set_columns(made, made.columns, **settings)
    return made


# Columns


@pytest.mark.parametrize(
    ("head", "fields"),
    [
        (["编号", "立项日期", "来源", "事项内容", "目标", "牵头单位", "配合单位", "责任人", "完成时限", "当前进度",
          "最新进展", "存在问题", "亮灯", "办结日期"],
         ["number", "entered_on", "source", "title", "target", "lead", "support", "person", "deadline", "progress",
          "latest", "problems", None, "closed_on"]),
        (["完成 时限", "牵头单位（部门）", "重点任务", "具体内容/目标", "责任单位"],
         ["deadline", "lead", "title", "content", "support"]),
        (["序号", "任务", "责任单位", "办理情况"], [None, "title", "lead", "latest"]),
    ],
)  # fmt: skip
def test_columns_are_known_by_their_headings_in_any_order(head, fields, db):
    rows = [reading.Row(1, tuple(head)), reading.Row(2, ("甲",) * len(head))]

    assert columns.header_row(rows) == 0
    guessed = {at: name for name, at in columns.guess(rows, 0, Directory()).items()}
    assert [guessed.get(at) for at in range(len(head))] == fields


def test_columns_without_headings_are_known_by_what_stands_in_them(county):
    rows = [
        reading.Row(1, ("1", "2026.6.30", "改造农村公路六十二公里并通车", "交通局")),
        reading.Row(2, ("2", "8月底", "建成两所学校并在秋季开学前启用", "县教育局、县财政局")),
    ]

    assert columns.header_row(rows) == -1
    assert columns.guess(rows, -1, Directory()) == {"deadline": 1, "title": 2, "lead": 3}


def test_a_title_above_the_headings_is_no_heading(county):
    made = upload(
        county, [["临川县重点任务台账"], ["填报单位：县政府督查室"], HEAD, [1, "修路", "交通局", "6月底", ""]]
    )

    assert made.header_row == 3
    assert [row.cells["title"] for row in proposals(made)] == ["修路"]


# Days


@pytest.mark.parametrize(
    ("text", "last_day"),
    [
        ("2026.6.30", dt.date(2026, 6, 30)), ("2026/6/30", dt.date(2026, 6, 30)), ("2026-06-30", dt.date(2026, 6, 30)),
        ("2026年6月30日", dt.date(2026, 6, 30)), ("46203", dt.date(2026, 6, 30)), ("6月底", dt.date(2026, 6, 30)),
        ("2026.12", dt.date(2026, 12, 31)), ("二季度末", dt.date(2026, 6, 30)), ("年底", dt.date(2026, 12, 31)),
        ("3月底前开工，10月底前完工", dt.date(2026, 10, 31)), ("长期", None), ("长期坚持", None),
        ("", None), ("—", None),
    ],
)  # fmt: skip
def test_deadlines_are_understood_as_offices_type_them(text, last_day):
    assert days.deadline(text, TODAY).last_day == last_day


def test_a_frequency_becomes_a_recurring_duty():
    assert days.deadline("每季度末", TODAY).rrule.startswith("FREQ=")


@pytest.mark.parametrize("text", ["2026-02-31", "2026.13.1", "另行通知", "已完成"])
def test_what_is_no_deadline_is_not_taken_for_one(text):
    assert days.deadline(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "percent"),
    [("45%", 45), ("45", 45), ("0.45", 45), ("100", 100), ("已完成", 100), ("140", None), ("过半", None)],
)
def test_progress_is_read_as_a_percentage(text, percent):
    assert days.percent(text) == percent


# Rows


def test_a_row_becomes_a_draft_with_its_units_deadline_and_targets(county):
    row = proposals(ledger(county, [1, "改造农村公路62公里", "交通局、教育局", "6月底", ""]))[0]

    assert row.kind == NEW
    assert (row.draft.lead, row.draft.support) == ((county.transport,), (county.education,))
    assert (row.draft.deadline, row.draft.deadline_text) == (dt.date(2026, 6, 30), "6月底")
    assert [target["value"] for target in row.draft.targets] == [62]


def test_errors_stand_at_their_cells(county):
    row = proposals(ledger(county, [1, "修路", "县航天局", "2026-02-31", ""]))[0]

    assert row.kind == WRONG
    assert {name: row.cells[name] for name in row.errors} == {"lead": "县航天局", "deadline": "2026-02-31"}
    assert row.unknown == ("县航天局",)


def test_a_row_without_an_item_and_a_sum_are_told_apart(county):
    found = proposals(ledger(county, [1, "", "交通局", "6月底", ""], ["合计", "2项", "", "", ""]))

    assert [row.kind for row in found] == [WRONG, PASSED_OVER]


def test_a_row_of_its_own_is_the_heading_of_those_below(county):
    found = proposals(ledger(county, ["一、交通"], [1, "修路", "交通局", "6月底", ""]))

    assert [(row.kind, row.draft and row.draft.heading) for row in found] == [(PASSED_OVER, None), (NEW, "一、交通")]


def test_cells_merged_downwards_hold_for_every_row(county):
    rows = [HEAD, [1, "修路", "交通局", "6月底", ""], [2, "架桥", None, None, ""]]

    made = upload(county, rows, change=lambda sheet: [sheet.merge_cells(span) for span in ("C2:C3", "D2:D3")])
    assert [(row.draft.lead, row.draft.deadline) for row in proposals(made)] == [
        ((county.transport,), dt.date(2026, 6, 30))
    ] * 2


def test_a_formula_that_was_never_calculated_is_told_at_its_cell(county):
    made = ledger(county, [1, "=A1&B1", "交通局", "6月底", ""])

    assert list(proposals(made)[0].errors) == ["title"]


def test_hidden_rows_are_passed_over_unless_asked_for(county):
    def hide(sheet):
        sheet.row_dimensions[2].hidden = True

    made = upload(county, [HEAD, [1, "修路", "交通局", "6月底", ""]], change=hide)
    assert proposals(made)[0].kind == PASSED_OVER
    made.with_hidden = True
    assert proposals(made)[0].kind == NEW


def test_the_same_row_twice_in_a_sheet_is_entered_once(county):
    row = [1, "修路", "交通局", "6月底", ""]
    made = ledger(county, row, [2, " 修 路 ", "交通局", "6月底", "别的进展"])

    assert [found.kind for found in proposals(made)] == [NEW, PASSED_OVER]


# Entering


def test_entering_makes_commitments_and_says_where_they_come_from(county):
    made = ledger(county, [1, "修路", "各乡镇", "6月底", ""])

    assert entering.enter(made, by=county.coordinator) == (1, 0)
    commitment = Commitment.objects.get()
    assert (commitment.title, commitment.origin, commitment.entered_by) == ("修路", "台账.xlsx", county.coordinator)
    assert {row.unit for row in commitment.assignments.all()} == {county.east, county.west}


def test_entering_again_doubles_nothing_even_from_another_file_in_another_order(county):
    entering.enter(ledger(county, [1, "修路", "交通局", "6月底", ""]), by=county.coordinator)
    again = ledger(county, ["交通局", "6月底", "修路"], head=["责任单位", "完成时限", "重点任务"])

    assert [row.kind for row in proposals(again)] == [THERE]
    assert entering.enter(again, by=county.coordinator) == (0, 0)
    assert Commitment.objects.count() == 1


def test_the_offices_own_number_is_the_key_where_there_is_one(county):
    head = ["编号", "重点任务", "责任单位"]
    entering.enter(ledger(county, ["督办2026-7号", "修路", "交通局"], head=head), by=county.coordinator)

    again = ledger(county, ["督办2026-7号", "修路并通车", "交通局"], ["督办2026-8号", "修路", "交通局"], head=head)
    assert [row.kind for row in proposals(again)] == [THERE, NEW]


def test_what_was_removed_from_the_ledger_can_be_brought_in_anew(county):
    made = ledger(county, [1, "修路", "交通局", "6月底", ""])
    entering.enter(made, by=county.coordinator)
    remove(Commitment.objects.get(), at=dt.datetime.now(dt.UTC))

    assert entering.enter(made, by=county.coordinator) == (1, 0)


def test_the_state_of_a_row_is_taken_over(county):
    head = ["重点任务", "责任单位", "立项日期", "完成时限", "当前进度", "最新进展", "存在问题", "责任人", "办结日期"]
    made = ledger(
        county,
        ["修路", "交通局", "2026-01-05", "2026-02-01", "", "", "", "李强", "2026-02-20"],
        ["架桥", "交通局", "2026-01-05", "2026-06-01", "40%", "桥墩完成", "缺资金", "", ""],
        head=head,
    )
    entering.enter(made, by=county.coordinator)

    closed, open_ = Assignment.objects.order_by("pk")
    assert (closed.state, closed.finished_on, closed.closed_on, closed.person) == (
        "done", dt.date(2026, 2, 20), dt.date(2026, 2, 20), "李强",
    )  # fmt: skip
    assert closed.commitment.number == "2026-0001"
    assert closed.commitment.entered_on == dt.date(2026, 1, 5)
    assert (open_.state, open_.progress, open_.updates.get().problems) == ("active", 40, "缺资金")


def test_a_closing_day_to_come_or_before_the_entry_is_an_error(county):
    head = ["重点任务", "责任单位", "立项日期", "办结日期"]
    found = proposals(
        ledger(
            county,
            ["修路", "交通局", "2026-01-05", "2026-12-20"],
            ["架桥", "交通局", "2026-01-05", "2025-12-20"],
            head=head,
        )
    )
    assert [list(row.errors) for row in found] == [["closed_on"], ["closed_on"]]


def test_unknown_units_are_created_only_when_the_office_chooses_so(county):
    made = ledger(county, [1, "修路", "县航天局、北坡镇", "6月底", ""])
    assert entering.enter(made, by=county.coordinator) == (0, 0)

    made.create_units = True
    made.save()
    assert entering.enter(made, by=county.coordinator) == (1, 0)
    created = Unit.objects.filter(name__in=["县航天局", "北坡镇"]).order_by("position")
    assert [(unit.kind, unit.parent) for unit in created] == [("department", county.root), ("township", county.root)]


def test_a_unit_outside_of_what_the_office_coordinates_is_an_error_at_its_cell(county):
    elsewhere = make.unit("邻县交通局")
    made = ledger(county, [1, "修路", elsewhere.name, "6月底", ""])

    assert list(proposals(made)[0].errors) == ["lead"]
    assert entering.enter(made, by=county.coordinator) == (0, 0)


def test_a_long_ledger_is_entered_in_portions(county):
    made = ledger(county, *[[n, f"第{n}项任务", "交通局", "6月底", ""] for n in range(5)])

    assert entering.enter(made, by=county.coordinator, portion=3) == (3, 2)
    assert entering.enter(made, by=county.coordinator, portion=3) == (2, 0)


def test_only_those_who_enter_items_bring_ledgers_in(county):
    made = ledger(county, [1, "修路", "交通局", "6月底", ""])

    with pytest.raises(PermissionDenied):
        entering.enter(made, by=county.leader)
    with pytest.raises(PermissionDenied):
        entering.upload(xlsx([HEAD]), name="x.xlsx", reckoned_from=TODAY, by=county.liaison)


# Files


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "空"),
        (OLE, "xlsx"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (b"PK\x03\x04 nothing", "损坏"),
        (zipped(**{"word/document.xml": b"<w/>"}), "Excel"),
        (zipped(**{"xl/workbook.xml": b"<workbook"}), "损坏"),
        (xlsx([[]]), "没有内容"),
        (b"\x00\x01\x02binary", "CSV"),
        (b"\xff\xfe\x00", "字符"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(data, says):
    with pytest.raises(ValidationError, match=says):
        reading.read(data, "x")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_is_read_in_every_encoding_that_offices_save(encoding):
    sheet = reading.read("重点任务,完成时限\n修路,6月底\n".encode(encoding), "台账.csv")[0]

    assert [row.cells for row in sheet.rows] == [("重点任务", "完成时限"), ("修路", "6月底")]


def test_two_hundred_thousand_rows_are_refused_before_they_are_read_whole():
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for number in range(reading.MOST_ROWS + 2):
        sheet.append([number, "修路"])
    out = io.BytesIO()
    book.save(out)

    with pytest.raises(ValidationError, match="5000"):
        reading.read(out.getvalue(), "x.xlsx")
    with pytest.raises(ValidationError, match="5000"):
        reading.read(b"1,2\n" * 200_000, "x.csv")


def test_a_stray_cell_in_the_last_row_of_a_sheet_costs_no_more_than_any_other(monkeypatch):
    looked_at = []
    monkeypatch.setattr(reading, "_text", lambda value, *_format: looked_at.append(value) or str(value or ""))
    data = xlsx([["重点任务"], ["修路"]], change=lambda sheet: sheet.cell(1_048_576, 1, "完"))

    [sheet] = reading.read(data, "x.xlsx")
    assert [row.number for row in sheet.rows] == [1, 2, 1_048_576]
    assert looked_at == ["重点任务", "修路", "完"]


def test_hidden_sheets_are_not_read():
    book = Workbook()
    book.active.append(["看得见"])
    book.create_sheet("藏起来").append(["看不见"])
    book["藏起来"].sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)

    assert [sheet.rows[0].cells for sheet in reading.read(out.getvalue(), "x")] == [("看得见",)]


# Pages


def test_a_ledger_comes_in_by_its_pages(client, county):
    client.force_login(county.coordinator)
    data = xlsx([HEAD, [1, "修路", "交通局", "6月底", ""], [2, "架桥", "县航天局", "6月底", ""]])
    sent = {"file": io.BytesIO(data), "reckoned_from": "2026-03-10"}
    sent["file"].name = "台账.xlsx"
    columns_page = client.post("/imports/", sent, follow=True)
    assert "重点任务" in columns_page.content.decode()

    made = LedgerImport.objects.get()
    rows_page = client.post(f"/imports/{made.pk}/", {"title": 1, "lead": 2, "deadline": 3}, follow=True)
    text = rows_page.content.decode()
    assert "县航天局" in text
    assert "cell-error" in text
    client.post(f"/imports/{made.pk}/enter/")
    assert [row.title for row in Commitment.objects.all()] == ["修路"]


def test_a_row_for_a_unit_out_of_reach_is_refused_with_a_sentence(client, county):
    of_town = make.user("dongtang", coordinator=county.east)
    made = entering.upload(xlsx([HEAD, [1, "修路", "交通局", "6月底", ""]]), name="x", reckoned_from=TODAY, by=of_town)
    entering.set_columns(made, made.columns)
    client.force_login(of_town)
    page = client.post(f"/imports/{made.pk}/enter/", follow=True)

    assert "县交通运输局不在您负责督查的范围内" in page.content.decode()
    assert not Commitment.objects.exists()


def test_new_units_of_an_import_lie_below_whoever_brings_it_in(county):
    of_town = make.user("dongtang", coordinator=county.east)
    made = entering.upload(xlsx([HEAD, [1, "修路", "东塘村", "6月底", ""]]), name="x", reckoned_from=TODAY, by=of_town)
    entering.set_columns(made, made.columns, create_units=True)
    entering.enter(made, by=of_town)

    assert Unit.objects.get(name="东塘村").parent == county.east


def test_what_is_wrong_with_an_upload_or_a_choice_is_told_on_the_page(client, county):
    client.force_login(county.coordinator)
    bad = io.BytesIO(OLE)
    bad.name = "旧.xls"
    assert client.post("/imports/", {"file": bad, "reckoned_from": "2026-03-10"}).status_code == 422
    assert client.post("/imports/", {"reckoned_from": "2026-02-31"}).status_code == 422
    made = ledger(county, [1, "修路", "交通局", "6月底", ""])
    for chosen in ({}, {"title": "99"}, {"title": 1, "lead": 1}, {"title": "x"}):
        assert client.post(f"/imports/{made.pk}/", chosen).status_code == 422
    assert client.get(f"/imports/{made.pk}/rows/", {"page": "99", "show": "nosuch"}).status_code == 200


def test_nobody_sees_the_imports_of_others_or_without_the_right(client, county):
    made = ledger(county, [1, "修路", "交通局", "6月底", ""])
    client.force_login(make.user("other", coordinator=county.root))
    assert client.get(f"/imports/{made.pk}/rows/").status_code == 404
    client.force_login(county.leader)
    assert client.get("/imports/").status_code == 403
    assert client.post(f"/imports/{made.pk}/enter/").status_code == 403
