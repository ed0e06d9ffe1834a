"""Bringing a ledger in: upload, confirm the columns, look at every row, enter."""

import datetime as dt
from collections import Counter
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tracker.imports import entering, reading
from tracker.imports.columns import FIELDS
from tracker.imports.forms import ColumnsForm, UploadForm
from tracker.imports.rows import KINDS, NEW, WRONG, Proposal, proposals
from tracker.models import LedgerImport

may_import = permission_required("tracker.add_commitment", raise_exception=True)


def _mine(request: HttpRequest, pk: int) -> LedgerImport:
    return get_object_or_404(LedgerImport, pk=pk, uploaded_by=request.user)


@require_http_methods(["GET", "POST"])
@may_import
def ledger_imports(request: HttpRequest) -> HttpResponse:
    """The ledgers that the user brought in, and the form for another."""
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*sent)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["file"]
        try:
            if chosen.size > reading.MOST_BYTES:
                raise ValidationError(
                    _("The file is larger than %(mb)s MB.") % {"mb": reading.MOST_BYTES // 1024 // 1024}
                )
            reckoned_from = form.cleaned_data["reckoned_from"]
            made = entering.upload(chosen.read(), name=chosen.name, reckoned_from=reckoned_from, by=request.user)
        except ValidationError as error:
            form.add_error("file", error)
        else:
            return redirect("ledger_import", pk=made.pk)
    found = LedgerImport.objects.filter(uploaded_by=request.user).defer("grid")
    page = Paginator(found, 20).get_page(request.GET.get("page"))
    context = {"form": form, "imports": page, "limit": reading.MOST_ROWS, "tab": "imports"}
    return render(request, "tracker/imports/imports.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@may_import
def ledger_import(request: HttpRequest, pk: int) -> HttpResponse:
    """What each column means."""
    ledger = _mine(request, pk)
    form = ColumnsForm(request.POST if request.method == "POST" else None, ledger=ledger)
    if request.method == "POST" and form.is_valid():
        entering.set_columns(
            ledger,
            form.chosen,
            create_units=form.cleaned_data["create_units"],
            with_hidden=form.cleaned_data["with_hidden"],
        )
        return redirect("ledger_import_rows", pk=pk)
    context = {"ledger": ledger, "form": form, "first_rows": ledger.grid[:8], "tab": "imports"}
    return render(request, "tracker/imports/columns.html", context, status=422 if form.errors else 200)


@require_GET
@may_import
def ledger_import_rows(request: HttpRequest, pk: int) -> HttpResponse:
    """What would become of each row; nothing has been written yet."""
    ledger = _mine(request, pk)
    if "title" not in ledger.columns:
        return redirect("ledger_import", pk=pk)
    found = proposals(ledger)
    counts = Counter(row.kind for row in found)
    show = request.GET.get("show")
    chosen = [row for row in found if row.kind == show] if show in KINDS else found
    shown = [name for name in FIELDS if name in ledger.columns]
    page = Paginator(chosen, 50).get_page(request.GET.get("page"))
    rows: list[dict[str, Any]] = [
        {
            "row": row,
            "cells": [(row.cells.get(name, ""), row.errors.get(name, ""), _read_as(row, name)) for name in shown],
        }
        for row in page
    ]
    unknown = Counter(name for row in found for name in row.unknown)
    context = {
        "ledger": ledger,
        "page": page,
        "rows": rows,
        "labels": [FIELDS[name][0] for name in shown],
        "kinds": [(kind, label, counts[kind]) for kind, label in KINDS.items()],
        "show": show,
        "new": counts[NEW],
        "wrong": counts[WRONG],
        "unknown": unknown.most_common(30),
        "portion": entering.PORTION,
        "tab": "imports",
    }
    return render(request, "tracker/imports/rows.html", context)


def _read_as(row: Proposal, name: str) -> dt.date | None:
    """The day that a deadline's cell was understood to mean, where it does not say so itself."""
    last_day = row.draft.deadline if name == "deadline" and row.draft else None
    return last_day if last_day and last_day.isoformat() != row.cells.get(name) else None


@require_POST
@may_import
def ledger_import_enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter the next portion of rows."""
    ledger = _mine(request, pk)
    try:
        entered, left = entering.enter(ledger, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("ledger_import_rows", pk=pk)
    words = ngettext("%(count)d row has been entered.", "%(count)d rows have been entered.", entered)
    text = words % {"count": entered}
    if left:
        text += " " + _("%(left)d are left.") % {"left": left}
    messages.success(request, text)
    return redirect("ledger_import_rows", pk=pk)
