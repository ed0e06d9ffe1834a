"""The keys of robots: sealed in the database, open in use, and what is said where the secret key has changed."""

import pytest
from django.core.exceptions import FieldError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse

from tests import make
from tests.reminders.conftest import at
from tests.reminders.test_pages import KEY, policy_data, settings_data
from tracker.models import Address, Delivery
from tracker.reminders import outbox
from tracker.sealed import Unreadable, seal, unseal
from tracker.tick import tick

OTHER = "another-secret-key-of-this-installation-with-enough-characters"


def stored() -> tuple[str, str]:
    """The two columns as whoever copies the database has them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT webhook, secret FROM tracker_address")
        return cursor.fetchone()


def test_a_copy_of_the_database_does_not_hold_the_key_of_a_robot(office):
    Address.objects.create(user=office.liaison, channel="dingtalk", webhook=KEY, secret="SECabcdef123")

    assert not any(open_text in column for column in stored() for open_text in ("693a91f6", "qyapi", "SECabcdef123"))
    row = Address.objects.get()
    assert (row.webhook, row.secret) == (KEY, "SECabcdef123")


def test_no_robot_is_stored_as_no_robot(office):
    Address.objects.create(user=office.liaison, channel="email")

    assert stored() == ("", "")


def test_the_same_key_is_sealed_differently_each_time():
    assert seal(KEY) != seal(KEY)
    assert unseal(seal(KEY)) == KEY


def test_a_sealed_column_cannot_be_searched():
    with pytest.raises(FieldError):
        Address.objects.filter(webhook=KEY)


def test_a_page_shows_the_end_of_a_stored_address_and_no_more(page, office):
    Address.objects.create(user=office.liaison, channel="wecom", webhook=KEY)

    shown = page(office.liaison).get(reverse("inbox_settings")).content.decode()
    assert "尾号为 4bc4" in shown
    assert "-4bc4" not in shown


def test_under_a_new_secret_key_the_page_says_what_to_do_and_saving_loses_nothing(page, office, settings):
    Address.objects.create(user=None, channel="wecom", webhook=KEY)
    was = stored()
    settings.SECRET_KEY = OTHER
    browser = page(office.administrator)

    shown = browser.get(reverse("office_settings")).content.decode()
    assert "密钥" in shown
    assert "请重新粘贴" in shown
    browser.post(reverse("office_settings"), policy_data(**{"before": "5", "wecom-is_on": ""}))

    assert isinstance(Address.objects.get().webhook, Unreadable)
    assert stored() == was, "the earlier key still opens it"


def test_under_a_new_secret_key_a_new_address_can_be_pasted(page, office, settings):
    Address.objects.create(user=office.liaison, channel="wecom", webhook=KEY)
    settings.SECRET_KEY = OTHER

    page(office.liaison).post(
        reverse("inbox_settings"), settings_data(**{"wecom-is_on": "on", "wecom-webhook": KEY + "0"})
    )

    assert Address.objects.get().webhook == KEY + "0"


@pytest.mark.parametrize("lost", ["webhook", "secret"])
def test_a_delivery_by_a_robot_that_cannot_be_read_says_so_and_posts_nothing(office, robots, settings, lost):
    address = robots.origin + "/robot/send?access_token=566cc69da782ec42"
    row = Address.objects.create(user=office.liaison, channel="dingtalk", webhook=address, secret="SECabcdef123")
    setattr(row, lost, Unreadable("gAAAAABsealed-by-another-key"))
    row.save()
    make.assignment(office.transport, deadline=at(4, 30).date(), at=at(3, 1))

    tick(now=at(4, 30))

    delivery = Delivery.objects.get()
    assert delivery.state == Delivery.State.PENDING
    assert "请重新粘贴" in delivery.error
    assert robots.posted == []
    for later in range(1, 5):
        outbox.send_due(now=at(5, later))
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.FAILED, "somebody sees it under what was not delivered"


def test_an_earlier_secret_key_that_is_still_named_opens_what_it_sealed(office, settings):
    Address.objects.create(user=office.liaison, channel="wecom", webhook=KEY)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], OTHER

    row = Address.objects.get()
    assert row.webhook == KEY
    row.save()
    settings.SECRET_KEY_FALLBACKS = []
    assert Address.objects.get().webhook == KEY, "saving sealed it with the new key"


@pytest.mark.django_db(transaction=True)
def test_addresses_stored_before_are_sealed_by_the_migration_and_opened_by_going_back():
    before, after = [("tracker", "0005_taken_out_index")], [("tracker", "0006_sealed_robots")]
    executor = MigrationExecutor(connection)
    if not executor.loader.applied_migrations:
        pytest.skip("the tables were made without migrations")
    executor.migrate(before)
    try:
        old = executor.loader.project_state(before).apps.get_model("tracker", "Address")
        old.objects.create(user=None, channel="wecom", webhook=KEY)
        old.objects.create(user=None, channel="email")

        MigrationExecutor(connection).migrate(after)
        assert not any(KEY in row.webhook for row in old.objects.all())
        assert {row.webhook for row in Address.objects.all()} == {KEY, ""}

        MigrationExecutor(connection).migrate(before)
        assert {row.webhook for row in old.objects.all()} == {KEY, ""}
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())
