"""Every page for everybody: no serious violation by axe, no request beyond the host, no mouse needed, none too wide."""

import datetime as dt
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from speeches import preview
from speeches import upload as stored
from speeches.readers import ReadError
from tests import make
from tests.test_every_address import addresses
from tracker import ledger, progress, workflow
from tracker.imports import entering
from tracker.models import Assignment, Delegation, Membership, SavedView
from tracker.reminders import remind_now
from tracker.reports import bulletins, notices

pytestmark = pytest.mark.django_db(transaction=True)

SHEET = "序号,重点任务,责任单位,完成时限\n1,完成县道改造,交通局,6月底\n2,架设新桥,县航天局,6月35日\n"
NONE = ()
# What answers with a file, a fragment of a page, a redirection, or only to a form.
NO_PAGES = {
    "review_add", "review_edit", "review_merge", "review_split",
    "set_language", "logout", "home_lights", "commitments_columns", "commitments_bulk", "commitments_view_save",
    "commitments_view_delete", "review_changes", "review_decide", "review_confirm_above", "review_undo",
    "review_read", "review_unit", "upload_cutting", "upload_paragraphs", "upload_discard", "failed_original",
    "failed_retry", "failed_delete", "speech_original", "overdue_remind", "calendar_feed_renew",
    "calendar_feed_revoke", "calendar_feed", "evidence", "inbox_open", "inbox_read", "inbox_test", "token_revoke",
    "history_file", "restore", "delegation_end", "user_role", "user_role_end", "user_password",
    "report_breakdown", "report_ledger", "report_pledge", "bulletin_draft", "bulletin_file", "notice",
    "ledger_import_enter", "paper_template_file", "paper_template_restore",
}  # fmt: skip


@pytest.fixture
def everything(county):
    """One of everything that a page can show, and somebody who holds every role and so sees every page."""
    everybody = make.user("quanneng", "全能", coordinator=county.root, leader=county.root, liaison=county.root)
    Membership.objects.create(user=everybody, unit=county.root, role=Membership.Role.ADMINISTRATOR)
    make.unit("县政府督查室", county.root, kind="office")
    speech = make.speech("一、交通\n县交通局要在6月底前完成县道改造87公里。县教育局要在9月1日前建成学校2所。")
    item = make.commitment(
        "修通云台山旅游公路", lead=county.transport, deadline=dt.date(2026, 6, 30), speech=speech,
        targets=({"value": 20, "unit": "公里"},), start=5, end=26, quote=speech.text[5:26],
    )  # fmt: skip
    make.commitment("完成县道改造", lead=county.towns, deadline=dt.date(2026, 6, 30))
    make.commitment("尚无单位承办的事项", deadline=timezone.localdate() + dt.timedelta(days=5))
    row = item.assignments.get()
    workflow.receive(row, by=county.liaison)
    progress.report(row, by=county.liaison, text="路基完成一半", percent=40)
    remind_now([row], by=county.coordinator)
    gone = make.commitment("误立的事项", lead=county.transport)
    ledger.remove(gone, by=county.coordinator, reason="重复立项", version=gone.version)
    today = timezone.localdate()
    Delegation.objects.create(absent=everybody, substitute=county.leader, starts_on=today, ends_on=today)
    brought_in = entering.upload(SHEET.encode(), name="台账.csv", reckoned_from=today, by=everybody)
    entering.set_columns(brought_in, brought_in.columns)
    stored.record_failure(b"?", name="坏.doc", error=ReadError("damaged"))
    return SimpleNamespace(
        county=county, everybody=everybody, speech=speech, item=item, row=row,
        upload=preview.receive_text("在教育工作会议上的讲话\n县教育局要在年底前建成学校3所。", by=everybody),
        view=SavedView.objects.create(owner=everybody, name="逾期事项", query="light=red"),
        bulletin=bulletins.issue(
            by=everybody, title="情况通报", start=dt.date(2026, 4, 1), end=dt.date(2026, 6, 30), comment="抓紧办理。"
        ),
        notice=notices.issue([row], by=everybody, day=today, answer_by=today + dt.timedelta(days=3))[0],
        brought_in=brought_in,
    )  # fmt: skip


def pages(of: SimpleNamespace) -> dict[str, str]:
    """The address of every page of the site, by name."""
    number, speech, unit = (of.item.number,), (of.speech.pk,), (of.county.transport.pk,)
    kept = {
        **dict.fromkeys(("commitment", "commitment_edit", "history", "assign", "instruct", "remove"), number),
        **dict.fromkeys(("speech", "speech_edit", "review"), speech),
        **dict.fromkeys(("department", "unit", "score"), unit),
        **dict.fromkeys(("ledger_import", "ledger_import_rows"), (of.brought_in.pk,)),
        "user": (of.county.liaison.pk,), "commitments_view": (of.view.pk,), "upload_preview": (of.upload.pk,),
        "bulletin": (of.bulletin.pk,), "paper_template": ("notice",), "step": (of.row.pk, "report"),
    }  # fmt: skip
    found = {name: reverse(name, args=kept.get(name, NONE)) for name in addresses() if name not in NO_PAGES}
    found |= {f"home as {role}": f"/?as={role}" for role in ("leader", "liaison", "administrator")}
    found |= {action: reverse("step", args=(of.row.pk, action)) for action in ("submit", "ask_extension", "plan")}
    found["overdue by unit"] = "/overdue/?group=unit"
    found["search with words"] = "/search/?q=公路"
    return found


