"""Errors as problem details (RFC 9457)."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as SchemaError

from speeches.readers import ReadError
from speeches.upload import AlreadyStored
from tracker.workflow import Refused, Stale


def problem(status: int, detail: str, **more: Any) -> HttpResponse:
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def add_problem_handlers(api: NinjaAPI) -> None:
    """Answer every refusal that a door of this house knows, and only those: a bug stays a logged 500."""

    @api.exception_handler(AuthenticationError)
    def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        answer = problem(401, _("Send a valid token as “Authorization: Bearer …”."))
        answer["WWW-Authenticate"] = "Bearer"
        return answer

    @api.exception_handler(PermissionDenied)
    def _forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
        return problem(403, str(error) or _("This is outside of what your role and unit allow"))

    @api.exception_handler(Http404)
    def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return problem(404, _("There is nothing at this address"))

    @api.exception_handler(SchemaError)
    def _malformed(request: HttpRequest, error: SchemaError) -> HttpResponse:
        # A cursor that was tampered with is reported by the paginator without a place of its own.
        errors = [
            {
                "field": ".".join(map(str, each.get("loc", ["query", "cursor"]))),
                "message": each.get("msg", _("Not valid.")),
            }
            for each in error.errors
        ]
        return problem(422, _("The values do not fit. See the single fields."), errors=errors)

    @api.exception_handler(Stale)
    def _stale(request: HttpRequest, error: Stale) -> HttpResponse:
        return problem(409, " ".join(error.messages))

    @api.exception_handler(AlreadyStored)
    def _stored(request: HttpRequest, error: AlreadyStored) -> HttpResponse:
        return problem(409, _("This is stored already."), speeches=[speech.pk for speech in error.speeches])

    @api.exception_handler(ReadError)
    def _unreadable(request: HttpRequest, error: ReadError) -> HttpResponse:
        return problem(422, _(ReadError.CODES[error.code]) % error.params)

    @api.exception_handler(ValidationError)
    def _refused(request: HttpRequest, error: ValidationError) -> HttpResponse:
        if hasattr(error, "error_dict"):
            errors = [{"field": name, "message": text} for name, texts in error.message_dict.items() for text in texts]
            return problem(422, _("The values do not fit. See the single fields."), errors=errors)
        told = " ".join(error.messages)
        if isinstance(error, Refused) and error.field:
            return problem(422, told, errors=[{"field": error.field, "message": told}])
        return problem(422, told)

    @api.exception_handler(HttpError)
    def _other(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(error.status_code, str(error))
