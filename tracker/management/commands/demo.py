"""``manage.py demo``: an invented county in an empty database, served in the browser. It needs no set-up."""

import io
import socket
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import track
from rich.table import Table

from speeches.models import SourceFile
from tracker.demo import county, load
from tracker.models import Evidence, Membership

PORTS = range(8000, 8020)
# Of the liaisons the table shows these; there is one for each unit.
LIAISONS_SHOWN = {"jiaotong", "jiaotong-zheng", "zhujian", "shiqiao", "gaodian", "anweiban"}


class Command(BaseCommand):
    help = "Fill an empty database with an invented county, print the sign-ins, and serve it until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-serve", action="store_true", help="fill and print, but do not serve")
        parser.add_argument(
            "--reset", action="store_true", help="wipe the demo's own data and tell it anew as of today"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.console = Console(file=self.stdout._out)
        refuse_foreign_tables()
        call_command("migrate", interactive=False, verbosity=0)
        if options["reset"] and load.is_here():
            self.wipe()
        if load.is_here():
            self.stdout.write(_("The demo is already here. To tell it anew as of today, add --reset."))
        elif load.is_empty():
            self.fill()
        else:
            raise CommandError(
                _(
                    "%(database)s already holds other data, and the demo leaves that alone. Unset DATABASE_URL and "
                    "LUOSHI_DATA_DIR, or point them to an empty database."
                )
                % {"database": database_name()}
            )
        self.print_people()
        if not options["no_serve"]:
            self.serve()

    def wipe(self) -> None:
        """Delete the demo's rows and files, having said so; a person at a terminal is asked first."""
        self.stdout.write(
            _("This deletes everything in %(database)s and its files, what you entered into the demo included.")
            % {"database": database_name()}
        )
        if self.console.is_terminal and input(_("Type yes to go on: ")).strip() != "yes":
            raise CommandError(_("Nothing was deleted."))
        for kept in (*SourceFile.objects.all(), *Evidence.objects.all()):
            kept.file.delete(save=False)
        call_command("flush", interactive=False, verbosity=0)

    def fill(self) -> None:
        with transaction.atomic():
            load.run(
                track(
                    load.Replay(timezone.now()).events(),
                    description=_("Telling the county's last months"),
                    console=self.console,
                    disable=not self.console.is_terminal,
                    transient=True,
                )
            )

    def print_people(self) -> None:
        table = Table(title=_("%(county)s: the password is always %(password)s") % _names())
        for heading in (_("User name"), _("Role"), _("Name"), _("Post")):
            table.add_column(heading)
        for person in county.PEOPLE:
            liaison = person.role == Membership.Role.LIAISON
            if not liaison or person.username in LIAISONS_SHOWN:
                post = f"{person.unit} {person.post}" if liaison else person.post
                table.add_row(person.username, str(Membership.Role(person.role).label), person.name, post)
        self.console.print(table)
        self.stdout.write(
            _("Every other unit has a liaison and a head too; the administrator's list of users shows them.")
        )

    def serve(self) -> None:
        if not settings.DEBUG:
            self.stdout.write(_("These are production settings: start the web server as README.md says."))
            return
        port = free_port()
        self.stdout.write(_("Open http://127.0.0.1:%(port)d/ in a browser. Ctrl-C stops it.") % {"port": port})
        self.stdout.flush()
        call_command("runserver", f"127.0.0.1:{port}", use_reloader=False, stdout=io.StringIO())


def refuse_foreign_tables() -> None:
    """Raise CommandError where the database belongs to another program, before anything is created in it."""
    tables = connection.introspection.table_names()
    if tables and "django_migrations" not in tables:
        raise CommandError(
            _("%(database)s belongs to another program. Point DATABASE_URL to an empty database.")
            % {"database": database_name()}
        )


def database_name() -> str:
    return str(connection.settings_dict["NAME"])


def free_port() -> int:
    for port in PORTS:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise CommandError(
        _("The ports %(first)d to %(last)d are all taken. Stop what uses them, then run this again.")
        % {"first": PORTS[0], "last": PORTS[-1]}
    )


def _names() -> dict[str, str]:
    return {"county": county.NAME, "password": county.PASSWORD}
