"""The inbox, how somebody wants to be reminded, the office's settings, and what was not delivered."""

import datetime as dt

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import make
from tests.reminders.conftest import at
from tracker.lights import light
from tracker.models import Address, Delivery, Message, OfficeSettings, Reminder
from tracker.reminders import notify

KEY = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-4bc4"


@pytest.fixture
def notice(office):
    item = make.assignment(office.transport)

    def notice(text="请报送进展。", to=None) -> Reminder:
        return notify([to or office.liaison], assignment=item, text=text, now=at(5, 3))[0]

    return notice


def failed(office, state=Delivery.State.FAILED, to=None) -> Delivery:
    message = Message.objects.create(recipient=to or office.liaison, day=dt.date(2026, 5, 3), daily=False)
    return Delivery.objects.create(message=message, channel="wecom", state=state, next_attempt_at=at(5, 3), attempts=5)


# The inbox


def test_the_inbox_shows_what_is_mine_and_nothing_else(page, office, notice):
    notice("给交通局的提醒")
    notice("给教育局的提醒", to=office.other_liaison)

    shown = page(office.liaison).get(reverse("inbox")).content.decode()
    assert "给交通局的提醒" in shown
    assert "给教育局的提醒" not in shown


def test_the_masthead_of_every_page_says_how_many_are_unread(page, office, notice):
    notice()
    notice()

    assert page(office.liaison).get(reverse("commitments")).context["unread"] == 2


def test_opening_one_marks_it_read_and_leads_to_its_item(page, office, notice):
    row = notice()

    answer = page(office.liaison).get(reverse("inbox_open", args=[row.pk]))
    assert answer.url == reverse("commitment", args=[row.commitment.number])
    row.refresh_from_db()
    assert row.read_at


def test_what_was_sent_to_another_is_not_there(page, office, notice):
    row = notice(to=office.other_liaison)

    assert page(office.liaison).get(reverse("inbox_open", args=[row.pk])).status_code == 404
    page(office.liaison).post(reverse("inbox_read"), {"one": row.pk})
    row.refresh_from_db()
    assert row.read_at is None


def test_marking_all_as_read_leaves_what_came_meanwhile(page, office, notice):
    first, second = notice(), notice()

    page(office.liaison).post(reverse("inbox_read"), {"up_to": first.pk})

    assert list(Reminder.objects.filter(read_at=None)) == [second]


@pytest.mark.parametrize("data", [{}, {"one": "x"}, {"up_to": "-1"}, {"one": "9" * 40}])
def test_a_forged_id_marks_nothing(page, office, notice, data):
    notice()

    assert page(office.liaison).post(reverse("inbox_read"), data).status_code == 302
    assert Reminder.objects.filter(read_at=None).count() == 1


def test_the_unread_can_be_seen_alone(page, office, notice):
    notice("已读的")
    Reminder.objects.update(read_at=at(5, 4))
    notice("未读的")

    shown = page(office.liaison).get(reverse("inbox"), {"unread": 1}).content.decode()
    assert "未读的" in shown
    assert "已读的" not in shown


def test_a_thousand_are_shown_page_by_page_with_few_queries(page, office, notice, django_assert_max_num_queries):
    row = notice()
    Reminder.objects.bulk_create(
        Reminder(
            commitment=row.commitment, recipient=office.liaison, level="notice", day=row.day, text="x", sent_at=at(5, 3)
        )
        for _ in range(1000)
    )
    browser = page(office.liaison)

    with django_assert_max_num_queries(12):
        answer = browser.get(reverse("inbox"), {"page": 34})
    assert len(answer.context["page"]) == 11
    assert browser.get(reverse("inbox"), {"page": "abc"}).status_code == 200


# How to remind me


def settings_data(**changed) -> dict:
    return {"language": "zh-hans", "email-to": "", "wecom-to": "", "wecom-webhook": "", **changed}


def test_a_mailbox_can_be_chosen(page, office):
    page(office.liaison).post(
        reverse("inbox_settings"), settings_data(**{"email-is_on": "on", "email-to": "bing@linchuan.example"})
    )

    row = Address.objects.get()
    assert (row.user, row.channel, row.to, row.is_on) == (office.liaison, "email", "bing@linchuan.example", True)


def test_a_robot_s_address_is_never_shown_again(page, office):
    browser = page(office.liaison)
    data = {"dingtalk-is_on": "on", "dingtalk-secret": "SECabcdef123"}
    data["dingtalk-webhook"] = "https://oapi.dingtalk.com/robot/send?access_token=566cc69da782ec42"
    browser.post(reverse("inbox_settings"), settings_data(**data))

    assert Address.objects.get().webhook.endswith("566cc69da782ec42")
    shown = browser.get(reverse("inbox_settings")).content.decode()
    assert "566cc69da782ec42" not in shown
    assert "SECabcdef123" not in shown
    assert "已保存，尾号为 ec42，不再显示全文" in shown


