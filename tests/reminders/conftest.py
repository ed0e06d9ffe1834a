import datetime as dt

import pytest
from django.utils import timezone

from tests.make import user
from tests.reminders.robot_server import robot_server
from tracker.models import Membership, OfficeSettings, User


def at(month: int, day: int, hour: int = 8, minute: int = 0) -> dt.datetime:
    """A moment of 2026 in the office's time zone."""
    return timezone.make_aware(dt.datetime(2026, month, day, hour, minute))


@pytest.fixture
def office(county):
    """The county, with a head and a leader in charge of the transport bureau, and no quiet days."""
    county.head = user("juzhang", "局长庚")
    Membership.objects.create(user=county.head, unit=county.transport, role=Membership.Role.LIAISON, is_head=True)
    county.transport.leader = county.vice = user("fuxianzhang", "副县长辛", leader=county.root)
    county.transport.save()
    OfficeSettings.objects.create(pk=1, quiet_on_holidays=False)
    return county


@pytest.fixture
def page(client, office):
    """``page(user)`` is a browser of that user."""

    def sign_in(user: User):
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def robots():
    """A chat service that is a gateway of the office."""
    with robot_server() as server:
        OfficeSettings.objects.filter(pk=1).update(gateways=server.origin)
        yield server
