"""The outbox: messages put together, claimed by one worker, sent, tried again; and what a person must decide.

What is promised. The inbox holds each reminder exactly once: it is a row with a unique key. A channel outside the
house gets each message **at most once by itself**: a worker first claims the delivery by a conditional UPDATE that
is committed before anything is sent. Where the service refuses, or was never reached, it is tried again, later each
time. Where nobody can know (the worker died between sending and writing it down, or the answer never came), the
delivery is neither repeated blindly nor forgotten: it becomes "perhaps sent" and stands on the list of failures
until a person says "send again" or "it arrived". So a reminder can reach a chat twice only if a person said so.

Nothing here may run inside a transaction that could still be rolled back after a message has left.
"""

import datetime as dt
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from tracker.models import Delivery, Message, Reminder, User
from tracker.reminders import channels, words
from tracker.reminders.channels import NotSent, PerhapsSent

logger = logging.getLogger(__name__)
State = Delivery.State

BACKOFF = [dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120)]
MOST_ATTEMPTS = len(BACKOFF) + 1
# A delivery claimed so long ago has lost its worker: every transport gives up well before.
STUCK_AFTER = dt.timedelta(minutes=15)
# WeCom and DingTalk take 20 messages a minute from one robot, and shut out whoever sends more.
ROBOT_LIMIT, ROBOT_SPAN = 18, dt.timedelta(minutes=1)


@dataclass
class Sent:
    """What one run did: deliveries sent, to be tried again or given up, and perhaps sent."""

    sent: int = 0
    failed: int = 0
    unconfirmed: int = 0


def gather(reminders: QuerySet[Reminder], *, now: dt.datetime, daily: bool) -> int:
    """Put those of ``reminders`` that no message carries yet into one message a person. Returns how many messages.

    The day's digest is one a person and day: whoever already had theirs gets what is new tomorrow.
    """
    waiting = reminders.filter(message=None).order_by("recipient")
    people = User.objects.in_bulk(waiting.values_list("recipient", flat=True).distinct())
    routes, day = channels.Routes(), timezone.localdate(now)
    digests = Message.objects.filter(daily=True, day=day, recipient__in=people)
    served = set(digests.values_list("recipient", flat=True)) if daily else set()
    return sum(
        _gather_for(user, reminders, routes, now=now, daily=daily) for pk, user in people.items() if pk not in served
    )


def _gather_for(
    user: User, reminders: QuerySet[Reminder], routes: channels.Routes, *, now: dt.datetime, daily: bool
) -> bool:
    day = timezone.localdate(now)
    try:
        with transaction.atomic():
            message = Message.objects.create(recipient=user, day=day, daily=daily)
            # Each reminder is carried by one message only, whoever else is gathering at this moment.
            reminders.filter(recipient=user, message=None).update(message=message)
            by_deadline = message.reminders.order_by(F("assignment__deadline").asc(nulls_last=True), "pk")
            texts = list(by_deadline.values_list("text", flat=True))
            if not texts:
                message.delete()
                return False
            with translation.override(user.language):
                message.subject = words.subject(len(texts), day)
                message.text = words.digest(texts, day, link=settings.LUOSHI_URL)
            message.save(update_fields=["subject", "text"])
            Delivery.objects.bulk_create(
                Delivery(message=message, channel=channel, next_attempt_at=now) for channel in routes.channels(user)
            )
    except IntegrityError:
        # Another worker has made this person's digest since we looked.
        return False
    return True


def send_due(*, now: dt.datetime | None = None, seconds: float | None = None) -> Sent:
    """Send what is due at ``now``, for at most about ``seconds``; what is left waits for the next run."""
    start, begun = now or timezone.now(), time.monotonic()

    def clock() -> dt.datetime:
        return start + dt.timedelta(seconds=time.monotonic() - begun)

    result = Sent(unconfirmed=_hand_over_stuck(start))
    due = Delivery.objects.filter(state=State.PENDING, next_attempt_at__lte=start).order_by("next_attempt_at", "pk")
    routes = channels.Routes()
    for delivery in list(due.select_related("message__recipient")[:1000]):
        if seconds is not None and time.monotonic() - begun > seconds:
            break
        _send(delivery, routes, clock, result)
    return result


def _hand_over_stuck(now: dt.datetime) -> int:
    lost = Delivery.objects.filter(state=State.SENDING, claimed_at__lt=now - STUCK_AFTER)
    return lost.update(
        state=State.UNCONFIRMED, error=_("The process that sent it ended before it wrote down whether it arrived.")
    )