def test_a_refused_form_does_not_show_the_address_either(page, office):
    data = {"wecom-is_on": "on", "wecom-webhook": "https://evil.example/?key=693a91f6-4bc4"}
    shown = page(office.liaison).post(reverse("inbox_settings"), settings_data(**data)).content.decode()

    assert "qyapi.weixin.qq.com" in shown  # where such an address would be
    assert "693a91f6-4bc4" not in shown
    assert not Address.objects.exists()


def test_saving_without_a_new_address_keeps_the_stored_one(page, office):
    Address.objects.create(user=office.liaison, channel="wecom", webhook=KEY)

    page(office.liaison).post(
        reverse("inbox_settings"), settings_data(**{"wecom-is_on": "on", "wecom-to": "13800000000"})
    )

    row = Address.objects.get()
    assert (row.webhook, row.to) == (KEY, "13800000000")


def test_a_stored_robot_can_be_forgotten(page, office):
    Address.objects.create(user=office.liaison, channel="wecom", webhook=KEY)

    page(office.liaison).post(reverse("inbox_settings"), settings_data(**{"wecom-forget": "on"}))

    row = Address.objects.get()
    assert (row.webhook, row.is_on) == ("", False)


def test_what_was_not_touched_goes_on_following_the_office(page, office):
    page(office.liaison).post(reverse("inbox_settings"), settings_data(language="en"))

    assert not Address.objects.exists()
    office.liaison.refresh_from_db()
    assert office.liaison.language == "en"


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"email-is_on": "on"}, "email-to"),
        ({"email-is_on": "on", "email-to": "不是邮箱"}, "email-to"),
        ({"wecom-is_on": "on"}, "wecom-webhook"),
        ({"wecom-is_on": "on", "wecom-webhook": "http://127.0.0.1:5432/"}, "wecom-webhook"),
        ({"wecom-is_on": "on", "wecom-webhook": KEY, "wecom-to": "张 三"}, "wecom-to"),
        ({"wecom-is_on": "on", "wecom-webhook": KEY, "wecom-to": "<script>"}, "wecom-to"),
        ({"dingtalk-to": "123"}, "dingtalk-to"),
        ({"dingtalk-secret": "密钥"}, "dingtalk-secret"),
        ({"feishu-to": "13800000000"}, "feishu-to"),
        ({"language": "fr"}, "language"),
    ],
)
def test_bad_input_is_told_at_its_field_and_changes_nothing(page, office, data, field):
    answer = page(office.liaison).post(reverse("inbox_settings"), settings_data(**data))

    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not Address.objects.exists()


def test_a_test_message_says_what_came_of_it(page, office):
    Address.objects.create(user=office.liaison, channel="email", to="bing@linchuan.example")

    answer = page(office.liaison).post(reverse("inbox_test"), {"channel": "email"}, follow=True)

    assert "已通过电子邮件发出测试消息" in answer.content.decode()
    assert mail.outbox[0].to == ["bing@linchuan.example"]


def test_a_test_that_fails_is_not_tried_again(page, office, robots):
    robots.answer = b'{"errcode": 93000}'
    Address.objects.create(user=office.liaison, channel="wecom", webhook=f"{robots.origin}/send?key=abcdef")

    answer = page(office.liaison).post(reverse("inbox_test"), {"channel": "wecom"}, follow=True)

    assert "93000" in answer.content.decode()
    assert Delivery.objects.get().state == Delivery.State.DROPPED


@pytest.mark.parametrize("channel", ["email", "pigeon", ""])
def test_a_test_by_a_channel_that_is_off_is_refused(page, office, channel):
    answer = page(office.liaison).post(reverse("inbox_test"), {"channel": channel}, follow=True)

    assert answer.status_code == 200
    assert not Message.objects.exists()


def test_testing_over_and_over_is_stopped(page, office):
    Address.objects.create(user=office.liaison, channel="email", to="bing@linchuan.example")
    for _ in range(5):
        page(office.liaison).post(reverse("inbox_test"), {"channel": "email"})

    assert len(mail.outbox) == 3


# The office's settings


def policy_data(**changed) -> dict:
    return {
        "light_tolerance": "10",
        "light_days": "7",
        "before": "30、7",
        "on_day": "on",
        "liaison": "1",
        "head": "7",
        "leader": "15",
        "answer_within": "3",
        "gateways": "",
        **changed,
    }


def test_the_administrator_sets_the_days(page, office):
    page(office.administrator).post(
        reverse("office_settings"), policy_data(before="15，3, 1", leader="", gateways="gw.linchuan.example")
    )

    policy = OfficeSettings.get()
    assert (policy.before, policy.leader, policy.quiet_on_holidays) == ([15, 3, 1], [], False)
    assert policy.gateways == "https://gw.linchuan.example"


def test_a_light_follows_what_the_administrator_has_set(page, office, time_machine):
    time_machine.move_to(at(6, 20, 12))
    item = make.assignment(office.transport, at=at(3, 10))
    assert light(item, dt.date(2026, 6, 20)) == "yellow"

    page(office.administrator).post(reverse("office_settings"), policy_data(light_tolerance="100", light_days="3"))

    assert light(item, dt.date(2026, 6, 20)) == "green"
    assert OfficeSettings.history.latest("history_id").history_user == office.administrator


