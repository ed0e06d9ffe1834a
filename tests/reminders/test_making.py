"""Who is told what: by the day's work, by hand, and as a notice."""

import datetime as dt
import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from tests import make
from tests.reminders.conftest import at
from tracker import workflow
from tracker.models import Assignment, Delegation, Membership, Message, OfficeSettings, Reminder, User
from tracker.reminders import notify, remind_due, remind_now
from tracker.reminders.making import people_of

DEADLINE = dt.date(2026, 4, 30)


@pytest.fixture
def assignment(office) -> Assignment:
    return make.commitment(lead=office.transport, deadline=DEADLINE, at=at(3, 1)).assignments.get()


def told(day: dt.datetime) -> list[str]:
    """Who was told what by a run at ``day``."""
    there = set(Reminder.objects.values_list("pk", flat=True))
    remind_due(now=day)
    fresh = Reminder.objects.exclude(pk__in=there).select_related("recipient").order_by("level", "recipient__name")
    return [f"{row.recipient.name} {row.level}" for row in fresh]


def test_the_liaison_is_told_before_the_day(assignment):
    assert told(at(4, 27)) == ["联络员丙 before"]


def test_the_sentence_is_the_one_an_office_would_write(assignment):
    number = assignment.commitment.number
    told(at(4, 27))
    told(at(5, 3))

    before, late = Reminder.objects.order_by("day").values_list("text", flat=True)
    assert before == (
        f"【临期提醒】您单位（交通局）承办的“完成县道改造”（编号{number}）应于2026年4月30日办结，还有3天，请抓紧办理。"
    )
    assert late == (
        f"【催办】您单位（交通局）承办的“完成县道改造”（编号{number}）应于2026年4月30日办结，现已逾期3天，"
        "请抓紧办理并于2026年5月8日前反馈。"
    )


def test_overdue_it_climbs_from_the_liaison_to_the_head_to_the_leader_in_charge(assignment):
    assert told(at(5, 1)) == ["联络员丙 liaison"]
    assert told(at(5, 7)) == ["局长庚 head", "联络员丙 liaison"]
    assert told(at(5, 15)) == ["副县长辛 leader"]
    assert told(at(5, 16)) == []


def test_a_run_twice_the_same_day_tells_nobody_twice(assignment):
    told(at(4, 27))

    assert told(at(4, 27, 17)) == []


def test_a_run_that_comes_late_says_once_what_it_missed(assignment):
    assert told(at(4, 25)) == ["联络员丙 before"]  # due on the 23rd
    assert told(at(4, 26)) == []


def test_on_holidays_nobody_is_disturbed_and_nothing_is_lost(office):
    OfficeSettings.objects.update(quiet_on_holidays=True)
    make.commitment(lead=office.transport, deadline=dt.date(2026, 10, 3), at=at(9, 29))

    assert told(at(9, 30)) == ["联络员丙 on_day"]  # the last working day before 国庆节
    assert told(at(10, 5)) == []
    assert told(at(10, 8)) == ["联络员丙 liaison"]


@pytest.mark.parametrize("step", ["submit", "suspend", "withdraw", "delete"])
def test_what_is_no_longer_the_unit_s_to_hurry_is_not_reminded_of(assignment, step):
    if step == "submit":
        workflow.receive(assignment, by=None, at=at(3, 2))
        workflow.submit(assignment, by=None, at=at(4, 20))
    elif step == "delete":
        Assignment.objects.update(deleted_at=at(4, 1))
    else:
        getattr(workflow, step)(assignment, by=None, reason="汛期停工", at=at(4, 1))

    assert told(at(5, 15)) == []


def test_an_extension_moves_the_days(assignment):
    Assignment.objects.filter(pk=assignment.pk).update(deadline=dt.date(2026, 6, 30))

    assert told(at(5, 1)) == []
    assert told(at(6, 23)) == ["联络员丙 before"]


def test_what_nobody_is_charged_with_is_the_office_s_own(office):
    make.commitment(deadline=DEADLINE, at=at(3, 1))

    assert told(at(5, 15)) == ["督查员甲 liaison"]
    assert "尚未明确承办单位" in Reminder.objects.get().text


def test_each_member_of_a_group_is_told_of_its_own(office):
    make.user("dongtang", "联络员东", liaison=office.east)
    make.user("xiling", "联络员西", liaison=office.west)
    make.commitment(lead=office.towns, deadline=DEADLINE, at=at(3, 1))

    assert told(at(4, 30)) == ["联络员东 on_day", "联络员西 on_day"]


def test_a_unit_without_a_liaison_is_told_through_the_unit_above(office):
    station = make.unit("县公路站", office.transport)
    make.commitment(lead=station, deadline=DEADLINE, at=at(3, 1))

    assert told(at(4, 30)) == ["联络员丙 on_day"]


def test_without_a_head_the_word_goes_to_the_liaison_instead(office):
    make.commitment(lead=office.education, deadline=DEADLINE, at=at(3, 1))
    told(at(5, 3))

    assert told(at(5, 7)) == ["联络员丁 head"]
    assert "主要负责人" in Reminder.objects.get(level="head").text


def test_whoever_is_spoken_to_at_two_levels_hears_of_the_newest_alone(office):
    make.commitment(lead=office.education, deadline=DEADLINE, at=at(3, 1))

    assert told(at(5, 8)) == ["联络员丁 head"]
    assert told(at(5, 9)) == []


def test_a_unit_that_nobody_answers_for_is_told_to_nobody_and_breaks_nothing(office):
    make.commitment(lead=office.east, deadline=DEADLINE, at=at(3, 1))

    assert told(at(5, 15)) == []


