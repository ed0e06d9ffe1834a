"""In real Chromium: a file with three speeches goes in, is looked over, stored and reviewed; also by keys alone."""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from speeches.models import Speech
from tests import make
from tracker.models import Assignment, Commitment, Review
from tracker.views import review as views

TEXT = """在全县交通工作会议上的讲话
（2026年3月10日）
同志们：
一、抓好公路建设
县交通局要确保云台山旅游公路5月1日前全面竣工。
县教育局6月底前完成校舍改造。
各乡镇9月底前完成沟渠清淤20公里。
县林业部门要在植树节前栽下第一批树苗。
大家要高度重视，抓好落实。
"""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def speech(county) -> Speech:
    made = make.speech(TEXT)
    assert made.findings.count() >= 3
    return made


def chosen(page: Page):
    return page.locator("li.card-finding.chosen")


def test_a_file_of_three_speeches_is_uploaded_cut_reviewed_and_confirmed(county, sign_in, shared):
    page = sign_in(county.coordinator, "/speeches/upload/")
    page.set_input_files("[name=files]", shared / "corpus" / "seed-000.txt")
    page.get_by_role("button", name="读取并核对").click()

    # Three speeches; the first two are merged by mistake and cut again where the second begins.
    parts = page.locator(".part")
    expect(parts).to_have_count(3)
    page.get_by_role("button", name="上下两篇合并为一篇").first.click()
    expect(parts).to_have_count(2)
    parts.first.locator("summary").click()
    second = parts.first.locator(".paragraph", has_text="全镇环保综合整治工作").locator(
        "xpath=preceding-sibling::div[1]"
    )
    second.get_by_role("button").click()
    expect(parts).to_have_count(3)

    for number, day in enumerate(["2010-01-08", "2013-08-15", "2016-05-09"]):
        page.fill(f"#id_part-{number}-delivered_on", day)
    page.fill("#id_part-1-title", "在全镇环保综合整治工作会议上的讲话")
    page.get_by_role("button", name="入库并审核").click()

    # The desk of the first speech: the sentence, its last day, and one click.
    card = page.locator("li.card-finding", has_text="确保5月1日前全面竣工")
    expect(card).to_contain_text("2010年4月30日 周五")
    card.locator("[data-key=c]").click()
    expect(card).to_contain_text("已确认")
    item = Commitment.objects.get(quote__contains="确保5月1日前全面竣工")
    assert item.deadline == dt.date(2010, 4, 30)
    assert list(Speech.objects.order_by("number").values_list("delivered_on", flat=True)) == [
        dt.date(2010, 1, 8),
        dt.date(2013, 8, 15),
        dt.date(2016, 5, 9),
    ]
    page.goto("/overdue/?as_of=2010-05-01")
    expect(page.locator("table")).to_contain_text("人行步道")


