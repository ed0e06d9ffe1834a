"""Messages out of the house: one a day, claimed once, tried again, and handed to a person where nobody can know."""

import datetime as dt
import os
import smtplib
import threading

import pytest
from django.core import mail
from django.db import connection, connections
from django.utils import timezone

from tests import make
from tests.reminders.conftest import at
from tracker.models import Address, Delivery, Message, OfficeSettings, Reminder
from tracker.reminders import channels, outbox, remind_due, remind_now
from tracker.reminders.channels import NotSent, PerhapsSent
from tracker.tick import tick

DEADLINE = dt.date(2026, 4, 30)
State = Delivery.State


@pytest.fixture
def liaison(office):
    """The liaison of transport, who also reads email, with one assignment that is due on 30 April."""
    Address.objects.create(user=office.liaison, channel="email", to="jiaotong@linchuan.example")
    make.assignment(office.transport, deadline=DEADLINE, at=at(3, 1))
    return office.liaison


@pytest.fixture
def failing(monkeypatch):
    """``failing(error)`` makes every transport raise it; ``failing(None)`` makes it work. Counts the attempts."""
    attempts = []

    def fail_with(error):
        def send(route, delivery):
            attempts.append(delivery.pk)
            if error:
                raise error

        monkeypatch.setattr(channels, "send", send)
        return attempts

    return fail_with


def delivery() -> Delivery:
    return Delivery.objects.get()


def test_a_liaison_with_thirty_items_gets_one_message_that_day(liaison, office):
    for number in range(29):
        make.assignment(office.transport, deadline=DEADLINE, at=at(3, 1), title=f"改造第{number + 1}座危桥")

    tick(now=at(4, 30))

    assert Reminder.objects.filter(recipient=liaison).count() == 30
    assert [message.subject for message in mail.outbox] == ["落实：2026年4月30日督办提醒（30条）"]
    assert "30. 【到期提醒】" in mail.outbox[0].body
    assert mail.outbox[0].to == ["jiaotong@linchuan.example"]


def test_a_single_reminder_is_the_message_itself(liaison, settings):
    settings.LUOSHI_URL = "https://luoshi.linchuan.example/"
    tick(now=at(4, 30))

    assert mail.outbox[0].body.splitlines() == [
        Reminder.objects.get().text,
        "查看：https://luoshi.linchuan.example/",
    ]


def test_ticking_twice_sends_once(liaison):
    first, second = tick(now=at(4, 30)), tick(now=at(4, 30, 9))

    assert (first.messages, first.sent) == (1, 1)
    assert (second.reminders, second.messages, second.sent) == (0, 0, 0)
    assert len(mail.outbox) == 1


def test_what_a_run_that_died_left_behind_does_not_go_out_on_a_holiday(liaison):
    remind_due(now=at(4, 30))  # and then it died, before any message was put together
    OfficeSettings.objects.update(quiet_on_holidays=True)

    assert tick(now=at(5, 1)).messages == 0  # 劳动节
    assert mail.outbox == []
    tick(now=at(5, 6))
    assert len(mail.outbox) == 1


def test_what_is_new_after_the_day_s_message_comes_with_the_next_one(liaison, office):
    tick(now=at(4, 29))
    make.assignment(office.transport, deadline=dt.date(2026, 4, 29), at=at(4, 29), title="清淤")
    tick(now=at(4, 29, 15))

    assert Reminder.objects.filter(recipient=liaison).count() == 2
    assert len(mail.outbox) == 1
    tick(now=at(4, 30))
    assert len(mail.outbox) == 2
    assert "清淤" in mail.outbox[1].body


def test_whoever_chose_no_channel_has_it_in_the_inbox_alone(liaison, office):
    Address.objects.all().delete()

    tick(now=at(4, 30))

    assert Reminder.objects.filter(recipient=liaison).exists()
    assert not Delivery.objects.exists()


