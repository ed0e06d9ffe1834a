"""`manage.py extract` and `manage.py scoreboard`."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

TEXT = "市水务局要在6月底前建成3座泵站。\n=各乡镇每月报送一次进展。\n"


@pytest.fixture
def speech(tmp_path: Path) -> Path:
    path = tmp_path / "讲话.txt"
    path.write_text(TEXT, "utf-8")
    return path


def printed(*args: str) -> str:
    out = io.StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_json_lines_hold_one_finding_each(speech: Path) -> None:
    rows = [
        json.loads(x)
        for x in printed("extract", str(speech), "--delivered-on", "2026-03-02", "--format", "jsonl").splitlines()
    ]
    assert [row["deadline"]["last_day"] for row in rows if row["deadline"]] == ["2026-06-30"]
    assert rows[0]["responsible"] == ["市水务局"]


@pytest.mark.django_db
def test_the_table_shows_the_last_day(speech: Path) -> None:
    assert "2026-06-30" in printed("extract", str(speech), "--delivered-on", "2026-03-02")


@pytest.mark.django_db
def test_a_workbook_holds_text_and_no_formulas(speech: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.xlsx"
    call_command("extract", str(speech), "--format", "xlsx", "--output", str(target))
    cells = [cell for row in load_workbook(target).active.iter_rows() for cell in row if cell.value]
    assert len(cells) > 18
    assert {cell.data_type for cell in cells} == {"s"}


@pytest.mark.django_db
def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nothing\.txt"):
        call_command("extract", str(tmp_path / "nothing.txt"))


@pytest.fixture
def annotated(tmp_path: Path) -> Path:
    (tmp_path / "index.json").write_text('{"plan-1": {"delivered_on": "2026-03-02"}}', "utf-8")
    (tmp_path / "plan-1.txt").write_text("市水务局要在6月底前建成3座泵站。\n", "utf-8")
    item = {
        "seg": 0,
        "quote": "市水务局要在6月底前建成3座泵站",
        "deadline": {"last_day": "2026-06-30"},
        "targets": [{"value": 3, "unit": "座"}],
        "responsible": ["市水务局"],
    }
    (tmp_path / "plan-1.json").write_text(json.dumps([item]), "utf-8")
    return tmp_path


def test_the_scoreboard_gives_full_marks_to_what_agrees(annotated: Path) -> None:
    assert printed("scoreboard", str(annotated)).count("1.000") == 3 * 8  # the text, its genre, all


def test_the_scoreboard_reads_texts_and_items_in_folders_of_their_own(annotated: Path) -> None:
    for folder, name in (("texts", "plan-1.txt"), ("items", "plan-1.json")):
        (annotated / folder).mkdir()
        (annotated / name).rename(annotated / folder / name)
    assert printed("scoreboard", str(annotated)).count("1.000") == 3 * 8


def test_the_scoreboard_only_totals_what_is_held_out(annotated: Path) -> None:
    out = printed("scoreboard", str(annotated), "--held-out", r"plan-\d+")
    assert "plan *" in out
    assert "plan-1" not in out


def test_the_scoreboard_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"index\.json"):
        call_command("scoreboard", str(tmp_path))