def test_whoever_stands_in_is_told_instead_of_whoever_is_away(assignment, office):
    Delegation.objects.create(
        absent=office.liaison,
        substitute=office.other_liaison,
        starts_on=dt.date(2026, 4, 20),
        ends_on=dt.date(2026, 4, 29),
    )

    assert told(at(4, 27)) == ["联络员丁 before"]
    assert told(at(4, 30)) == ["联络员丙 on_day"]


def test_whoever_takes_over_the_post_is_told_how_it_stands(assignment, office):
    told(at(5, 1))
    Membership.objects.filter(user=office.liaison).update(user=make.user("xinren", "新联络员"))

    assert told(at(5, 2)) == ["新联络员 liaison"]


def test_nobody_who_has_left_is_told(assignment, office):
    User.objects.filter(pk=office.liaison.pk).update(is_active=False)

    assert told(at(4, 30)) == ["局长庚 on_day"]


def test_an_english_reader_is_told_in_english(assignment, office):
    User.objects.filter(pk=office.liaison.pk).update(language="en")
    told(at(5, 3))

    assert Reminder.objects.get().text.startswith("[Reminder] “完成县道改造”")


def test_a_thousand_assignments_cost_no_more_queries_than_ten(office, django_assert_max_num_queries):
    duty = make.commitment(lead=office.transport, deadline=DEADLINE, at=at(3, 1))
    units = [make.unit(f"县直单位{number}", office.transport) for number in range(40)]
    Assignment.objects.bulk_create(
        Assignment(commitment=duty, unit=unit, begins_on=dt.date(2026, 3, 1), deadline=DEADLINE, sent_at=at(3, 1))
        for unit in units
    )

    with django_assert_max_num_queries(10):
        assert remind_due(now=at(4, 30)) == 41


# By hand


def test_the_office_reminds_by_hand_with_its_own_words(assignment, office):
    result = remind_now([assignment], by=office.coordinator, text="请附施工照片。", now=at(5, 3))

    assert (result.assignments, result.already, result.unreachable) == (1, [], [])
    reminder = Reminder.objects.get()
    assert (reminder.recipient, reminder.sent_by, reminder.level) == (office.liaison, office.coordinator, "manual")
    assert reminder.text.startswith("【催办】")
    assert reminder.text.endswith("请附施工照片。")


def test_reminding_of_many_makes_one_message_a_person(office):
    rows = [make.assignment(office.transport) for _ in range(30)]

    remind_now(rows, by=office.coordinator, now=at(7, 5))

    assert Reminder.objects.count() == 30
    message = Message.objects.get()
    assert message.reminders.count() == 30
    assert message.subject == "落实：2026年7月5日督办提醒（30条）"


def test_reminding_twice_a_day_says_so_and_tells_nobody_twice(assignment, office):
    remind_now([assignment], by=office.coordinator, now=at(5, 3))
    result = remind_now([assignment], by=office.coordinator, now=at(5, 3, 16))

    assert (result.reminders, result.already) == ([], [assignment])
    assert Reminder.objects.count() == Message.objects.count() == 1


@pytest.mark.parametrize("who", ["liaison", "leader", "observer", "administrator"])
def test_only_the_office_reminds_by_hand(assignment, office, who):
    with pytest.raises(PermissionDenied):
        remind_now([assignment], by=getattr(office, who))

    assert not Reminder.objects.exists()


def test_one_that_may_not_be_reminded_of_stops_all(assignment, office):
    theirs = make.user("zhenduban", "镇督查员", coordinator=office.east)
    own = make.assignment(office.east)

    with pytest.raises(PermissionDenied):
        remind_now([own, assignment], by=theirs)
    assert not Reminder.objects.exists()


def test_a_closed_one_is_passed_over(assignment, office):
    workflow.withdraw(assignment, by=None, reason="机构合并")

    assert remind_now([assignment], by=office.coordinator).assignments == 0


def test_units_with_nobody_to_tell_are_named(office):
    result = remind_now([make.assignment(office.east)], by=office.coordinator)

    assert result.unreachable == [office.east]


# Notices


def test_an_instruction_reaches_the_liaisons_of_every_unit_charged(office):
    commitment = make.commitment(lead=office.transport, support=(office.education,), deadline=DEADLINE)
    text = format_lazy("{}：{}", gettext_lazy("instruction"), "请加快进度。")

    notify(people_of(commitment), commitment=commitment, text=text, by=office.leader)

    assert {row.recipient.name for row in Reminder.objects.all()} == {"联络员丙", "联络员丁"}
    assert Message.objects.count() == 2


def test_two_notices_on_one_day_are_two(assignment, office):
    for text in ("第一条批示", "第二条批示"):
        notify([office.liaison, office.liaison], assignment=assignment, text=text, now=at(5, 3))

    assert list(Reminder.objects.order_by("pk").values_list("text", flat=True)) == ["第一条批示", "第二条批示"]


def test_a_notice_is_about_something(office):
    with pytest.raises(ValueError, match="about"):
        notify([office.liaison], text="无")


# At once


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL")
def test_many_workers_at_once_tell_everybody_once(office):
    for _ in range(20):
        make.assignment(office.transport, deadline=DEADLINE, at=at(3, 1))
    barrier, troubles = threading.Barrier(4, timeout=60), []

    def work():
        try:
            barrier.wait()
            remind_due(now=at(12, 1))
        except Exception as error:
            troubles.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert troubles == []
    assert Reminder.objects.count() == 20 * 3
