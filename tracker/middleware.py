"""What every request carries: who is acting, through which door."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

from speeches.acting import Origin, acting
from tracker.models.office import read_once


def without_nul(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Refuse a path with a NUL in it: PostgreSQL keeps none, so nothing can be looked for by it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:
            raise BadRequest("NUL in the address")
        return get_response(request)

    return middleware


def acting_from_page(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        with acting(request.user, Origin.PAGE), read_once():
            return get_response(request)

    return middleware
