"""The pages for what went wrong: a plain sentence, and the way on."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tracker.api.problems import problem

# Programs are told in their own form.
API, PAGES = "/api/", "/api/tokens/"


def _page(request: HttpRequest, status: int, title: str, what_to_do: str) -> HttpResponse:
    if request.path.startswith(API) and not request.path.startswith(PAGES):
        return problem(status, title)
    return render(request, "error.html", {"title": title, "what_to_do": what_to_do}, status=status)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    what_to_do = _("Go back, reload the page and try again.")
    if isinstance(exception, TooManyFieldsSent):
        what_to_do = _("Too much was sent at once. Go back and pick fewer rows.")
    elif isinstance(exception, TooManyFilesSent):
        what_to_do = _("At most %(count)d files are taken at once. Go back and choose fewer.") % {
            "count": settings.DATA_UPLOAD_MAX_NUMBER_FILES
        }
    elif isinstance(exception, RequestDataTooBig):
        what_to_do = _("Too much text was sent at once. Save it as a file and upload that.")
    return _page(request, 400, _("The request was not understood"), what_to_do)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(
        request,
        403,
        _("This is outside of what your role and unit allow"),
        _("If you need it for your work, ask your supervision office."),
    )


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(
        request,
        404,
        _("There is nothing at this address"),
        _("It may have been moved or withdrawn. Look for it in the ledger."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    title = _("Something went wrong on our side")
    what_to_do = _(
        "Nothing of what you entered before has been lost. Try again; if it happens again, tell the administrator."
    )
    try:
        return _page(request, 500, title, what_to_do)
    except Exception:
        # The page's own head asks the database, and that may be what went wrong; it is logged already.
        return HttpResponse(f"{title}\n\n{what_to_do}\n", status=500, content_type="text/plain; charset=utf-8")