def test_a_refused_message_is_tried_again_later_each_time_and_then_given_to_a_person(liaison, failing):
    attempts = failing(NotSent("邮件服务器无法连接。"))
    now = at(4, 30)
    waits = []
    for _ in range(outbox.MOST_ATTEMPTS):
        tick(now=now)
        if delivery().state == State.PENDING:
            waits.append(round((delivery().next_attempt_at - now).total_seconds() / 60))
            assert outbox.send_due(now=delivery().next_attempt_at - dt.timedelta(seconds=5)).failed == 0
            now = delivery().next_attempt_at + dt.timedelta(seconds=1)

    assert waits == [1, 5, 30, 120]
    assert len(attempts) == 5
    assert (delivery().state, delivery().error) == (State.FAILED, "邮件服务器无法连接。")
    assert list(outbox.troubles()) == [delivery()]


def test_the_clock_of_the_machine_decides_when_to_try_again(liaison, failing, time_machine):
    time_machine.move_to(at(4, 30), tick=False)
    failing(NotSent("服务无法连接。"))
    tick()
    failing(None)

    time_machine.shift(dt.timedelta(seconds=50))
    assert outbox.send_due().sent == 0
    time_machine.shift(dt.timedelta(seconds=20))
    assert outbox.send_due().sent == 1


def test_a_message_that_may_have_arrived_is_not_sent_again_by_itself(liaison, failing):
    attempts = failing(PerhapsSent("服务未及时应答。"))
    tick(now=at(4, 30))
    failing(None)
    tick(now=at(4, 30, 12))
    tick(now=at(5, 1))

    assert len(attempts) == 2  # the first of 30 April, and the new one of 1 May
    assert Delivery.objects.get(message__day=DEADLINE).state == State.UNCONFIRMED


def test_a_person_has_it_sent_again(liaison, office, failing, django_capture_on_commit_callbacks):
    failing(PerhapsSent("服务未及时应答。"))
    tick(now=at(4, 30))
    failing(None)

    with django_capture_on_commit_callbacks(execute=True):
        assert outbox.retry(outbox.troubles(), by=office.coordinator, now=at(4, 30)) == 1
    assert delivery().state == State.SENT


def test_a_person_says_that_it_arrived(liaison, office, failing):
    failing(PerhapsSent("服务未及时应答。"))
    tick(now=at(4, 30))

    assert outbox.settle_as_arrived(outbox.troubles(), by=office.coordinator) == 1
    assert delivery().state == State.SENT
    assert not outbox.troubles().exists()


def test_a_worker_that_dies_while_sending_leaves_it_to_a_person(liaison, failing):
    failing(SystemExit())
    with pytest.raises(SystemExit):
        tick(now=at(4, 30))
    assert delivery().state == State.SENDING
    attempts = failing(None)

    assert outbox.send_due(now=at(4, 30, 8, 10)).unconfirmed == 0  # it may still be at it
    assert outbox.send_due(now=at(4, 30, 8, 20)).unconfirmed == 1
    assert delivery().state == State.UNCONFIRMED
    assert len(attempts) == 1


def test_a_worker_that_was_only_slow_still_writes_down_that_it_arrived(liaison, monkeypatch):
    def slow(route, row):
        outbox.send_due(now=at(4, 30, 9))  # another worker takes it for lost

    monkeypatch.setattr(channels, "send", slow)
    tick(now=at(4, 30))

    assert delivery().state == State.SENT


def test_a_slow_worker_does_not_overrule_a_person(liaison, office, monkeypatch):
    def slow(route, row):
        outbox.send_due(now=at(4, 30, 9))
        outbox.give_up(outbox.troubles(), by=office.coordinator)

    monkeypatch.setattr(channels, "send", slow)
    tick(now=at(4, 30))

    assert delivery().state == State.DROPPED


def test_a_channel_that_was_switched_off_meanwhile_is_not_used(liaison, failing):
    failing(NotSent("服务无法连接。"))
    tick(now=at(4, 30))
    Address.objects.update(is_on=False)
    attempts = failing(None)

    tick(now=at(4, 30, 9))

    assert attempts == [delivery().pk]  # the first attempt alone
    assert delivery().state == State.DROPPED


