"""The first page after signing in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


def home(request: HttpRequest) -> HttpResponse:
    """Where a user's day begins: the overdue list."""
    return redirect("overdue")
