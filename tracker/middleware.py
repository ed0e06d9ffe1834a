"""What every request carries: who is acting, through which door."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from speeches.acting import Origin, acting


def acting_from_page(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        with acting(request.user, Origin.PAGE):
            return get_response(request)

    return middleware
