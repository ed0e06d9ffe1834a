"""Command ``ingest`` in a process of its own that is killed half-way: run again, it loses and doubles nothing."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
FILES = 12
ON_SQLITE = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")


@pytest.fixture
def office(county, transactional_db, tmp_path) -> dict[str, str]:
    """The environment of processes that work on a database outside of this one, with the county in it."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tracker.settings", "LUOSHI_DATA_DIR": str(tmp_path / "data")}
    if not ON_SQLITE:
        db = connection.settings_dict
        address = f"{db['USER']}:{db['PASSWORD']}@{db['HOST']}:{db['PORT']}/{db['NAME']}"
        return environment | {"DATABASE_URL": f"postgres://{address}"}
    (tmp_path / "data").mkdir()
    connection.ensure_connection()
    with sqlite3.connect(tmp_path / "data" / "luoshi.sqlite3") as copy:
        connection.connection.backup(copy)
    return environment | {"DATABASE_URL": ""}


def ingest(office: dict[str, str], folder: Path) -> subprocess.Popen[str]:
    order = [sys.executable, "manage.py", "ingest", str(folder), "--confirm", "all"]
    return subprocess.Popen(
        order, cwd=ROOT, env=office, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )


def rows(office: dict[str, str], query: str) -> list[str]:
    """The first column of what the database outside answers."""
    if not ON_SQLITE:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return [row[0] for row in cursor.fetchall()]
    with sqlite3.connect(Path(office["LUOSHI_DATA_DIR"]) / "luoshi.sqlite3") as database:
        return [row[0] for row in database.execute(query)]


def test_killed_half_way_and_run_again_it_loses_and_doubles_nothing(office, tmp_path):
    folder, originals = tmp_path / "讲话", tmp_path / "data" / "files" / "originals"
    folder.mkdir()
    titles = [f"在全县第{number:02d}次调度会上的讲话" for number in range(FILES)]
    for number, title in enumerate(titles):
        text = f"{title}\n（2025年3月4日）\n县交通局6月底前修好{number + 2}公里村道。\n县教育局9月底前建成校舍。\n"
        (folder / f"{number:02d}.txt").write_text(text, encoding="utf-8")
    (folder / "01-坏.docx").write_bytes(b"PK\x03\x04" + b"\0" * 400)

    first = ingest(office, folder)
    while len(list(originals.glob("*/*"))) < FILES // 2 and first.poll() is None:
        time.sleep(0.01)
    first.kill()
    first.communicate()
    assert first.returncode == -signal.SIGKILL
    second = ingest(office, folder)
    out, errors = second.communicate(timeout=120)

    assert second.returncode == 0, errors
    assert "01-坏.docx" in out  # the table at the end has it, although the first run had met it already
    assert sorted(rows(office, "SELECT title FROM speeches_speech")) == titles
    for table in ("speeches_finding", "tracker_review", "tracker_commitment"):
        assert rows(office, f"SELECT count(*) FROM {table}") == [2 * FILES], table
    named = rows(office, "SELECT file FROM speeches_sourcefile")
    assert sorted(str(path.relative_to(originals.parent)) for path in originals.glob("*/*")) == sorted(named)
