"""The whole way through, as people walk it: a speech goes in, its overdue item shows, and leaves when it is done."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import make
from tracker.models import Assignment, Commitment

# Facts of a real speech in words of our own; the real file stands in the test below.
SPEECH = """在全县交通工作会议上的讲话
（2026年1月8日）
同志们：
去年我们修通了六条村道，成绩不小。
县交通局要抓紧施工，确保云台山旅游公路5月1日前全面竣工。
希望大家振奋精神。
"""


def store(page: Page) -> None:
    page.get_by_role("button", name="读取并核对").click()
    page.locator("#store").click()
    page.wait_for_url(re.compile(r"/speeches/(\d+/(review/)?)?$"))


def overdue(page: Page, day: str) -> Page:
    page.goto(f"/overdue/?as_of={day}")
    return page


@pytest.mark.django_db(transaction=True)
def test_a_commitment_is_followed_from_the_speech_to_its_end(county, sign_in: Callable[..., Page]):
    office = sign_in(county.coordinator, "/speeches/upload/")
    office.get_by_label("或粘贴正文").fill(SPEECH)
    office.get_by_role("button", name="读取并核对").click()
    expect(office.get_by_label(re.compile("讲话日期"))).to_have_value("2026-01-08")
    office.locator("#store").click()
    office.wait_for_url(re.compile(r"/speeches/\d+/"))
    if "/review/" not in office.url:
        office.get_by_role("link", name="审核").first.click()
    card = office.locator("[data-card]", has_text="全面竣工")
    expect(card).to_contain_text("2026年4月30日")
    card.get_by_role("button", name="确认").click()
    expect(card).to_contain_text("已确认")

    commitment = Commitment.objects.get()
    office.goto("/commitments/")
    office.get_by_role("link", name=re.compile("云台山旅游公路")).first.click()
    expect(office.locator("main")).to_contain_text("县交通运输局")
    expect(overdue(office, "2026-04-30").locator("main")).not_to_contain_text("云台山旅游公路")
    expect(overdue(office, "2026-05-01").locator("main")).to_contain_text("云台山旅游公路")
    office.goto("/departments/")
    expect(office.locator("main")).to_contain_text("交通")

    liaison = sign_in(county.liaison, f"/commitments/{commitment.number}/")
    liaison.get_by_role("link", name="签收").click()
    liaison.locator("main form button.btn-primary").click()
    liaison.get_by_role("link", name=re.compile("反馈|进展")).first.click()
    liaison.locator("textarea[name=text]").fill("路面已全部铺筑完成，标线、护栏安装到位。")
    liaison.locator("input[name=percent]").fill("100")
    liaison.locator("main form button.btn-primary").click()
    liaison.wait_for_url(re.compile(r"/commitments/"))
    liaison.get_by_role("link", name="申请办结").click()
    liaison.locator("main form button.btn-primary").click()
    liaison.wait_for_url(re.compile(r"/commitments/"))

    office.goto(f"/commitments/{commitment.number}/")
    office.get_by_role("link", name="办结销号").first.click()
    office.locator("main form button.btn-primary").click()
    office.wait_for_url(re.compile(r"/commitments/"))
    assert Assignment.objects.get().state == Assignment.State.DONE
    expect(overdue(office, "2099-01-01").locator("main")).not_to_contain_text("云台山旅游公路")


@pytest.mark.django_db(transaction=True)
def test_the_real_sentence_is_overdue_on_the_first_of_may(county, shared, sign_in: Callable[..., Page]):
    from django.core.management import call_command

    make.unit("县文化旅游局", county.root, aliases=["旅游局"])
    call_command("ingest", str(shared / "corpus" / "seed-000.txt"), "--delivered-on", "2010-01-08", "--confirm", "all")
    commitment = Commitment.objects.get(title__contains="鸡心岭景区人行步道建设")
    assert commitment.deadline.isoformat() == "2010-04-30"

    office = sign_in(county.coordinator)
    expect(overdue(office, "2010-04-30").locator("main")).not_to_contain_text("鸡心岭景区")
    expect(overdue(office, "2010-05-01").locator("main")).to_contain_text("鸡心岭景区")