def test_by_hand_goes_out_as_soon_as_it_is_saved(liaison, office, django_capture_on_commit_callbacks, time_machine):
    time_machine.move_to(at(4, 20))
    with django_capture_on_commit_callbacks(execute=True):
        remind_now(office.transport.assignments.all(), by=office.coordinator, text="请附照片。")

    assert len(mail.outbox) == 1
    assert "请附照片。" in mail.outbox[0].body


def test_a_robot_is_not_sent_more_than_it_takes_in_a_minute(office, failing):
    robot = Address.objects.create(
        channel="wecom", webhook="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abcdef"
    )
    assert robot.user is None
    for number in range(25):
        unit = make.unit(f"县直单位{number}", office.root)
        make.user(f"user{number}", liaison=unit)
        make.assignment(unit, deadline=DEADLINE, at=at(3, 1))
    failing(None)

    assert tick(now=at(4, 30)).sent == 18
    assert outbox.send_due(now=at(4, 30, 8, 0) + dt.timedelta(seconds=30)).sent == 0
    assert outbox.send_due(now=at(4, 30, 8, 2)).sent == 7


# Email


class Breaking:
    """A mail connection that breaks where it is told to."""

    def __init__(self, opening=None, sending=None):
        self.opening, self.sending = opening, sending

    def open(self):
        if self.opening:
            raise self.opening

    def send_messages(self, messages):
        raise self.sending

    def close(self):
        pass


@pytest.mark.parametrize(
    ("opening", "sending", "state"),
    [
        (ConnectionRefusedError(), None, State.PENDING),
        (smtplib.SMTPAuthenticationError(535, b"no"), None, State.PENDING),
        (None, smtplib.SMTPRecipientsRefused({}), State.PENDING),
        (None, smtplib.SMTPDataError(550, b"no"), State.PENDING),
        (None, smtplib.SMTPServerDisconnected(), State.UNCONFIRMED),
        (None, TimeoutError(), State.UNCONFIRMED),
    ],
)
def test_mail_that_surely_did_not_go_is_tried_again_and_other_mail_is_not(
    liaison, monkeypatch, opening, sending, state
):
    monkeypatch.setattr(channels, "get_connection", lambda **kwargs: Breaking(opening, sending))

    tick(now=at(4, 30))

    assert delivery().state == state
    assert delivery().error


# At once, and to death


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL")
def test_many_workers_at_once_send_each_message_once(liaison, office, failing):
    for number in range(10):
        unit = make.unit(f"县直单位{number}", office.root)
        someone = make.user(f"user{number}", liaison=unit)
        Address.objects.create(user=someone, channel="email", to=f"user{number}@linchuan.example")
        make.assignment(unit, deadline=DEADLINE, at=at(3, 1))
    attempts = failing(None)
    barrier, troubles = threading.Barrier(4, timeout=60), []

    def work():
        try:
            barrier.wait()
            tick(now=at(4, 30))
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
    assert (
        Reminder.objects.count() == Message.objects.count() == Delivery.objects.filter(state=State.SENT).count() == 11
    )
    assert len(attempts) == len(set(attempts)) == 11


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs a database that a second process can reach")
def test_a_process_that_is_killed_while_sending_loses_and_doubles_nothing(liaison, office, failing):
    Address.objects.create(
        user=liaison, channel="wecom", webhook="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abcdef"
    )
    connections.close_all()
    child = os.fork()
    if child == 0:
        channels.send = lambda route, delivery: os._exit(9)
        tick(now=at(4, 30))
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9

    attempts = failing(None)
    tick(now=at(4, 30, 9))

    assert Reminder.objects.count() == Message.objects.count() == 1
    states = sorted(Delivery.objects.values_list("state", flat=True))
    assert states == [State.SENT, State.UNCONFIRMED]  # the one that it died over, and the other
    assert attempts == list(Delivery.objects.filter(state=State.SENT).values_list("pk", flat=True))


def test_the_moment_of_sending_is_kept(liaison):
    tick(now=at(4, 30))

    assert timezone.localdate(delivery().sent_at) == DEADLINE