def test_the_review_is_done_by_keys_alone(county, sign_in, speech):
    page = sign_in(county.coordinator, f"/speeches/{speech.pk}/review/")
    first = speech.findings.order_by("number").first()
    expect(chosen(page)).to_have_id(f"f{first.pk}")

    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.keyboard.press("Escape")

    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("c")
    expect(page.locator(f"#f{first.pk}")).to_have_attribute("data-state", "confirmed")
    expect(page.locator(f"mark[data-keys~=f{first.pk}]").first).to_have_attribute("data-state", "confirmed")

    # The next one is chosen by itself; it is dismissed, and that is taken back.
    second = chosen(page).get_attribute("id")
    assert second != f"f{first.pk}"
    page.keyboard.press("d")
    expect(page.locator(f"#{second}")).to_have_attribute("data-state", "dismissed")
    page.keyboard.press("u")
    expect(page.locator(f"#{second}")).to_have_attribute("data-state", "open")

    # Editing: the day is reckoned and a unit completed while typing.
    expect(chosen(page)).to_have_id(second)
    page.keyboard.press("e")
    expect(page.locator("#editor [name=title]")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("9月底前")
    expect(page.locator("#read-deadline_text")).to_contain_text("2026年9月30日 周三")
    expect(page.locator("#editor [name=deadline]")).to_have_value("2026-09-30")
    page.locator("#editor [name=lead]").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("各乡镇、县教")
    expect(page.locator("#read-lead")).to_contain_text("东塘镇、西岭乡")
    expect(page.locator("[data-complete=县教育局]")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("#editor [name=lead]")).to_have_value("各乡镇、县教育局")
    page.keyboard.press("Control+Enter")
    expect(page.locator(f"#{second}")).to_have_attribute("data-state", "edited")

    edited = Commitment.objects.get(reviews__finding=int(second[1:]))
    assert edited.deadline == dt.date(2026, 9, 30)
    charged = Assignment.objects.filter(commitment=edited).values_list("unit__name", flat=True)
    assert set(charged) == {"东塘镇", "西岭乡", "县教育局"}


def test_two_findings_are_merged_by_keys(county, sign_in, speech):
    page = sign_in(county.coordinator, f"/speeches/{speech.pk}/review/")
    first, second = (f"f{pk}" for pk in speech.findings.order_by("number").values_list("pk", flat=True)[:2])
    expect(chosen(page)).to_have_id(first)
    page.keyboard.press("m")
    expect(page.locator("#editor")).to_contain_text("与下一条合并")
    page.keyboard.press("Control+Enter")
    expect(page.locator(f"#{first}")).to_have_attribute("data-state", "merged")
    expect(page.locator(f"#{second}")).to_have_attribute("data-state", "merged")
    assert Commitment.objects.count() == 1


def test_a_finding_is_split_by_keys(county, sign_in):
    speech = make.speech("同志们：\n县水务局、县林业局10月底前完成河道清淤20公里。\n")
    page = sign_in(county.coordinator, f"/speeches/{speech.pk}/review/")
    expect(chosen(page)).to_be_visible()
    page.keyboard.press("s")
    expect(page.locator("[name=cut]")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("#editor h4")).to_have_count(2)
    # The place keeps the focus, to be taken back or for going on to the next.
    expect(page.locator("[name=cut]")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator("li[data-state=split]")).to_be_visible()
    assert Commitment.objects.filter(deadline=dt.date(2026, 10, 31)).count() == 2


def test_a_missed_sentence_is_chosen_and_added_by_keys(county, sign_in, speech):
    page = sign_in(county.coordinator, f"/speeches/{speech.pk}/review/")
    expect(chosen(page)).to_be_visible()
    for _card in range(speech.findings.count()):
        page.keyboard.press("j")
    page.keyboard.press("a")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("getSelection().toString()") == "大家要高度重视，抓好落实"
    for _character in "，抓好落实":
        page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("a")
    expect(page.locator("#editor [name=title]")).to_have_value("大家要高度重视")
    page.keyboard.press("Control+Enter")
    expect(page.locator("mark[data-state=added]")).to_have_text("大家要高度重视")


def test_words_that_were_missed_are_selected_and_added(county, sign_in, speech):
    page = sign_in(county.coordinator, f"/speeches/{speech.pk}/review/")
    page.locator("#text p", has_text="抓好落实").evaluate(
        """paragraph => {
            const node = paragraph.firstChild, at = node.data.indexOf("抓好落实"), range = document.createRange();
            range.setStart(node, at); range.setEnd(node, at + 4);
            getSelection().removeAllRanges(); getSelection().addRange(range);
        }"""
    )
    page.get_by_role("button", name="补充为督办事项").click()
    expect(page.locator("#editor [name=title]")).to_have_value("抓好落实")
    page.get_by_role("button", name="保存并确认").click()

    added = page.locator("li.card-finding[data-state=added]")
    expect(added).to_contain_text("抓好落实")
    expect(page.locator("mark[data-state=added]")).to_have_text("抓好落实")
    item = Commitment.objects.get()
    assert speech.text[item.start : item.end] == "抓好落实"


def test_an_unknown_name_is_made_a_unit_without_leaving_the_editor(county, sign_in, speech):
    page = sign_in(county.coordinator, f"/speeches/{speech.pk}/review/")
    expect(chosen(page)).to_be_visible()
    page.keyboard.press("e")
    page.fill("#editor [name=lead]", "县畜牧中心")
    page.get_by_role("button", name="录为新单位").click()
    expect(page.locator("#read-lead")).not_to_contain_text("不在单位库中")
    page.keyboard.press("Control+Enter")
    expect(page.locator("li[data-state=edited]")).to_be_visible()

    assert Assignment.objects.filter(unit__name="县畜牧中心").exists()


def test_two_reviewers_see_each_other_and_cannot_overwrite(county, sign_in, speech):
    other = make.user("duchayuan2", "督查员庚", coordinator=county.root)
    mine = sign_in(county.coordinator, f"/speeches/{speech.pk}/review/")
    theirs = sign_in(other, f"/speeches/{speech.pk}/review/")
    card = f"#f{speech.findings.order_by('number').first().pk}"
    expect(chosen(mine)).to_be_visible()
    mine.keyboard.press("e")
    mine.fill("#editor [name=title]", "我正在改")

    theirs.locator(f"{card} [data-key=d]").click()
    expect(theirs.locator(card)).to_have_attribute("data-state", "dismissed")
    # What I am typing stays under my hands; saving it is refused, and says who was first.
    mine.wait_for_timeout(5000)
    expect(mine.locator("#editor [name=title]")).to_have_value("我正在改")
    mine.keyboard.press("Control+Enter")
    expect(mine.locator("#notice")).to_contain_text("督查员庚")
    assert not Commitment.objects.exists()

    # A finding that I am not editing changes on my page by itself.
    last = f"#f{speech.findings.order_by('number').last().pk}"
    theirs.locator(f"{last} [data-key=c]").click()
    expect(mine.locator(last)).to_have_attribute("data-state", "confirmed")
    expect(mine.locator(last)).to_contain_text("督查员庚")


def test_bulk_confirm_and_filters_work_without_leaving_the_page(county, sign_in, speech, monkeypatch):
    monkeypatch.setattr(views, "MOST_AT_ONCE", 2)  # so that it takes several requests
    asked = []
    page = sign_in(county.coordinator, f"/speeches/{speech.pk}/review/")
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    page.evaluate("window.stayed = true")
    page.fill("#above", "0")
    page.locator(".desk-bulk button").click()
    expect(page.locator("li[data-state=open]")).to_have_count(0)
    expect(page.locator("#notice")).to_contain_text(f"已确认 {speech.findings.count()} 条")
    assert len(asked) == 1
    page.select_option("#show-state", "open")
    expect(page.locator("#none-here")).to_be_visible()
    page.select_option("#show-state", "confirmed")
    expect(page.locator("li.card-finding:visible")).to_have_count(speech.findings.count())

    assert page.evaluate("window.stayed")
    assert Review.objects.count() == speech.findings.count()


def test_on_a_phone_text_and_findings_take_turns(county, sign_in, speech):
    page = sign_in(county.coordinator, f"/speeches/{speech.pk}/review/")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator("#cards")).to_be_visible()
    expect(page.locator("#text")).to_be_hidden()
    page.get_by_role("button", name="讲话正文").click()
    expect(page.locator("#text")).to_be_visible()
    page.locator("mark").first.click()
    expect(page.locator("#cards")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