def _send(delivery: Delivery, routes: channels.Routes, clock: Callable[[], dt.datetime], result: Sent) -> None:
    at = clock()
    mine = Delivery.objects.filter(pk=delivery.pk, state=State.PENDING)
    route = routes.route(delivery.message.recipient, delivery.channel)
    if route is None:
        mine.update(state=State.DROPPED, error=_("This person no longer uses this channel."))
        return
    if _too_fast(route, at):
        mine.update(next_attempt_at=at + ROBOT_SPAN)
        return
    if not mine.update(state=State.SENDING, claimed_at=at, attempts=F("attempts") + 1, through=route.through):
        return  # another worker was first
    delivery.attempts += 1
    try:
        channels.send(route, delivery)
    except NotSent as refusal:
        result.failed += 1
        _put_back(delivery, at, clock(), str(refusal))
        logger.warning("Delivery %s by %s was not sent: %s", delivery.pk, delivery.channel, refusal)
    except PerhapsSent as doubt:
        result.unconfirmed += 1
        _settle(delivery, at, state=State.UNCONFIRMED, error=str(doubt)[:300])
        logger.warning("Delivery %s by %s may or may not have arrived: %s", delivery.pk, delivery.channel, doubt)
    else:
        result.sent += 1
        _settle(delivery, at, state=State.SENT, sent_at=clock(), error="")


def _too_fast(route: channels.Route, at: dt.datetime) -> bool:
    if not route.webhook:
        return False
    return Delivery.objects.filter(through=route.through, claimed_at__gt=at - ROBOT_SPAN).count() >= ROBOT_LIMIT


def _put_back(delivery: Delivery, claimed_at: dt.datetime, now: dt.datetime, error: str) -> None:
    if delivery.attempts >= MOST_ATTEMPTS:
        _settle(delivery, claimed_at, state=State.FAILED, error=error[:300])
    else:
        later = now + BACKOFF[delivery.attempts - 1]
        _settle(delivery, claimed_at, state=State.PENDING, error=error[:300], next_attempt_at=later)


def _settle(delivery: Delivery, claimed_at: dt.datetime, **fields: object) -> None:
    """Write down what became of a claim, unless a person has decided about it in the meantime."""
    Delivery.objects.filter(pk=delivery.pk, claimed_at=claimed_at, state__in=[State.SENDING, State.UNCONFIRMED]).update(
        **fields
    )


def send_test(user: User, channel: str, *, now: dt.datetime | None = None) -> Delivery:
    """Send a line to ``user`` by ``channel`` and see what comes of it; it is not tried again.

    Raises ValidationError where the channel leads nowhere, or was tried three times within a minute.
    """
    now = now or timezone.now()
    routes = channels.Routes()
    if routes.route(user, channel) is None:
        raise ValidationError(_("Switch this channel on first."))
    lately = Message.objects.filter(recipient=user, daily=False, reminders=None, created_at__gt=now - ROBOT_SPAN)
    if lately.count() >= 3:
        raise ValidationError(_("That was a few times already. Wait a minute."))
    with translation.override(user.language):
        subject, text = _("Luoshi: a test"), _("If you can read this, reminders reach you here.")
    message = Message.objects.create(
        recipient=user, day=timezone.localdate(now), daily=False, subject=subject, text=text
    )
    delivery = Delivery.objects.create(message=message, channel=channel, next_attempt_at=now)
    _send(delivery, routes, lambda: now, Sent())
    delivery.refresh_from_db()
    if delivery.state != State.SENT:
        Delivery.objects.filter(pk=delivery.pk).update(state=State.DROPPED)
    return delivery


def send_after_commit() -> None:
    """Have the outbox emptied when the present transaction is through: by a worker, or here where there is none."""
    from tracker.reminders.tasks import send_messages  # the task calls back into this module

    transaction.on_commit(send_messages.delay, robust=True)


def troubles() -> QuerySet[Delivery]:
    """What a person should look at: failed for good, and perhaps sent."""
    return Delivery.objects.filter(state__in=[State.FAILED, State.UNCONFIRMED])


def retry(deliveries: QuerySet[Delivery], *, by: User, now: dt.datetime | None = None) -> int:
    """A person says: send again. Returns how many; those that somebody else decided on meanwhile are left."""
    again = deliveries.filter(state__in=[State.FAILED, State.UNCONFIRMED])
    at = now or timezone.now()
    count = again.update(state=State.PENDING, attempts=0, next_attempt_at=at, error="", settled_by=by)
    send_after_commit()
    return count


def settle_as_arrived(deliveries: QuerySet[Delivery], *, by: User, now: dt.datetime | None = None) -> int:
    """A person says: it arrived. Returns how many."""
    at = now or timezone.now()
    return deliveries.filter(state=State.UNCONFIRMED).update(state=State.SENT, sent_at=at, error="", settled_by=by)


def give_up(deliveries: QuerySet[Delivery], *, by: User) -> int:
    """A person says: leave it, it stands in the inbox. Returns how many."""
    given = deliveries.filter(state__in=[State.FAILED, State.UNCONFIRMED])
    return given.update(state=State.DROPPED, settled_by=by)