def test_the_settings_are_read_once_a_request(page, office):
    for unit in (office.transport, office.education, office.east):
        make.assignment(unit)
    browser = page(office.coordinator)
    with CaptureQueriesContext(connection) as queries:
        browser.get(reverse("departments"))
    assert sum('FROM "tracker_officesettings"' in query["sql"] for query in queries) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("light_tolerance", "101"),
        ("light_tolerance", "-1"),
        ("light_days", "61"),
        ("light_days", "七"),
        ("before", "七天"),
        ("before", "0"),
        ("before", "-3"),
        ("before", "366"),
        ("before", "1.5"),
        ("before", " ".join(str(day) for day in range(1, 14))),
        ("answer_within", "0"),
        ("answer_within", "99"),
        ("gateways", "http://169.254.169.254"),
        ("gateways", "gw.example/path"),
    ],
)
def test_settings_that_make_no_sense_are_refused_at_their_field(page, office, field, value):
    answer = page(office.administrator).post(reverse("office_settings"), policy_data(**{field: value}))

    assert f'id="id_{field}_error"' in answer.content.decode()
    assert OfficeSettings.get().before == [30, 7, 3, 1]


def test_a_robot_of_the_office_reaches_whoever_chose_nothing(page, office):
    page(office.administrator).post(
        reverse("office_settings"), policy_data(**{"wecom-is_on": "on", "wecom-webhook": KEY})
    )

    assert Address.objects.get().user is None
    shown = page(office.liaison).get(reverse("inbox_settings"))
    assert shown.context["usable"] == {"wecom"}


def test_units_that_nobody_answers_for_are_named(page, office):
    make.assignment(office.east)

    shown = page(office.administrator).get(reverse("office_settings")).context["unreachable"]
    assert shown["liaison"] == [office.east]


@pytest.mark.parametrize("who", ["coordinator", "leader", "liaison", "observer"])
def test_only_the_administrator_changes_the_office_s_settings(page, office, who):
    browser = page(getattr(office, who))

    assert browser.get(reverse("office_settings")).status_code == 403
    assert browser.post(reverse("office_settings"), policy_data(before="1")).status_code == 403
    assert OfficeSettings.get().before == [30, 7, 3, 1]


def test_beyond_the_known_holidays_the_page_says_so(page, office, time_machine):
    time_machine.move_to(dt.datetime(2031, 5, 6, tzinfo=dt.UTC))

    assert page(office.administrator).get(reverse("office_settings")).context["calendar_ends"]


# What was not delivered


@pytest.mark.parametrize("who", ["leader", "liaison", "observer"])
def test_only_the_office_and_the_administrator_see_what_was_not_delivered(page, office, who):
    failed(office)

    assert page(getattr(office, who)).get(reverse("reminder_failures")).status_code == 403


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [
        ("retry", "failed", "dropped"),  # tried again at once; the channel is off by now
        ("arrived", "unconfirmed", "sent"),
        ("give_up", "failed", "dropped"),
        ("give_up", "unconfirmed", "dropped"),
    ],
)
def test_a_person_decides_what_becomes_of_it(page, office, action, before, after, django_capture_on_commit_callbacks):
    row = failed(office, before)

    with django_capture_on_commit_callbacks(execute=True):
        page(office.coordinator).post(reverse("reminder_failures"), {"pk": row.pk, "action": action})

    row.refresh_from_db()
    assert (row.state, row.settled_by) == (after, office.coordinator)


@pytest.mark.parametrize(
    "data", [{}, {"action": "retry"}, {"action": "burn", "pk": "1"}, {"action": "retry", "pk": "x"}]
)
def test_a_forged_decision_changes_nothing(page, office, data):
    row = failed(office)

    answer = page(office.coordinator).post(reverse("reminder_failures"), data)
    assert answer.status_code == 400
    row.refresh_from_db()
    assert row.state == "failed"


def test_an_office_sees_only_its_own_jurisdiction(page, office):
    theirs = make.user("zhenduban", "镇督查员", coordinator=office.east)
    row = failed(office)
    browser = page(theirs)

    assert not browser.get(reverse("reminder_failures")).context["page"].object_list
    assert browser.post(reverse("reminder_failures"), {"pk": row.pk, "action": "give_up"}).status_code == 400
    row.refresh_from_db()
    assert row.state == "failed"


def test_the_failures_of_a_leader_in_charge_are_seen_by_the_office(page, office):
    vice = office.vice
    vice.memberships.all().delete()
    row = failed(office, to=vice)

    assert list(page(office.coordinator).get(reverse("reminder_failures")).context["page"]) == [row]


def test_whoever_is_not_signed_in_is_asked_to(client, office):
    for name in ("inbox", "inbox_settings", "office_settings", "reminder_failures"):
        assert client.get(reverse(name)).url.startswith(reverse("login"))
