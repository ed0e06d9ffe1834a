"""Who calls: a personal token, or the session of somebody who is signed in."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.security import HttpBearer
from ninja.security import SessionAuth as NinjaSessionAuth

from speeches.acting import Origin, become
from tracker.models import ApiToken

READING = ("GET", "HEAD", "OPTIONS")


class TokenAuth(HttpBearer):
    """``Authorization: Bearer luoshi_…``; a token that may only look is refused everything but GET."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        found = ApiToken.of(token)
        if found is None:
            return None
        if found.scope == ApiToken.Scope.READ and request.method not in READING:
            raise PermissionDenied(_("This token may only look. Make one that may also change things."))
        ApiToken.objects.filter(pk=found.pk).update(last_used_at=timezone.now())
        request.user = found.user
        become(found.user, Origin.API)
        return found.user


class SessionAuth(NinjaSessionAuth):
    """The session of the pages, with its CSRF check: for the documentation page's own calls."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        user = super().authenticate(request, key)
        if user:
            become(user, Origin.API)
        return user
