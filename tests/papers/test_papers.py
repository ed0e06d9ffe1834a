"""The papers that an office hands in: what stands on them, and how they are made up."""

import datetime as dt
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from docx import Document
from openpyxl import load_workbook

from tests import make
from tracker import export, progress, workflow
from tracker.intake import Draft, enter
from tracker.models import Assignment, PaperTemplate, SupervisionNotice
from tracker.reports import breakdown, ledger, notices, sheets, templates
from tracker.reports.office import in_lines

TODAY = dt.date(2026, 6, 1)
SPEECH = "一、交通\n县交通局要在6月30日前改造农村公路62公里。\n二、教育\n县教育局要在9月1日前建成学校2所。\n"


@pytest.fixture(autouse=True)
def _on_the_first_of_june(time_machine):
    time_machine.move_to(dt.datetime(2026, 6, 1, 9, tzinfo=dt.timezone(dt.timedelta(hours=8))))


@pytest.fixture
def office(county):
    return make.unit("县政府督查室", county.root, kind="office")


@pytest.fixture
def speech(county):
    """Two items under two headings; the second is led by a group and supported by the bureau of transport."""
    speech = make.speech(SPEECH, dt.date(2026, 3, 10))
    target = {"text": "62公里", "op": ">=", "value": 62, "unit": "公里"}
    common = {"speech": speech, "quote": "…", "begins_on": dt.date(2026, 3, 10)}
    enter(
        Draft("改造农村公路", heading="一、交通", start=5, end=9, targets=(target,), lead=(county.transport,),
              deadline=dt.date(2026, 6, 30), **common),
        by=None,
    )  # fmt: skip
    enter(
        Draft("=建成学校", heading="二、教育", start=30, end=39, lead=(county.towns,), support=(county.transport,),
              deadline_text="长期", **common),
        by=None,
    )  # fmt: skip
    return speech


def filled(speech):
    return breakdown.context(speech, speech.commitments.all(), issued_by="县政府督查室")


def test_the_breakdown_groups_the_tasks_under_the_headings_of_the_speech(speech, words):
    text = words(templates.make(breakdown.PAPER, filled(speech)))

    order = [text.index(part) for part in ("一、交通", "改造农村公路", "二、教育", "=建成学校")]
    assert order == sorted(order)
    assert "62公里" in text
    assert not [line for line in text if "{" in line]


def test_a_group_stands_in_the_breakdown_as_it_was_charged(speech):
    tasks = [task for group in filled(speech)["groups"] for task in group["tasks"]]

    assert [(task["lead"], task["support"], task["deadline"]) for task in tasks] == [
        ("县交通运输局", "", "2026年6月30日"),
        ("各乡镇", "县交通运输局", "长期"),
    ]


def test_the_breakdown_as_a_workbook_holds_the_same_and_calculates_nothing(speech):
    sheet = load_workbook(BytesIO(breakdown.xlsx(filled(speech)))).active

    assert [cell.value for cell in sheet[3]] == list(breakdown.COLUMNS)
    assert [sheet.cell(row, 2).value for row in (5, 7)] == ["改造农村公路", "=建成学校"]
    assert sheet["B7"].data_type == "s"


def test_a_paper_has_the_sheet_and_the_fonts_of_the_standard(speech, office, county):
    assignment = make.assignment(county.transport, deadline=dt.date(2026, 5, 1))
    made = notices.issue([assignment], by=county.coordinator, day=TODAY, answer_by=TODAY)
    document = Document(BytesIO(templates.make(notices.PAPER, notices.context(made))))

    section = document.sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins] == [37, 35, 28, 26]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    fonts = {node.get(f"{{{node.nsmap['w']}}}eastAsia") for node in document.element.body.iter("{*}rFonts")}
    assert {"方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"} <= fonts
    footer = [node.text for node in section.footer._element.iter("{*}t", "{*}instrText")]
    assert footer == ["— ", " PAGE ", " —"]


