"""The calendar: what is due on which day, as bars, and as a feed behind a secret address."""

import datetime as dt
import re

import pytest
import time_machine
from django.urls import reverse
from icalendar import Calendar

from tests import make
from tracker import calendars
from tracker.models import Assignment, CalendarFeed, Unit

TODAY = dt.datetime(2026, 6, 15, 9, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(TODAY, tick=False):
        yield


def test_a_month_has_whole_weeks_from_monday(db):
    weeks = calendars.month(Assignment.objects.all(), dt.date(2026, 6, 1), dt.date(2026, 6, 15))

    assert [week[0].date.weekday() for week in weeks] == [0] * len(weeks)
    assert weeks[0][0].date == dt.date(2026, 6, 1)
    assert weeks[-1][-1].date == dt.date(2026, 7, 5)


def test_a_day_shows_the_most_urgent_and_counts_the_rest(county):
    for number in range(6):
        make.assignment(county.transport, title=f"改造桥梁{number}号", deadline=dt.date(2026, 6, 30))

    days = {day.date: day for week in calendars.month(
        Assignment.objects.all(), dt.date(2026, 6, 1), dt.date(2026, 6, 15)) for day in week}  # fmt: skip
    assert (len(days[dt.date(2026, 6, 30)].items), days[dt.date(2026, 6, 30)].more) == (4, 2)


def test_what_is_open_and_least_advanced_is_shown_before_what_is_done(county):
    day = dt.date(2026, 6, 30)
    for n, progress in enumerate((90, 10, 50, 70, 30)):
        row = make.assignment(county.transport, title=f"改造桥梁{n}号", deadline=day)
        Assignment.objects.filter(pk=row.pk).update(state="active", progress=progress)
    done = make.assignment(county.transport, title="已通车的桥梁", deadline=day)
    Assignment.objects.filter(pk=done.pk).update(state="done", finished_on=day, closed_on=day, progress=0)

    weeks = calendars.month(Assignment.objects.all(), dt.date(2026, 6, 1), dt.date(2026, 6, 15))
    shown = next(one for week in weeks for one in week if one.date == day).items
    assert {item.progress for item in shown} == {10, 30, 50, 70}


def test_what_a_day_has_no_room_for_is_found_in_the_ledger(client, county):
    for number in range(6):
        make.assignment(county.transport, title=f"改造桥梁{number}号", deadline=dt.date(2026, 6, 30))
    make.assignment(county.transport, title="七月的桥梁", deadline=dt.date(2026, 7, 1))
    client.force_login(county.coordinator)
    page = client.get(reverse("calendar")).content.decode()
    address = re.search(r'href="(/commitments/\?[^"]*2026-06-30[^"]*)"', page)[1].replace("&amp;", "&")

    listed = client.get(address).content.decode()
    assert all(f"改造桥梁{number}号" in listed for number in range(6))
    assert "七月的桥梁" not in listed


def test_a_bar_is_clipped_to_what_is_shown(county):
    assignment = make.assignment(county.transport, deadline=dt.date(2026, 12, 31), begins_on=dt.date(2026, 1, 1))

    bar = calendars.bars([assignment], dt.date(2026, 5, 1), dt.date(2026, 6, 30))[0]
    assert (bar.x, bar.width) == (0.0, 1000.0)


def test_today_stands_in_the_middle_of_its_day():
    assert calendars.today_mark(dt.date(2026, 6, 15), dt.date(2026, 6, 15), dt.date(2026, 6, 15)) == 500.0
    assert calendars.today_mark(dt.date(2026, 7, 1), dt.date(2026, 6, 1), dt.date(2026, 6, 30)) is None


@pytest.mark.parametrize("query", ["", "?month=2026-06", "?month=2026-13", "?month=drop+table", "?unit=999999&page=77"])
@pytest.mark.parametrize("name", ["calendar", "calendar_timeline"])
def test_pages_answer_whatever_the_address_says(client, county, name, query):
    make.assignment(county.transport, title="贯通环城北路", deadline=dt.date(2026, 6, 30))
    client.force_login(county.coordinator)

    answer = client.get(reverse(name) + query)
    assert answer.status_code == 200
    assert "贯通环城北路" in answer.content.decode()


def test_a_liaison_finds_only_what_the_own_unit_owes(client, county):
    make.assignment(county.education, title="新建第三小学", deadline=dt.date(2026, 6, 30))
    client.force_login(county.liaison)

    assert "新建第三小学" not in client.get(reverse("calendar")).content.decode()


@pytest.mark.parametrize("name", ["calendar", "calendar_timeline"])
def test_the_number_of_queries_does_not_grow(client, county, django_assert_max_num_queries, name):
    for number in range(30):
        make.assignment(county.transport, title=f"改造桥梁{number}号", deadline=dt.date(2026, 6, 1 + number % 28))
    client.force_login(county.coordinator)

    with django_assert_max_num_queries(12):
        client.get(reverse(name))


def fetch(client, user, unit: Unit | None = None) -> Calendar:
    client.logout()
    secret = CalendarFeed.renew(user, unit)
    answer = client.get(reverse("calendar_feed", args=[secret]))
    assert answer.headers["Content-Type"].startswith("text/calendar")
    return Calendar.from_ical(answer.content)


def test_a_feed_has_an_all_day_event_on_the_last_day(client, county):
    make.assignment(county.transport, title="贯通环城北路，完成标线", deadline=dt.date(2026, 6, 30))

    event = fetch(client, county.liaison).walk("VEVENT")[0]
    assert event["DTSTART"].dt == dt.date(2026, 6, 30)
    assert event["DTEND"].dt == dt.date(2026, 7, 1)
    assert "贯通环城北路，完成标线" in event["SUMMARY"]
    assert event["URL"].startswith("http://testserver/commitments/2026-")


def test_a_feed_shows_only_what_its_owner_may_see(client, county):
    make.assignment(county.education, deadline=dt.date(2026, 6, 30))

    assert fetch(client, county.liaison).walk("VEVENT") == []
    assert len(fetch(client, county.leader).walk("VEVENT")) == 1


def test_a_feed_of_one_unit_leaves_the_others_out(client, county):
    make.assignment(county.education, deadline=dt.date(2026, 6, 30))
    make.assignment(county.transport, deadline=dt.date(2026, 6, 30))

    assert len(fetch(client, county.leader, county.education).walk("VEVENT")) == 1


def test_a_revoked_or_renewed_address_is_gone(client, county):
    old = CalendarFeed.renew(county.liaison, None)
    CalendarFeed.renew(county.liaison, None)
    assert client.get(reverse("calendar_feed", args=[old])).status_code == 404

    client.force_login(county.liaison)
    client.post(reverse("calendar_feed_revoke", args=[county.liaison.feeds.get().pk]))
    assert not county.liaison.feeds.exists()


def test_nobody_revokes_the_address_of_another(client, county):
    CalendarFeed.renew(county.leader, None)
    client.force_login(county.liaison)
    client.post(reverse("calendar_feed_revoke", args=[county.leader.feeds.get().pk]))

    assert county.leader.feeds.exists()


def test_a_user_who_left_takes_the_feed_along(client, county):
    secret = CalendarFeed.renew(county.liaison, None)
    county.liaison.is_active = False
    county.liaison.save()

    assert client.get(reverse("calendar_feed", args=[secret])).status_code == 404


def test_a_new_address_is_shown_once(client, county):
    client.force_login(county.liaison)
    client.post(reverse("calendar_feed_renew"), {"unit": ""})

    assert ".ics" in client.get(reverse("calendar_feeds")).content.decode()
    assert ".ics" not in client.get(reverse("calendar_feeds")).content.decode()


def test_a_feed_for_a_unit_out_of_reach_is_refused(client, county):
    client.force_login(county.liaison)
    client.post(reverse("calendar_feed_renew"), {"unit": county.education.pk})

    assert not county.liaison.feeds.exists()
