"""Every page of the ledger for everybody: no serious violation by axe, no request beyond the host, no mouse needed."""

import datetime as dt
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def item(county):
    make.commitment("完成县道改造", lead=county.towns, deadline=dt.date(2026, 6, 30))
    return make.commitment(
        "修通云台山旅游公路",
        lead=county.transport,
        deadline=dt.date(2026, 6, 30),
        targets=({"value": 20, "unit": "公里"},),
    )


def addresses(county, item) -> list[str]:
    return [
        "/",
        "/commitments/",
        f"/commitments/{item.number}/",
        f"/commitments/{item.number}/edit/",
        "/commitments/new/",
        "/overdue/?group=unit",
        "/departments/",
        f"/departments/{county.transport.pk}/",
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_has_a_serious_violation_and_none_asks_another_host(county, item, context, sign_in, live_server, theme):
    hosts = set()
    context.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page = sign_in(county.coordinator)
    page.emulate_media(color_scheme=theme)
    found = []
    for address in addresses(county, item):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        for violation in Axe().run(page).response["violations"]:
            if violation["impact"] in ("serious", "critical"):
                found.append((address, violation["id"], [node["html"][:120] for node in violation["nodes"]][:3]))
    assert found == []
    assert hosts == {urlsplit(live_server.url).netloc}


@pytest.mark.parametrize("width", [1440, 390])
def test_no_page_is_wider_than_the_window(county, item, sign_in, width):
    page = sign_in(county.coordinator)
    page.set_viewport_size({"width": width, "height": 844})
    wide = []
    for address in addresses(county, item):
        page.goto(address)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append(address)
    assert wide == []


def test_many_items_are_reminded_of_without_a_mouse(county, item, sign_in):
    page = sign_in(county.coordinator)
    page.goto("/overdue/")
    page.locator("[data-pick-all=remind]").focus()
    page.keyboard.press("Space")
    assert page.locator("[data-picked=remind]").inner_text() == "3"
    page.locator("#remind button").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".alert").first).to_be_visible()
