"""Takes README's pictures from a running demo: ``python -m tests.browser.pictures`` from the project's root."""

import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
ADDRESS = "http://127.0.0.1:8765"
PASSWORD = "luoshi-demo"
# file: who looks, at which page, how wide and how high
SHOTS = {
    "workbench": ("chenjing", "/", 1440, 900),
    "review": ("chenjing", "review", 1440, 900),
    "overdue": ("chenjing", "/overdue/", 1440, 900),
    "departments": ("xuchanghe", "/departments/", 1440, 900),
    "item": ("chenjing", "/commitments/2026-0010/", 1440, 900),
    "timeline": ("xuchanghe", "/calendar/timeline/", 1440, 900),
    "phone": ("jiaotong", "/", 390, 844),
}


def serve(folder: str) -> subprocess.Popen:
    """The demo, served from a database of its own in ``folder``."""
    environment = {**os.environ, "LUOSHI_DATA_DIR": folder}
    subprocess.run([sys.executable, "manage.py", "demo", "--no-serve"], cwd=ROOT, env=environment, check=True)
    server = subprocess.Popen(
        [sys.executable, "manage.py", "runserver", "--noreload", ADDRESS.removeprefix("http://")],
        cwd=ROOT,
        env=environment | {"LUOSHI_DEBUG": "1"},
    )
    for _attempt in range(60):
        try:
            urllib.request.urlopen(f"{ADDRESS}/signin/", timeout=5)
        except OSError:
            time.sleep(1)
        else:
            return server
    raise SystemExit("the demo did not start")


def take(browser: Browser, name: str, who: str, path: str, width: int, height: int) -> None:
    window = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    page = window.new_page()
    page.goto(f"{ADDRESS}/signin/")
    page.fill("#id_username", who)
    page.fill("#id_password", PASSWORD)
    page.click(".signin-form .btn-primary")
    if path == "review":
        page.goto(f"{ADDRESS}/speeches/")
        page.locator("tbody a").first.click()
        page.goto(re.sub(r"(/speeches/\d+/).*", r"\1review/", page.url))
    else:
        page.goto(ADDRESS + path)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / f"{name}.png")
    window.close()


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = serve(folder)
        try:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            for name, shot in SHOTS.items():
                take(browser, name, *shot)
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
