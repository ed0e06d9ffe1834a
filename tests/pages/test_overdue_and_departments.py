"""The overdue list as of any day, and the units with their lights."""

import datetime as dt
import json

import pytest
from django.urls import reverse
from time_machine import travel

from tests import make
from tracker import terms, workflow
from tracker.models import Unit
from tracker.reminders import remind_now


@pytest.fixture
def look(client, county, time_machine):
    """Open a page by name as the coordinator, on 1 July 2026."""
    time_machine.move_to(dt.datetime(2026, 7, 1, 9, tzinfo=dt.UTC), tick=False)
    client.force_login(county.coordinator)
    return lambda name, *args, **query: client.get(reverse(name, args=args), query)


def rows(answer) -> list:
    return [row.record for row in answer.context["table"].paginated_rows]


def test_overdue_is_what_is_past_its_day_and_nothing_else(county, look):
    late = make.assignment(county.transport, deadline=dt.date(2026, 6, 30))
    make.assignment(county.transport, deadline=dt.date(2026, 7, 1))

    assert rows(look("overdue")) == [late]


def test_what_nobody_is_charged_with_is_overdue_too(county, look):
    item = make.commitment(deadline=dt.date(2026, 6, 30))

    assert [row.commitment for row in rows(look("overdue"))] == [item]


def test_another_day_shows_what_was_overdue_then(county, look):
    late = make.assignment(county.transport, deadline=dt.date(2026, 5, 31))

    assert rows(look("overdue", as_of="2026-05-31")) == []
    assert [row.days_late for row in rows(look("overdue", as_of="2026-06-10"))] == [10]
    assert rows(look("overdue", as_of="2026-06-10")) == [late]


def test_an_impossible_day_is_named_and_today_is_shown(county, look):
    late = make.assignment(county.transport, deadline=dt.date(2026, 6, 30))

    answer = look("overdue", as_of="2026-02-31")
    assert rows(answer) == [late]
    assert answer.context["form"].errors["as_of"]


def test_every_unit_is_counted_by_light(county, look):
    make.assignment(county.transport, deadline=dt.date(2026, 6, 30))
    make.assignment(county.transport, deadline=None)

    standings = {entry.unit: entry for entry in look("departments").context["standings"]}
    assert standings[county.transport].lights["red"] == 1
    assert standings[county.transport].lights["grey"] == 1
    assert county.towns not in standings


def test_a_withdrawn_assignment_is_not_counted(county, look):
    workflow.withdraw(make.assignment(county.transport), by=county.coordinator, reason="已并入其他事项")

    assert look("department", county.transport.pk).context["standing"].total == 0


def test_a_liaison_does_not_see_another_unit(client, county):
    client.force_login(county.other_liaison)

    assert client.get(reverse("department", args=[county.transport.pk])).status_code == 404
    assert client.get(reverse("department", args=[county.education.pk])).status_code == 200


@pytest.mark.parametrize(
    ("age", "days"), [("week", [1, 7]), ("month", [8, 30]), ("quarter", [31, 90]), ("older", [91])]
)
def test_what_is_late_is_told_apart_by_age(county, look, age, days):
    for late in (1, 7, 8, 30, 31, 90, 91):
        make.assignment(county.transport, deadline=dt.date(2026, 7, 1) - dt.timedelta(days=late))

    answer = look("overdue", age=age)
    assert sorted(row.days_late for row in rows(answer)) == days
    assert [(name, n) for name, _label, n, _share in answer.context["ages"]] == [
        ("week", 2), ("month", 2), ("quarter", 2), ("older", 1),
    ]  # fmt: skip


def test_the_age_of_an_earlier_day_is_by_the_last_day_that_held_then(county, look):
    late = make.assignment(county.transport, deadline=dt.date(2026, 6, 20))
    workflow.receive(late, by=county.liaison)
    asked = terms.ask_extension(late, new_deadline=dt.date(2026, 9, 30), reason="雨季", by=county.liaison)
    terms.decide_extension(asked, grant=True, reason="属实", by=county.coordinator)

    assert rows(look("overdue")) == []
    assert [row.days_late for row in rows(look("overdue", as_of="2026-06-30", age="month"))] == [10]


@pytest.mark.parametrize(
    ("group", "heads"),
    [
        ("unit", ["县交通运输局", "县教育局"]),
        ("speech", ["在全县工作会议上的讲话", "手工立项"]),
        ("level", ["督查室催办", "尚未催办"]),
    ],
)
def test_each_group_stands_under_its_head(county, look, group, heads):
    reminded = make.assignment(county.transport, deadline=dt.date(2026, 6, 1), speech=make.speech("要抓紧施工。"))
    make.assignment(county.education, deadline=dt.date(2026, 6, 2))
    remind_now([reminded], by=county.coordinator)

    shown = rows(look("overdue", group=group))
    assert [str(row.group_head) for row in shown if getattr(row, "group_head", None)] == heads