# So that several processes can share the work, and a failure names a smaller place.
PARTS = 6


@pytest.fixture(params=range(PARTS), ids=lambda part: f"part {part + 1}")
def some_pages(request, everything) -> dict[str, str]:
    return dict(sorted(pages(everything).items())[request.param :: PARTS])


def violations(page: Page, rules: list[str] | None = None) -> list[str]:
    """What axe calls serious or critical."""
    options = {"runOnly": rules} if rules else {}
    return [
        f"{found['id']}: {[node['html'][:120] for node in found['nodes']][:3]}"
        for found in Axe().run(page, options=options).response["violations"]
        if found["impact"] in ("serious", "critical")
    ]


def test_no_page_has_a_serious_violation_and_none_asks_another_host(
    everything, some_pages, context, sign_in, live_server
):
    hosts = set()
    context.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page = sign_in(everything.everybody)
    found = {}
    for name, address in some_pages.items():
        answer = page.goto(address)
        assert answer.ok, (name, answer.status)
        page.wait_for_load_state("networkidle")
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        bad = violations(page)
        page.emulate_media(color_scheme="dark")
        if bad := bad + violations(page, ["color-contrast"]):
            found[name] = bad
    assert found == {}
    assert hosts == {urlsplit(live_server.url).netloc}


def test_no_page_is_wider_than_the_window(everything, some_pages, sign_in):
    page = sign_in(everything.everybody)
    wide = []
    for name, address in some_pages.items():
        page.goto(address)
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 844})
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                wide.append((name, width))
    assert wide == []


# The controls that a person sees, each marked, and how many there are; of a group of radio buttons the keyboard
# stops at one.
MARK = """() => {
    const seen = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")].filter(each =>
        each.type !== "hidden" && each.type !== "radio" && !each.disabled && each.tabIndex >= 0
        && each.checkVisibility({visibilityProperty: true}));
    seen.forEach((each, n) => { each.dataset.seen = n; });
    window.reached = new Set();
    document.addEventListener("focusin", event => window.reached.add(event.target.dataset.seen));
    document.activeElement.blur();
    // A day is typed in parts, each a stop of its own.
    return seen.length + 4 * seen.filter(each => each.type === "date").length;
}"""
MISSED = """() => [...document.querySelectorAll("[data-seen]")]
    .filter(each => !window.reached.has(each.dataset.seen)).map(each => each.outerHTML.slice(0, 120))"""


def test_every_control_of_every_page_is_reached_without_a_mouse(everything, some_pages, sign_in):
    page = sign_in(everything.everybody)
    missed = {}
    for name, address in some_pages.items():
        page.goto(address)
        page.wait_for_load_state("networkidle")
        for _control in range(page.evaluate(MARK) + 20):
            page.keyboard.press("Tab")
        if left := page.evaluate(MISSED):
            missed[name] = left
    assert missed == {}


def test_many_items_are_reminded_of_without_a_mouse(county, sign_in):
    make.commitment("完成县道改造", lead=county.towns, deadline=dt.date(2026, 6, 30))
    page = sign_in(county.coordinator)
    page.goto("/overdue/")
    page.locator("[data-pick-all=remind]").focus()
    page.keyboard.press("Space")
    assert page.locator("[data-picked=remind]").inner_text() == str(Assignment.objects.count())
    page.locator("#remind button").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".alert").first).to_be_visible()


# What is only clicked or typed into has no place on paper.
ON_PAPER = """() => [...document.querySelectorAll("a.btn, button, input, select, textarea, .masthead")]
    .filter(each => each.checkVisibility({visibilityProperty: true})).map(each => each.outerHTML.slice(0, 120))"""
LISTS = [
    "/", "/commitments/", "/overdue/?group=unit", "/departments/", "/speeches/", "/scores/", "/search/?q=公路",
    "/inbox/", "/removed/", "/reports/notices/", "/reports/bulletins/", "/calendar/", "/calendar/timeline/",
]  # fmt: skip


def test_a_printed_list_shows_nothing_to_click_and_the_whole_width_of_its_table(everything, sign_in):
    page = sign_in(everything.everybody)
    page.set_viewport_size({"width": 1032, "height": 730})  # A4 across, less its margins
    page.emulate_media(media="print")
    found = {}
    for address in LISTS:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        if left := page.evaluate(ON_PAPER):
            found[address] = left
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found[f"{address}, wide"] = True
    assert found == {}