def test_the_ledger_has_the_customary_columns_real_dates_and_filters(speech, county):
    row = Assignment.objects.get(unit=county.transport, role="lead")
    workflow.receive(row, by=None, at=dt.datetime(2026, 3, 12, tzinfo=dt.UTC), person="李强")
    progress.report(row, by=None, text="+已完成40公里", percent=64, problems="雨季")

    sheet = load_workbook(
        BytesIO(ledger.xlsx(ledger.rows(Assignment.objects.all(), TODAY), TODAY, issued_by="督查室"))
    ).active

    assert [cell.value for cell in sheet[3]] == list(ledger.COLUMNS)
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B4", "A3:N6")
    cells = {cell.value: sheet.cell(4, cell.column) for cell in sheet[3]}
    assert cells["完成时限"].value.date() == dt.date(2026, 6, 30)
    assert (cells["当前进度"].value, cells["当前进度"].number_format) == (0.64, "0%")
    assert (cells["最新进展"].value, cells["最新进展"].data_type) == ("+已完成40公里", "s")
    assert (cells["亮灯"].value, cells["亮灯"].fill.fgColor.rgb[-6:]) == ("黄灯", "F2B705")
    assert cells["责任人"].value == "李强"


def test_every_row_of_a_workbook_is_high_enough_for_its_text():
    book = sheets.Book("台账", widths=(8, 20))
    book.row(["一", "短"])
    book.row(["二", "县交通运输局要在六月底前改造农村公路，路面宽度不低于五米五，并设置安全护栏"])
    book.row(["三", "字" * 5000])
    heights = [book.sheet.row_dimensions[row].height for row in (1, 2, 3)]

    assert heights[0] < 25
    assert heights[1] >= 4 * 15  # nine Han characters a line
    assert heights[2] == 409  # no program takes a higher one


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于重点事项办理情况的通报", ["关于重点事项办理情况的通报"]),
        ("关于2026年10月重点事项办理情况的督查通报", ["关于2026年10月重点事项", "办理情况的督查通报"]),
        ("第一行\n由办公室自己断开的很长很长很长很长的题目", ["第一行", "由办公室自己断开的很长很长很长很长的题目"]),
    ],
)
def test_a_long_title_is_broken_between_words_into_even_lines(title, lines):
    assert in_lines(title).split("\n") == lines


def test_a_heading_of_the_breakdown_stays_with_its_first_task(speech):
    table = Document(BytesIO(templates.make(breakdown.PAPER, filled(speech)))).tables[0]
    headings = [row.cells[0].paragraphs[0] for row in table.rows if row.cells[0].text.startswith(("一、", "二、"))]

    assert len(headings) == 2
    assert all(heading.paragraph_format.keep_with_next for heading in headings)


def test_the_ledger_looks_back_to_the_day_asked_for(county):
    make.assignment(county.transport, deadline=dt.date(2026, 5, 1))
    rows = ledger.rows(Assignment.objects.all(), dt.date(2026, 4, 25))

    assert [row["light"] for row in rows] == ["yellow"]


def test_a_ledger_too_long_for_a_workbook_says_so(county, monkeypatch):
    make.assignment(county.transport)
    monkeypatch.setattr(ledger, "MOST_ROWS", 0)

    with pytest.raises(ValidationError, match="CSV"):
        ledger.rows(Assignment.objects.all(), TODAY)


def test_the_ledger_costs_the_same_queries_for_any_number_of_rows(county, django_assert_num_queries):
    for number in range(5):
        make.assignment(county.transport, title=f"第{number}项")

    with django_assert_num_queries(3):
        ledger.rows(Assignment.objects.all(), TODAY)


@pytest.mark.parametrize(
    ("deadline", "colour", "says"),
    [
        (dt.date(2026, 5, 29), "red", "已逾期3天"),
        (dt.date(2026, 6, 30), "yellow", "未达序时进度"),
    ],
)
def test_a_notice_takes_the_colour_of_the_light_and_says_how_it_stands(county, office, words, deadline, colour, says):
    assignment = make.assignment(county.transport, deadline=deadline)

    notice = notices.issue([assignment], by=county.coordinator, day=TODAY, answer_by=dt.date(2026, 6, 4))[0]
    text = "\n".join(words(templates.make(notices.PAPER, notices.context([notice]))))
    assert (notice.colour, notice.serial) == (colour, 1)
    for part in ("督办〔2026〕1号", "县交通运输局：", says, "2026年6月4日", "县政府督查室（印章）"):
        assert part in text


def test_what_is_due_in_three_days_and_on_pace_gets_a_blue_notice(county, office):
    assignment = make.assignment(county.transport, deadline=dt.date(2026, 6, 4))
    workflow.receive(assignment, by=None)
    progress.report(assignment, by=None, text="只剩标线", percent=95)

    assert notices.issue([assignment], by=county.coordinator, day=TODAY, answer_by=TODAY)[0].colour == "blue"


