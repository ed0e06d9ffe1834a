"""The API: thin operations over the same domain functions and the same permissions as the pages.

Errors are problem details (RFC 9457): ``type``, ``title``, ``status``, ``detail``, and ``errors`` for single
fields, in the language that ``Accept-Language`` asks for. Lists are paged by cursor.
"""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI

from tracker.api import assignments, commitments, papers, people, reports, speeches, units
from tracker.api.auth import SessionAuth, TokenAuth
from tracker.api.problems import add_problem_handlers

api = NinjaAPI(
    title="Luoshi",
    version="1",
    description=str(_("Commitments from speeches, followed to their end. Everything that the pages can do.")),
    auth=[TokenAuth(), SessionAuth()],
    urls_namespace="api",
    docs_url="/docs",
)
add_problem_handlers(api)
api.add_router("", people.router, tags=["people"])
api.add_router("/speeches", speeches.router, tags=["speeches"])
api.add_router("/findings", speeches.findings, tags=["review"])
api.add_router("/commitments", commitments.router, tags=["commitments"])
api.add_router("/assignments", assignments.router, tags=["assignments"])
api.add_router("/units", units.router, tags=["units"])
api.add_router("/reports", reports.router, tags=["reports"])
api.add_router("/reports", papers.router, tags=["papers"])


def _open(patterns: list[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """Operations bring their own authentication; the documentation page asks for a signed-in user."""
    for pattern in patterns:
        if pattern.name != "openapi-view":
            login_not_required(pattern.callback)
    return patterns


_patterns, _app, _namespace = api.urls
urls = (_open(_patterns), _app, _namespace)
