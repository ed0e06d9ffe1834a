"""Where a day begins: for each role what waits for it, in the order in which it must be done."""

import datetime as dt

import pytest
from django.urls import reverse

from tests import make
from tracker import instructions, progress, terms, workflow
from tracker.models import Membership


@pytest.fixture(autouse=True)
def _on_the_first_of_july(time_machine):
    time_machine.move_to(dt.datetime(2026, 7, 1, 9, tzinfo=dt.UTC), tick=False)


@pytest.fixture
def home(client):
    def opened(user, **query):
        client.force_login(user)
        return client.get(reverse("home"), query).context

    return opened


def under_way(unit, **fields):
    return workflow.receive(make.assignment(unit, **fields), by=None)


def test_the_office_sees_what_waits_for_its_decision(county, home):
    speech = make.speech("县交通局要在6月30日前改造农村公路62公里。")
    submitted = workflow.submit(under_way(county.transport), by=county.liaison)
    asked = terms.ask_extension(
        under_way(county.transport), new_deadline=dt.date(2026, 9, 30), reason="雨季", by=county.liaison
    )
    unassigned = make.commitment("无人承办")

    page = home(county.coordinator)
    assert page["submitted"].rows == [submitted]
    assert page["extensions"].rows == [asked]
    assert [row.commitment for row in page["unassigned"].rows] == [unassigned]
    assert (page["review"].rows, page["review"].total) == ([speech], 1)


def test_what_nobody_signed_for_waits_the_longest_first(county, home):
    late, early = (
        make.assignment(county.transport, at=dt.datetime(2026, 6, day, 9, tzinfo=dt.UTC)) for day in (20, 10)
    )

    assert home(county.coordinator)["unsigned"].rows == [early, late]


def test_a_list_is_short_and_says_how_much_stands_behind_it(county, home):
    for _n in range(9):
        make.assignment(county.transport, deadline=dt.date(2026, 6, 1))

    waiting = home(county.coordinator)["late"]
    assert (len(waiting.rows), waiting.total, waiting.more) == (6, 9, 3)


def test_the_office_sees_reports_that_say_nothing_new_until_a_better_one_comes(county, home):
    silent, better = under_way(county.transport), under_way(county.transport)
    empty = progress.report(silent, by=county.liaison, text="按计划推进")
    progress.report(better, by=county.liaison, text="按计划推进", at=dt.datetime(2026, 6, 20, 9, tzinfo=dt.UTC))
    progress.report(better, by=county.liaison, text="路基完成12公里")

    page = home(county.coordinator)["empty"]
    assert (page.rows, page.total) == ([empty], 1)

    workflow.submit(silent, by=county.liaison)
    assert home(county.coordinator)["empty"].rows == []


def test_an_office_hears_of_no_other_office_s_empty_reports(county, home):
    progress.report(under_way(county.transport), by=county.liaison, text="正在有序推进")

    assert home(make.user("jiaoyuduchayuan", coordinator=county.education))["empty"].total == 0


def test_the_coming_two_weeks_end_on_the_fourteenth_day(county, home):
    near = make.assignment(county.transport, deadline=dt.date(2026, 7, 14))
    make.assignment(county.transport, deadline=dt.date(2026, 7, 15))

    assert home(county.coordinator)["ahead"].rows == [near]


def test_a_leader_sees_the_worst_unit_first_and_what_they_wrote_an_instruction_on(county, home):
    make.assignment(county.education, deadline=dt.date(2026, 12, 31))
    item = make.assignment(county.transport, deadline=dt.date(2026, 6, 1)).commitment
    instructions.instruct(item, by=county.leader, text="抓紧办理")

    page = home(county.leader)
    assert [standing.unit for standing in page["standings"]] == [county.transport, county.education]
    assert list(page["instructed"]) == [item]


def test_a_liaison_sees_what_the_own_units_owe_in_the_order_in_which_it_is_due(county, home):
    later = make.assignment(county.transport, deadline=dt.date(2026, 9, 1))
    sooner = make.assignment(county.transport, deadline=dt.date(2026, 8, 1))
    open_end = make.assignment(county.transport, deadline=None)
    make.assignment(county.education)

    assert home(county.liaison)["owed"] == [sooner, later, open_end]


@pytest.mark.parametrize(("percent", "step"), [(None, "receive"), (40, "report"), (100, "submit")])
def test_a_liaison_is_offered_the_one_step_that_comes_next(county, home, percent, step):
    row = make.assignment(county.transport)
    if percent is not None:
        workflow.receive(row, by=county.liaison)
        progress.report(row, by=county.liaison, text="进展", percent=percent)

    assert [row.step for row in home(county.liaison)["owed"]] == [step]


def test_an_administrator_sees_which_units_nobody_speaks_for(county, home):
    without = home(county.administrator)["without_liaison"]

    assert county.east in without
    assert county.transport not in without


def test_who_holds_two_roles_chooses_one(county, home):
    Membership.objects.create(user=county.liaison, unit=county.transport, role=Membership.Role.LEADER)

    assert home(county.liaison)["role"] == "leader"
    assert home(county.liaison, **{"as": "liaison"})["role"] == "liaison"
    assert home(county.liaison, **{"as": "administrator"})["role"] == "leader"


def test_who_holds_no_role_is_not_left_before_an_empty_page(client, county):
    client.force_login(make.user("wuren", "无角色"))

    assert "您还没有角色。" in client.get(reverse("home")).content.decode()
