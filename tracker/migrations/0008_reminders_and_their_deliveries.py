import django.db.models.deletion
import simple_history.models
import speeches.acting
import tracker.models.reminders
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracker", "0007_papers"),
    ]

    operations = [
        # Nothing was ever sent with it: it is made anew below.
        migrations.DeleteModel(
            name="Reminder",
        ),
        migrations.CreateModel(
            name="Address",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("email", "email"),
                            ("wecom", "WeCom"),
                            ("dingtalk", "DingTalk"),
                            ("feishu", "Feishu"),
                        ],
                        max_length=8,
                        verbose_name="channel",
                    ),
                ),
                ("is_on", models.BooleanField(default=True, verbose_name="in use")),
                ("to", models.CharField(blank=True, max_length=254, verbose_name="mailbox, or whom to name")),
                ("webhook", models.CharField(blank=True, max_length=500, verbose_name="address of the robot")),
                ("secret", models.CharField(blank=True, max_length=200, verbose_name="signing secret")),
            ],
            options={
                "verbose_name": "address",
                "verbose_name_plural": "addresses",
                "ordering": ["user", "channel"],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("email", "email"),
                            ("wecom", "WeCom"),
                            ("dingtalk", "DingTalk"),
                            ("feishu", "Feishu"),
                        ],
                        max_length=8,
                        verbose_name="channel",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "to be sent"),
                            ("sending", "being sent"),
                            ("sent", "sent"),
                            ("failed", "failed"),
                            ("unconfirmed", "perhaps sent"),
                            ("dropped", "given up"),
                        ],
                        default="pending",
                        max_length=11,
                        verbose_name="state",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("next_attempt_at", models.DateTimeField(verbose_name="next attempt")),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent at")),
                ("error", models.CharField(blank=True, max_length=300, verbose_name="what went wrong")),
            ],
            options={
                "verbose_name": "delivery",
                "verbose_name_plural": "deliveries",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalAddress",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "history_origin",
                    models.CharField(
                        choices=[("page", "page"), ("api", "API"), ("command", "command"), ("task", "background task")],
                        default=speeches.acting.current_origin,
                        max_length=10,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("email", "email"),
                            ("wecom", "WeCom"),
                            ("dingtalk", "DingTalk"),
                            ("feishu", "Feishu"),
                        ],
                        max_length=8,
                        verbose_name="channel",
                    ),
                ),
                ("is_on", models.BooleanField(default=True, verbose_name="in use")),
                ("to", models.CharField(blank=True, max_length=254, verbose_name="mailbox, or whom to name")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
            ],
            options={
                "verbose_name": "historical address",
                "verbose_name_plural": "historical addresses",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalReminderPolicy",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "history_origin",
                    models.CharField(
                        choices=[("page", "page"), ("api", "API"), ("command", "command"), ("task", "background task")],
                        default=speeches.acting.current_origin,
                        max_length=10,
                    ),
                ),
                (
                    "before",
                    models.JSONField(
                        default=tracker.models.reminders.default_before, verbose_name="days before the last day"
                    ),
                ),
                ("on_day", models.BooleanField(default=True, verbose_name="on the last day")),
                (
                    "liaison",
                    models.JSONField(
                        default=tracker.models.reminders.default_liaison, verbose_name="days after: liaison"
                    ),
                ),
                (
                    "head",
                    models.JSONField(
                        default=tracker.models.reminders.default_head, verbose_name="days after: head of the unit"
                    ),
                ),
                (
                    "leader",
                    models.JSONField(
                        default=tracker.models.reminders.default_leader, verbose_name="days after: leader in charge"
                    ),
                ),
                ("answer_within", models.PositiveSmallIntegerField(default=3, verbose_name="working days to answer")),
                ("quiet_on_holidays", models.BooleanField(default=True, verbose_name="quiet on holidays")),
                ("gateways", models.TextField(blank=True, verbose_name="gateways inside the intranet")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
            ],
            options={
                "verbose_name": "historical settings of the reminders",
                "verbose_name_plural": "historical settings of the reminders",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                ("daily", models.BooleanField(verbose_name="digest of the day")),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                ("text", models.TextField(verbose_name="text")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="ReminderPolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "before",
                    models.JSONField(
                        default=tracker.models.reminders.default_before, verbose_name="days before the last day"
                    ),
                ),
                ("on_day", models.BooleanField(default=True, verbose_name="on the last day")),
                (
                    "liaison",
                    models.JSONField(
                        default=tracker.models.reminders.default_liaison, verbose_name="days after: liaison"
                    ),
                ),
                (
                    "head",
                    models.JSONField(
                        default=tracker.models.reminders.default_head, verbose_name="days after: head of the unit"
                    ),
                ),
                (
                    "leader",
                    models.JSONField(
                        default=tracker.models.reminders.default_leader, verbose_name="days after: leader in charge"
                    ),
                ),
                ("answer_within", models.PositiveSmallIntegerField(default=3, verbose_name="working days to answer")),
                ("quiet_on_holidays", models.BooleanField(default=True, verbose_name="quiet on holidays")),
                ("gateways", models.TextField(blank=True, verbose_name="gateways inside the intranet")),
            ],
            options={
                "verbose_name": "settings of the reminders",
                "verbose_name_plural": "settings of the reminders",
            },
        ),
        migrations.AddField(
            model_name="historicalmembership",
            name="is_head",
            field=models.BooleanField(default=False, verbose_name="head of the unit"),
        ),
        migrations.AddField(
            model_name="historicaluser",
            name="language",
            field=models.CharField(
                choices=[("zh-hans", "Simplified Chinese"), ("en", "English")],
                default="zh-hans",
                max_length=10,
                verbose_name="language",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="is_head",
            field=models.BooleanField(default=False, verbose_name="head of the unit"),
        ),
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(
                choices=[("zh-hans", "Simplified Chinese"), ("en", "English")],
                default="zh-hans",
                max_length=10,
                verbose_name="language",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("deleted_at", None), ("period__isnull", False), ("unit", None)),
                fields=("commitment", "period"),
                name="unassigned_once_a_period",
            ),
        ),
        migrations.AddField(
            model_name="address",
            name="user",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="addresses",
                to=settings.AUTH_USER_MODEL,
                verbose_name="user",
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="through",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="tracker.address",
            ),
        ),
        migrations.AddField(
            model_name="historicaladdress",
            name="history_user",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="historicaladdress",
            name="user",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="user",
            ),
        ),
        migrations.AddField(
            model_name="historicalreminderpolicy",
            name="history_user",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="recipient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="to",
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="message",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="deliveries", to="tracker.message"
            ),
        ),
        migrations.AddConstraint(
            model_name="reminderpolicy",
            constraint=models.CheckConstraint(condition=models.Q(("pk", 1)), name="one_reminder_policy"),
        ),
        migrations.AddConstraint(
            model_name="address",
            constraint=models.UniqueConstraint(fields=("user", "channel"), name="address_once_a_channel"),
        ),
        migrations.AddConstraint(
            model_name="address",
            constraint=models.UniqueConstraint(
                condition=models.Q(("user", None)), fields=("channel",), name="one_office_robot_a_channel"
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                condition=models.Q(("daily", True)), fields=("recipient", "day"), name="one_digest_a_day"
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["state", "next_attempt_at"], name="tracker_del_state_3acb7a_idx"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["through", "-claimed_at"], name="tracker_del_through_899a5a_idx"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(fields=("message", "channel"), name="one_delivery_a_channel"),
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("before", "before the day"),
                            ("on_day", "on the day"),
                            ("liaison", "overdue: liaison"),
                            ("head", "overdue: head of the unit"),
                            ("leader", "overdue: leader in charge"),
                            ("manual", "sent by the office"),
                            ("notice", "notice"),
                        ],
                        max_length=8,
                        verbose_name="level",
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("text", models.TextField(verbose_name="text")),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="read at")),
                ("sent_at", models.DateTimeField(verbose_name="sent at")),
                (
                    "assignment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminders",
                        to="tracker.assignment",
                    ),
                ),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reminders", to="tracker.commitment"
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="reminders",
                        to="tracker.message",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminders",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "reminder",
                "verbose_name_plural": "reminders",
                "ordering": ["-sent_at", "-pk"],
                "indexes": [
                    models.Index(fields=["recipient", "-sent_at", "-id"], name="tracker_rem_recipie_d36efd_idx"),
                    models.Index(condition=models.Q(("read_at", None)), fields=["recipient"], name="reminder_unread"),
                    models.Index(
                        condition=models.Q(("message", None)), fields=["recipient"], name="reminder_not_carried"
                    ),
                    models.Index(fields=["assignment", "-sent_at"], name="tracker_rem_assignm_d4b37d_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("level", "notice"), _negated=True),
                        fields=("assignment", "recipient", "level", "day"),
                        name="reminded_once",
                    )
                ],
            },
        ),
    ]