def test_a_notice_issued_twice_on_a_day_is_one_paper(county, office):
    assignment = make.assignment(county.transport, deadline=dt.date(2026, 5, 1))
    first = notices.issue([assignment], by=county.coordinator, day=TODAY, answer_by=TODAY)

    assert notices.issue([assignment], by=county.coordinator, day=TODAY, answer_by=TODAY) == first
    assert SupervisionNotice.objects.count() == 1


def test_a_notice_stays_as_it_was_issued(county, office, words):
    assignment = make.assignment(county.transport, deadline=dt.date(2026, 5, 1), title="改造公路")
    notice = notices.issue([assignment], by=county.coordinator, day=TODAY, answer_by=TODAY)[0]
    assignment.commitment.title = "另一件事"
    assignment.commitment.save()
    notice.refresh_from_db()

    assert "改造公路" in words(templates.make(notices.PAPER, notices.context([notice])))


def test_a_notice_needs_a_light_a_coordinator_and_a_day_to_answer_in_time(county, office):
    late = make.assignment(county.transport, deadline=dt.date(2026, 5, 1))
    fine = make.assignment(county.education, deadline=dt.date(2027, 5, 1), title="建学校", begins_on=TODAY)

    with pytest.raises(ValidationError, match="督办单"):
        notices.issue([fine], by=county.coordinator, day=TODAY, answer_by=TODAY)
    with pytest.raises(PermissionDenied):
        notices.issue([late], by=county.leader, day=TODAY, answer_by=TODAY)
    with pytest.raises(ValidationError):
        notices.issue([late], by=county.coordinator, day=TODAY, answer_by=dt.date(2026, 5, 31))


def test_the_customary_day_to_answer_skips_the_weekend():
    assert notices.answer_day(dt.date(2026, 6, 5)) == dt.date(2026, 6, 10)


# The office's own templates


def own_template(text: str) -> bytes:
    document = Document()
    document.add_paragraph(text)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def test_an_own_template_takes_the_place_of_the_built_in_one(county, speech, words):
    data = own_template("共{{ count }}项：{% for group in groups %}{{ group.heading }};{% endfor %}")
    templates.replace(breakdown.PAPER, name="本室.docx", data=data, by=county.administrator)

    assert words(templates.make(breakdown.PAPER, filled(speech))) == ["共2项：一、交通;二、教育;"]
    templates.restore(breakdown.PAPER, by=county.administrator)
    assert len(words(templates.make(breakdown.PAPER, filled(speech)))) > 10


def test_an_administrator_replaces_a_template_on_its_page_and_sees_no_other_paper(client, county):
    client.force_login(county.administrator)
    page = client.get("/reports/templates/breakdown/").content.decode()
    assert 'type="file"' in page
    assert "/reports/notices/" not in page

    own = SimpleUploadedFile("本室.docx", own_template("共{{ count }}项"))
    assert client.post("/reports/templates/breakdown/", {"file": own}).status_code == 302
    assert PaperTemplate.objects.get().name == "本室.docx"
    assert client.get("/reports/").status_code == 403


@pytest.mark.parametrize(
    "text",
    [
        "{{ nosuch }}",
        "{{ title.__class__.__mro__ }}",
        "{% for group in groups %}",
        "{{ 'x' * 1000000000 }}",
        "{{ range(10) }}",
        "{{ title|pprint }}",
        "{% include 'other' %}",
        "{{ title.ljust(1000000000) }}",
        "{% set longer = [title, title]|join %}{{ longer }}",
        "{% set longer %}{{ title }}{{ title }}{% endset %}{{ longer }}",
        "{% with longer = [title, title]|join %}{{ longer }}{% endwith %}",
        "{{ title ~ title }}",
        "{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}",
    ],
)
def test_a_template_that_cannot_be_filled_or_reaches_too_far_is_refused_with_a_reason(county, text):
    with pytest.raises(ValidationError):
        templates.replace(breakdown.PAPER, name="x.docx", data=own_template(text), by=county.administrator)
    assert not PaperTemplate.objects.exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{{ nosuch }}", "“nosuch”不在"),
        ("{{ speech.nosuch }}", "“nosuch”不在"),
        ("{% for group in groups %}", "没有结束"),
        ("{{ title", "没有写完整"),
        ("{{ title.__class__ }}", "超出了模板"),
        ("{{ title|pprint }}", "pprint"),
        ("{% lipsum %}", "lipsum"),
    ],
)
def test_the_reason_is_told_in_words_of_the_office_and_not_of_a_programmer(text, says):
    with translation.override("zh-hans"), pytest.raises(ValidationError) as refused:
        templates.rendering.check(own_template(text), breakdown.PAPER)
    assert says in refused.value.messages[0]
    assert "Jinja" not in refused.value.messages[0]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", "不是文档".encode(), own_template("x")[:500]])
