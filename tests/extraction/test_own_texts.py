"""Each text written for the project carries a sound annotation: what it says can be found in the text."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

TEXTS = Path(__file__).parent / "texts"
INDEX = json.loads((TEXTS / "index.json").read_text("utf-8"))
SEGMENT = re.compile(r"[^。！？；;\n]*[。！？；;\n]|[^。！？；;\n]+$")
FIELDS = {"seg", "quote", "tier", "deadline", "recurrence", "targets", "responsible", "supporting", "people"}


def text_of(name: str) -> str:
    return (TEXTS / f"{name}.txt").read_text("utf-8")


def items_of(name: str) -> list[dict]:
    return json.loads((TEXTS / f"{name}.json").read_text("utf-8"))


def segments(text: str) -> list[str]:
    return [cut for cut in SEGMENT.findall(text) if cut.strip("。！？；; \u3000\t\r\n")]


def tier_by_fields(item: dict) -> str:
    if item["deadline"] or item["recurrence"] or item["targets"]:
        return "hard"
    return "assigned" if item["responsible"] or item["people"] else "named"


def test_the_index_names_every_text_and_the_day_it_was_delivered() -> None:
    assert sorted(INDEX) == sorted(path.stem for path in TEXTS.glob("*.txt"))
    assert all(entry["title"] and date.fromisoformat(entry["delivered_on"]) for entry in INDEX.values())


@pytest.mark.parametrize("name", sorted(INDEX))
def test_every_quote_stands_in_its_segment(name: str) -> None:
    cut = segments(text_of(name))
    assert [item["quote"] for item in items_of(name) if item["quote"] not in cut[item["seg"]]] == []


@pytest.mark.parametrize("name", sorted(INDEX))
def test_every_tier_agrees_with_the_fields(name: str) -> None:
    assert [item["quote"] for item in items_of(name) if item["tier"] != tier_by_fields(item)] == []


@pytest.mark.parametrize("name", sorted(INDEX))
def test_every_date_frequency_and_number_is_worded_as_in_the_text(name: str) -> None:
    text = text_of(name)
    for item in items_of(name):
        assert set(item) == FIELDS
        worded = [field for field in (item["deadline"], item["recurrence"], *item["targets"]) if field]
        assert [field["text"] for field in worded if field["text"] not in text] == []


@pytest.mark.parametrize("name", sorted(INDEX))
def test_every_value_can_be_reckoned_with(name: str) -> None:
    for item in items_of(name):
        assert (
            not item["deadline"]
            or item["deadline"]["last_day"] is None
            or date.fromisoformat(item["deadline"]["last_day"])
        )
        assert not item["recurrence"] or item["recurrence"]["rrule"].startswith("FREQ=")
        assert {target["op"] for target in item["targets"]} <= {">=", "<=", "==", "~", "in"}
        assert all(isinstance(target["value"], int | float) for target in item["targets"])
