"""What every caller of the extractor may rely on."""

import dataclasses
from datetime import date

from speeches.extraction import Lexicon, OfficeDate, extract, resolve, resolve_value

DAY = date(2026, 1, 8)


def test_a_plain_promise_is_one_commitment_with_its_last_day() -> None:
    (found,) = extract("通村公路要抓紧施工，确保5月1日前全面竣工。", delivered_on=DAY)
    assert found.tier == "hard"
    assert found.deadline is not None
    assert found.deadline.last_day == date(2026, 4, 30)


def test_offsets_lead_back_to_the_quote() -> None:
    text = "各位同志：\n  确保6月底前建成 3 座泵站。\n"
    for found in extract(text, delivered_on=DAY):
        assert text[found.start : found.end] == found.quote


def test_recognition_without_a_date_resolves_later_to_the_same() -> None:
    text = "确保5月1日前全面竣工。"
    (undated,) = extract(text, delivered_on=None)
    assert undated.deadline is not None
    assert undated.deadline.last_day is None
    assert [resolve(undated, delivered_on=DAY)] == extract(text, delivered_on=DAY)


def test_a_finding_turns_into_plain_data() -> None:
    (found,) = extract("确保5月1日前全面竣工。", delivered_on=DAY)
    assert dataclasses.asdict(found)["deadline"]["last_day"] == date(2026, 4, 30)


def test_an_office_may_hold_that_before_a_day_includes_it() -> None:
    assert resolve_value("XXXX-05-01 before", delivered_on=DAY) == date(2026, 4, 30)
    inclusive = Lexicon(before_includes=True)
    assert resolve_value("XXXX-05-01 before", delivered_on=DAY, lexicon=inclusive) == date(2026, 5, 1)


def test_an_office_names_the_days_of_its_flood_season() -> None:
    assert resolve_value("XXXX-@汛期 before", delivered_on=DAY) is None
    flood = Lexicon(dates=(OfficeDate("汛期", (6, 1), (9, 30)),))
    assert resolve_value("XXXX-@汛期 before", delivered_on=DAY, lexicon=flood) == date(2026, 5, 31)


def test_traditional_characters_are_read_and_quoted_as_they_came() -> None:
    (found,) = extract("縣水務局負責在6月底前建成3座泵站。", delivered_on=DAY)
    assert found.quote == "縣水務局負責在6月底前建成3座泵站"
    assert found.deadline is not None
    assert found.deadline.last_day == date(2026, 6, 30)
