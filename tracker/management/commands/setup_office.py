"""``manage.py setup_office``: the first unit and the first administrator of an empty installation."""

import getpass
import os
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from tracker.models import Membership, Unit, User


class Command(BaseCommand):
    help = (
        "Make the unit at the top of the tree and a user with the roles of administrator and coordinator for it. "
        "The password is asked for, or taken from LUOSHI_PASSWORD. Everything else is done in the browser."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("unit", help="the name of the unit at the top, for example 青禾县人民政府")
        parser.add_argument("--administrator", default="admin", metavar="USERNAME")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        username = options["administrator"]
        if User.objects.filter(username=username).exists():
            raise CommandError(_("The user %(name)s exists already. Choose another name.") % {"name": username})
        password = os.environ.get("LUOSHI_PASSWORD") or _asked()
        user = User(username=username, name=username)
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        user.set_password(password)
        user.save()
        unit, _made = Unit.objects.get_or_create(
            name=options["unit"], defaults={"kind": Unit.Kind.GOVERNMENT, "parent": None}
        )
        for role in (Membership.Role.ADMINISTRATOR, Membership.Role.COORDINATOR):
            Membership.objects.create(user=user, unit=unit, role=role)
        self.stdout.write(
            _("%(user)s can sign in now and is administrator and coordinator of %(unit)s.")
            % {"user": username, "unit": unit.name}
        )


def _asked() -> str:
    try:
        return getpass.getpass(_("Password: "))
    except (EOFError, KeyboardInterrupt) as error:
        raise CommandError(_("No password was given. Type one in a terminal, or set LUOSHI_PASSWORD.")) from error
