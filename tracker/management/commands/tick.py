"""``manage.py tick``: the day's work, for cron. It may run late, twice, or on two machines at once."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from speeches.acting import Origin, acting
from tracker.tick import tick


class Command(BaseCommand):
    help = "Do the day's work: open the periods of recurring duties that come due, remind, send what waits."

    def handle(self, *args: Any, **options: Any) -> None:
        with acting(None, Origin.COMMAND):
            result = tick()
        self.stdout.write(
            _(
                "%(day)s: %(assignments)d assignments opened, %(reminders)d reminders made in %(messages)d messages; "
                "%(sent)d deliveries sent, %(failed)d not sent, %(unconfirmed)d perhaps sent."
            )
            % vars(result)
        )
        for number in result.broken:
            self.stderr.write(_("%(number)s: its frequency cannot be followed. Correct it.") % {"number": number})
