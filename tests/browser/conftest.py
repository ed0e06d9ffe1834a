"""Real Chromium on a live server, signed in. Every test here must run where CI is true; elsewhere it may skip."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# A loaded machine is slow, and slow is no failure: waiting ends as soon as what is waited for is there.
PATIENCE = 30_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        message = f"{CHROMIUM} is not here; install Debian's chromium or set CHROMIUM"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS, timeout=PATIENCE * 2)
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser, live_server, settings) -> Iterator[BrowserContext]:
    """A window of its own on the live server, in Chinese; a script error or a broken policy fails the test."""
    settings.ALLOWED_HOSTS = ["*"]
    made = chromium.new_context(base_url=live_server.url, locale="zh-CN", viewport={"width": 1440, "height": 900})
    made.set_default_timeout(PATIENCE)
    errors: list[str] = []
    made.on("weberror", lambda error: errors.append(str(error.error)))
    made.on("console", lambda line: errors.append(line.text) if "Content Security Policy" in line.text else None)
    yield made
    made.close()
    assert not errors, errors


@pytest.fixture
def sign_in(context: BrowserContext, live_server) -> Callable[..., Page]:
    """``sign_in(user)`` opens a new page as that user; a second user gets a window of their own beside it."""
    windows: list[BrowserContext] = []

    def opened(user, path: str = "/") -> Page:
        window = context
        if windows or context.pages:
            window = context.browser.new_context(
                base_url=live_server.url, locale="zh-CN", viewport={"width": 1440, "height": 900}
            )
            window.set_default_timeout(PATIENCE)
            windows.append(window)
        client = Client()
        client.force_login(user)
        window.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
        page = window.new_page()
        page.goto(path)
        return page

    yield opened
    for window in windows:
        window.close()
