"""Addresses made by hand: nonsense in any parameter of any page is refused or left out, and never breaks a page."""

import datetime as dt
import re
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.http import urlencode

from tests.make import assignment, speech
from tracker.models import Assignment
from tracker.reminders import remind_now

DAYS = ["as_of", "due_from", "due_to", "since", "until", "start", "end", "from", "to", "delivered_on"]
NUMBERS = [
    "page",
    "per_page",
    "year",
    "unit",
    "speech",
    "finding",
    "review",
    "cut",
    "start",
    "end",
    "with",
    "below",
    "limit",
    "level",
    "leader",
]
WORDS = [
    "q",
    "text",
    "words",
    "heading",
    "person",
    "state",
    "tier",
    "light",
    "sort",
    "group",
    "age",
    "colour",
    "export",
    "format",
    "before",
    "cursor",
    "kind",
    "number",
]
ROLES = ("coordinator", "leader", "liaison", "other_liaison", "observer", "administrator", "nobody")

HOSTILE = {
    "a day that is not": dict.fromkeys(DAYS, "2026-02-31") | {"month": "2026-13", "before": "2026-02-31T00:00"},
    "a day of five digits": dict.fromkeys(DAYS, "99999-01-01") | {"month": "99999-01", "before": "99999-01-01"},
    "the first day": dict.fromkeys(DAYS, "0001-01-01")
    | {"month": "0001-01", "before": "0001-01-01T00:00+00:00", "group": "level", "format": "xlsx"},
    "the last day": dict.fromkeys(DAYS, "9999-12-31")
    | {"month": "9999-12", "before": "9999-12-31T23:59:59.999999-12:00", "age": "older", "export": "csv"},
    "less than nothing": dict.fromkeys(NUMBERS, "-1"),
    "a number beyond the database": dict.fromkeys(NUMBERS, "9" * 30),
    "a number beyond reading": dict.fromkeys(NUMBERS, "9" * 5000),
    "other digits": dict.fromkeys(NUMBERS, "٣²"),
    "no number": dict.fromkeys(NUMBERS, "NaN"),
    "NUL": dict.fromkeys(WORDS, "交通\x00"),
    "quotes": dict.fromkeys(WORDS, "' OR 1=1 --\"'&|!:*()\\%_"),
    "markup": dict.fromkeys(WORDS, "<script>alert(1)</script>"),
    "a long word": dict.fromkeys(WORDS, "督" * 3000),
    "unknown columns": {"sort": "-secret,unit__memberships__user__password", "columns": "password", "group": "x"},
    "the same many times": {name: ["1"] * 300 for name in ("page", "light", "sort", "unit", "q", "pick", "cut")},
}


@pytest.fixture
def pages(county, django_user_model) -> SimpleNamespace:
    """One of everything that an address can name, and the addresses."""
    said = speech("请交通局今年6月底前完成县道改造62公里。")
    owed = assignment(county.transport, deadline=dt.date(2026, 6, 30))
    remind_now([owed], by=county.coordinator)
    pks = {
        "speeches": said.pk,
        "assignments": owed.pk,
        "departments": county.transport.pk,
        "units": county.transport.pk,
        "users": county.liaison.pk,
        "findings": said.findings.first().pk,
    }
    county.nobody = django_user_model.objects.create_user("nobody")

    def path(route: str) -> str:
        area = next((part for part in reversed(route.split("/")) if part in pks), "")
        filled = {"number": owed.commitment.number, "action": "report", "format": "csv", "name": "notice"}

        def value(match: re.Match[str]) -> str:
            kind, name = match["kind"] or "str", match["name"]
            if name == "finding_pk":
                return str(pks["findings"])
            if kind == "int" or name == "id":
                return str(pks.get(area, 1))
            return filled.get(name, "1")

        return "/" + re.sub(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>", value, route)

    return SimpleNamespace(path=path, routes=list(_routes(get_resolver().url_patterns)), county=county)


def _routes(patterns, before: str = ""):
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route


def broken(client: Client, addresses: list[str]) -> list[str]:
    """The addresses that answer with an error of ours, and which."""
    found = []
    for address in addresses:
        try:
            answer = client.get(address)
            if answer.streaming:
                b"".join(answer.streaming_content)
        except Exception as error:
            found.append(f"{address[:200]}: {error!r}"[:400])
        else:
            if answer.status_code >= 500:
                found.append(f"{address[:200]}: {answer.status_code}")
    return found


@pytest.mark.parametrize("what", HOSTILE)
def test_no_page_breaks_on_nonsense_in_its_parameters(pages, client, what):
    client.force_login(pages.county.coordinator)
    query = urlencode(HOSTILE[what], doseq=True)
    assert broken(client, [f"{pages.path(route)}?{query}" for route in pages.routes]) == []


@pytest.mark.parametrize("role", ROLES)
def test_no_page_breaks_for_any_role(pages, client, role):
    client.force_login(getattr(pages.county, role))
    query = urlencode(HOSTILE["quotes"] | HOSTILE["the last day"])
    assert broken(client, [f"{pages.path(route)}?{query}" for route in pages.routes]) == []


@pytest.mark.parametrize("value", ["%00", "9" * 30, "2026-0001%0d%0aX:1", "%ED%A0%80", "..%2f..", "=1+1"])
def test_no_page_breaks_on_nonsense_in_its_place(pages, client, value):
    client.force_login(pages.county.coordinator)
    addresses = [re.sub(r"<[^>]*>", value, "/" + route) for route in pages.routes if "<" in route]
    assert broken(client, addresses) == []


def test_a_downloaded_history_in_an_unknown_format_is_not_there(pages, client):
    client.force_login(pages.county.coordinator)
    number = Assignment.objects.first().commitment.number
    assert client.get(f"/commitments/{number}/history/pdf/").status_code == 404


@pytest.mark.parametrize("value", ["", "x", "-1", "9" * 30, "9" * 5000, "²", "1\x00"])
@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("review_decide", ["finding"]),
        ("review_undo", ["review"]),
        ("review_confirm_above", ["above"]),
        ("review_add", ["start", "end"]),
        ("review_unit", ["name", "alias_of", "kind", "typing"]),
        ("speech_edit", ["version", "move"]),
    ],
)
def test_nonsense_sent_to_the_review_desk_decides_nothing(county, client, name, fields, value):
    said = speech("请交通局今年6月底前完成县道改造62公里。")
    client.force_login(county.coordinator)
    sent = dict.fromkeys(fields, value) | {"decision": "confirm", "title": "讲话", "delivered_on": "2026-03-10"}
    answer = client.post(reverse(name, args=[said.pk]), sent)
    assert answer.status_code < 500
    assert not said.reviews.exists()


@pytest.mark.parametrize(
    ("name", "field"), [("overdue_remind", "pick"), ("commitments_bulk", "pick"), ("notices", "assignments")]
)
@pytest.mark.parametrize("many", [600, 10_000])
def test_more_rows_at_once_than_anybody_can_answer_for_are_refused_and_nothing_is_done(
    county, client, name, field, many
):
    row = assignment(county.transport, deadline=dt.date(2026, 6, 30))
    client.force_login(county.coordinator)
    sent = {field: [str(row.pk), *map(str, range(10**6, 10**6 + many))], "do": "remind", "action": "remind"}

    answer = client.post(reverse(name), sent | {"answer_by": "2099-01-01"}, follow=True)
    assert answer.status_code in (200, 400, 422)
    assert not row.reminders.exists()
    assert not row.notices.exists()