# The units beside each other


@pytest.fixture
def closed_in_june(county):
    """Close an assignment of a unit that fell due on 10 June: in time, or a day late."""

    def close(unit, *, late: bool) -> None:
        row = make.assignment(unit, deadline=dt.date(2026, 6, 10))
        at = dt.datetime(2026, 6, 11 if late else 10, 9, tzinfo=dt.UTC)
        for step in (workflow.receive, workflow.submit, workflow.accept):
            step(row, by=None, at=at)

    return close


def standings_of(answer) -> dict:
    return {standing.unit: standing for standing in answer.context["standings"]}


def test_units_are_ranked_by_what_they_did_by_its_day_and_equals_share_a_rank(county, look, closed_in_june):
    closed_in_june(county.transport, late=True)
    closed_in_june(county.education, late=False)
    closed_in_june(county.east, late=False)

    found = standings_of(look("departments"))
    assert [found[unit].rank for unit in (county.education, county.east, county.transport)] == [1, 1, 3]
    assert found[county.west].rank is None


def test_what_stands_above_the_government_is_no_rival_of_its_departments(client, county, look, closed_in_june):
    party = make.unit("中共临川县委员会", kind="other")
    Unit.objects.filter(pk=county.root.pk).update(parent=party)
    closed_in_june(county.transport, late=False)
    client.force_login(make.user("shuji", "书记", leader=party))

    found = standings_of(client.get(reverse("departments")))
    assert [found[unit].rank for unit in (county.transport, county.root, party)] == [1, None, None]


def test_the_arrow_tells_how_far_a_unit_has_risen_since_last_month(client, county, look, closed_in_june):
    closed_in_june(county.transport, late=True)
    closed_in_june(county.education, late=False)
    make.assignment(county.education, deadline=dt.date(2026, 7, 5))
    with travel(dt.datetime(2026, 7, 20, 9, tzinfo=dt.UTC), tick=False):
        for _n in range(2):
            row = make.assignment(county.transport, deadline=dt.date(2026, 7, 10))
            for step in (workflow.receive, workflow.submit, workflow.accept):
                step(row, by=None, at=dt.datetime(2026, 7, 9, 9, tzinfo=dt.UTC))
        client.force_login(county.coordinator)
        found = standings_of(look("departments"))

    assert (found[county.transport].rank, found[county.transport].climbed) == (1, 1)
    assert (found[county.education].rank, found[county.education].climbed) == (2, -1)


def test_the_trend_tells_each_month_what_fell_due_and_what_was_done_by_its_day(county, look, closed_in_june):
    closed_in_june(county.transport, late=True)
    closed_in_june(county.transport, late=False)

    months = look("department", county.transport.pk).context["standing"].months
    assert [(month.first, month.due, month.rate) for month in months if month.due] == [(dt.date(2026, 6, 1), 2, 50)]


def test_a_unit_is_counted_together_with_those_below_it_and_says_so(county, look):
    make.assignment(make.unit("东塘村", county.east), deadline=dt.date(2026, 6, 1))
    make.assignment(county.east, deadline=None)

    found = standings_of(look("departments"))
    assert (found[county.east].below, found[county.east].lights["red"], found[county.east].lights["grey"]) == (1, 1, 1)
    assert found[county.root].rank is None
    page = look("department", county.east.pk)
    assert "以下数据含1个下级单位" in page.content.decode()
    assert len(rows(page)) == 2
    assert len(rows(look("department", county.east.pk, below="0"))) == 1


def test_the_units_go_out_as_a_file(county, look):
    make.assignment(county.transport, deadline=dt.date(2026, 6, 1))

    file = b"".join(look("departments", export="json").streaming_content)
    told = {row["unit"]: row for row in json.loads(file)}
    assert told["县交通运输局"]["red"] == 1
    assert told["临川县人民政府"]["below"] == 4


def test_only_who_may_remind_today_is_offered_rows_to_pick(client, county, look):
    make.assignment(county.transport, deadline=dt.date(2026, 6, 30))
    assert 'name="pick"' in look("overdue").content.decode()
    assert 'name="pick"' not in look("overdue", as_of="2026-06-30").content.decode()
    client.force_login(county.leader)
    assert 'name="pick"' not in client.get(reverse("overdue")).content.decode()


@pytest.mark.parametrize(
    ("sort", "first"), [("unit", "无人承办"), ("-unit", "学校"), ("source", "无人承办"), ("-source", "学校")]
)
def test_what_has_no_unit_or_speech_stands_at_the_same_end_in_every_database(county, look, sort, first):
    make.commitment("无人承办", deadline=dt.date(2026, 6, 1))
    make.assignment(county.education, title="学校", deadline=dt.date(2026, 6, 2), speech=make.speech("要抓紧施工。"))
    assert rows(look("overdue", sort=sort))[0].commitment.title == first
