"""What every page shows around its own content."""

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tracker.rules import LOOKING, Role, scope

# url name, label, the roles that see it (empty: everybody)
NAVIGATION = [
    ("home", _("Workbench"), ()),
    ("speeches", _("Speeches"), LOOKING),
    ("commitments", _("Ledger"), ()),
    ("overdue", _("Overdue"), ()),
    ("departments", _("Departments"), (*LOOKING, Role.LIAISON)),
    ("calendar", _("Calendar"), (*LOOKING, Role.LIAISON)),
    ("reports", _("Papers"), LOOKING),
]

# What the office reckons and brings in stands beside its papers.
BESIDE_REPORTS = ("/scores/", "/imports/")

# What is kept rather than worked on: in the menu under the user's name. url name, label, permission
KEEPING = [
    ("units", _("Units"), "tracker.change_unit"),
    ("users", _("Users"), "tracker.change_user"),
    ("removed", _("Taken out of the ledger"), "tracker.restore_commitment"),
    ("paper_templates", _("Templates of papers"), "tracker.change_template"),
    ("office_settings", _("Settings of the office"), "tracker.change_officesettings"),
    ("reminder_failures", _("Not delivered"), "tracker.settle_deliveries"),
]


def page(request: HttpRequest) -> dict[str, Any]:
    """Today in the office's time zone; the navigation of whoever is signed in, and how many (up to 100) are unread."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"today": timezone.localdate(), "navigation": []}
    mine = scope(user)
    return {
        "today": timezone.localdate(),
        "keeping": [{"url_name": name, "label": label} for name, label, needed in KEEPING if user.has_perm(needed)],
        "unread": user.reminders.filter(read_at=None)[:100].count(),
        "navigation": [
            {
                "url_name": name,
                "label": label,
                "here": request.path == address,
                "within": _within(request.path, address)
                or (name == "reports" and request.path.startswith(BESIDE_REPORTS)),
            }
            for name, label, roles in NAVIGATION
            if (not roles or mine.has(*roles)) and (address := _address(name))
        ],
    }


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _within(path: str, address: str) -> bool:
    """Whether a page belongs to a section: it lies below its address. Everything lies below the workbench's."""
    return path == address if address == reverse("home") else path.startswith(address)
