"""The settings of the reminders become the settings of the office, with those of the lights among them."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import migrations, models


def columns(model):
    """The two columns of the lights, alike on the settings and on their history."""
    return [
        migrations.AddField(
            model,
            'light_tolerance',
            models.PositiveSmallIntegerField(default=10, validators=[MaxValueValidator(100)], verbose_name='percentage points behind the time gone'),
        ),
        migrations.AddField(
            model,
            'light_days',
            models.PositiveSmallIntegerField(default=7, validators=[MaxValueValidator(60)], verbose_name='days in which it counts as due soon'),
        ),
        migrations.AlterField(
            model,
            'answer_within',
            models.PositiveSmallIntegerField(default=3, validators=[MinValueValidator(1), MaxValueValidator(30)], verbose_name='working days to answer'),
        ),
    ]


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', '0002_search_index'),
    ]

    operations = [
        migrations.RemoveConstraint('reminderpolicy', 'one_reminder_policy'),
        migrations.RenameModel('ReminderPolicy', 'OfficeSettings'),
        migrations.RenameModel('HistoricalReminderPolicy', 'HistoricalOfficeSettings'),
        migrations.AlterModelOptions(
            'officesettings',
            {'verbose_name': 'settings of the office', 'verbose_name_plural': 'settings of the office'},
        ),
        migrations.AlterModelOptions(
            'historicalofficesettings',
            {
                'get_latest_by': ('history_date', 'history_id'),
                'ordering': ('-history_date', '-history_id'),
                'verbose_name': 'historical settings of the office',
                'verbose_name_plural': 'historical settings of the office',
            },
        ),
        *columns('officesettings'),
        *columns('historicalofficesettings'),
        migrations.AddConstraint(
            'officesettings', models.CheckConstraint(condition=models.Q(('pk', 1)), name='one_row_of_settings')
        ),
    ]
