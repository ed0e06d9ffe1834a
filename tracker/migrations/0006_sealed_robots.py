"""Seal the addresses and secrets of robots that are stored as they were pasted."""

from django.db import migrations, models

import tracker.sealed
from tracker.sealed import Unreadable, seal, unseal


def seal_all(apps, schema_editor):
    Address = apps.get_model("tracker", "Address")
    for row in Address.objects.exclude(webhook="", secret="").iterator():
        row.webhook, row.secret = seal(row.webhook), seal(row.secret)
        row.save(update_fields=["webhook", "secret"])


def unseal_all(apps, schema_editor):
    """What cannot be opened would be no address: it goes, and must be pasted again."""
    Address = apps.get_model("tracker", "Address")
    for row in Address.objects.exclude(webhook="", secret="").iterator():
        opened = [unseal(value) for value in (row.webhook, row.secret)]
        row.webhook, row.secret = ["" if isinstance(value, Unreadable) else value for value in opened]
        row.save(update_fields=["webhook", "secret"])


class Migration(migrations.Migration):

    dependencies = [
        ("tracker", "0005_taken_out_index"),
    ]

    operations = [
        migrations.AlterField("address", "webhook", models.TextField(blank=True, verbose_name="address of the robot")),
        migrations.AlterField("address", "secret", models.TextField(blank=True, verbose_name="signing secret")),
        migrations.RunPython(seal_all, unseal_all),
        migrations.AlterField(
            "address", "webhook", tracker.sealed.SealedField(blank=True, verbose_name="address of the robot")
        ),
        migrations.AlterField("address", "secret", tracker.sealed.SealedField(blank=True, verbose_name="signing secret")),
    ]