def test_a_file_that_is_no_docx_is_refused(county, data):
    with pytest.raises(ValidationError):
        templates.replace(breakdown.PAPER, name="x.docx", data=data, by=county.administrator)


def test_only_administrators_and_coordinators_change_templates(county):
    with pytest.raises(PermissionDenied):
        templates.replace(breakdown.PAPER, name="x.docx", data=own_template("x"), by=county.observer)


@pytest.mark.parametrize("paper", templates.PAPERS.values(), ids=templates.PAPERS)
def test_the_built_in_template_passes_its_own_trial(paper):
    templates.rendering.check(templates.rendering.built_in(paper), paper)


# As pages


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_the_papers_come_out_of_their_pages_with_their_names(client, county, office, speech):
    client.force_login(county.leader)
    answer = client.get("/reports/breakdown/", {"speech": speech.pk, "format": "docx"})

    assert answer["Content-Type"] == export.DOCX_TYPE
    assert "%E4%BB%BB%E5%8A%A1%E5%88%86%E8%A7%A3%E8%A1%A8.docx" in answer["Content-Disposition"]
    assert Document(BytesIO(body(answer))).tables
    sheet = load_workbook(BytesIO(body(client.get("/reports/ledger/", {"unit": county.transport.pk})))).active
    assert [sheet.cell(row, 6).value for row in range(4, sheet.max_row + 1)] == ["县交通运输局"]


@pytest.mark.parametrize(
    "address",
    [
        "/reports/breakdown/?speech=999&format=docx",
        "/reports/breakdown/?speech=x&format=exe",
        "/reports/ledger/?as_of=2026-02-31",
        "/reports/ledger/?unit=x&year=99999999999999999999",
    ],
)
def test_a_hand_made_address_is_answered_with_the_page_and_what_is_wrong(client, county, address):
    client.force_login(county.coordinator)
    answer = client.get(address)

    assert answer.status_code == 422
    assert "invalid-feedback" in answer.content.decode()


def test_liaisons_have_no_papers_and_others_no_unseen_ones(client, county):
    client.force_login(county.liaison)
    assert client.get("/reports/").status_code == 403
    client.force_login(county.observer)
    assert client.get("/reports/notices/1/").status_code == 404
    assert client.get("/reports/templates/nosuch/").status_code == 404


def test_notices_are_issued_from_their_page_in_one_file(client, county, office, words):
    rows = [make.assignment(unit, deadline=dt.date(2026, 5, 1)) for unit in (county.transport, county.education)]
    client.force_login(county.coordinator)
    answer = client.post(
        "/reports/notices/", {"assignments": [row.pk for row in rows], "answer_by": "2026-06-04", "request": "限期整改"}
    )

    text = words(body(answer))
    assert ["县交通运输局：" in text, "县教育局：" in text] == [True, True]
    assert text.count("限期整改") == 2


def test_issuing_nothing_or_what_is_not_there_is_told_on_the_page(client, county, office):
    client.force_login(county.coordinator)
    for chosen in ([], [999], ["x"]):
        answer = client.post("/reports/notices/", {"assignments": chosen, "answer_by": "2026-06-04"})
        assert answer.status_code == 422
        assert "alert-danger" in answer.content.decode()


@pytest.mark.parametrize("kind", ["breakdown", "notice"])
def test_an_office_program_prints_the_paper(kind, county, office, speech, printed):
    if kind == "breakdown":
        data = templates.make(breakdown.PAPER, filled(speech))
    else:
        rows = [make.assignment(unit, deadline=dt.date(2026, 5, 1)) for unit in (county.transport, county.education)]
        made = notices.issue(rows, by=county.coordinator, day=TODAY, answer_by=TODAY)
        data = templates.make(notices.PAPER, notices.context(made))

    assert printed(data, "docx") == {"breakdown": 1, "notice": 2}[kind]
