"""The ledger as a list: rows, columns, saved views, and what is done to many items at once."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from django_tables2 import Table

from tracker import export, intake, ledger, workflow
from tracker.filters import LedgerFilter
from tracker.forms.ledger import BulkAssignForm, BulkWithdrawForm, ColumnsForm, ViewForm
from tracker.models import Assignment, Commitment, SavedView
from tracker.reminders import remind_now
from tracker.reports import ledger as ledger_paper
from tracker.rules import visible_assignments, visible_commitments
from tracker.tables import LedgerTable, exports
from tracker.tables.commitments import DEFAULT_COLUMNS
from tracker.views.lists import ListPage, picked, records
from tracker.views.overdue import tell

MOST_VIEWS = 50


class Ledger(ListPage):
    """All items that the user may see; with ``pk`` as the saved view of that number shows them."""

    template_name = "tracker/ledger.html"
    table_class = LedgerTable
    export_columns = exports.COMMITMENTS
    export_name = gettext_lazy("Ledger")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        known = SavedView.objects.filter(Q(owner=request.user) | Q(is_shared=True)).exclude(
            ~Q(owner=request.user), name=""
        )
        self.views = list(known.select_related("owner")[:MOST_VIEWS]) if request.user.is_authenticated else []
        self.view = None
        if "pk" in kwargs:
            self.view = next((view for view in self.views if view.pk == kwargs["pk"] and view.name), None)
            if self.view is None:
                raise Http404
            merged = QueryDict(self.view.query, mutable=True)
            for name, values in request.GET.lists():
                merged.setlist(name, values)
            request.GET = merged

    def rows(self) -> QuerySet[Commitment]:
        visible = visible_commitments(self.request.user).select_related("speech", "leader")
        visible = visible.defer("speech__text", "content", "quote")
        self.filter = LedgerFilter(self.request.GET, visible, user=self.request.user, day=self.today)
        return self.filter.qs

    @property
    def columns(self) -> list[str]:
        mine = next((view for view in self.views if not view.name and view.owner_id == self.request.user.pk), None)
        chosen = (self.view.columns if self.view else None) or (mine.columns if mine else None) or DEFAULT_COLUMNS
        return [name for name, _label in LedgerTable.choices() if name in chosen] or list(DEFAULT_COLUMNS)

    def table(self, rows: QuerySet[Commitment], **kwargs: Any) -> Table:
        hidden = [name for name, _label in LedgerTable.choices() if name not in self.columns]
        if not self.may_act:
            hidden.append("pick")
        table = super().table(rows, exclude=hidden, **kwargs)
        table.standings = ledger.standings(self.request.user, records(table), self.today)
        return table

    @property
    def may_act(self) -> bool:
        return self.request.user.has_perm("tracker.add_commitment")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        query = self.request.GET.copy()
        query.pop("page", None)
        return context | {
            "filter": self.filter,
            "may_act": self.may_act,
            "views": [view for view in self.views if view.name],
            "view": self.view,
            "columns": [(name, label, name in self.columns) for name, label in LedgerTable.choices()],
            "query": query.urlencode(),
        }


@require_POST
def columns(request: HttpRequest) -> HttpResponse:
    """Remember the columns that the user wants to see, in the ledger or in a saved view of their own."""
    form = ColumnsForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Choose at least one column."))
        return redirect("commitments")
    chosen = form.cleaned_data["columns"]
    pk = request.POST.get("view", "")
    mine = SavedView.objects.filter(owner=request.user).exclude(name="")
    view = mine.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 18 else None
    if view:
        view.columns = chosen
        view.save(update_fields=["columns"])
        return redirect("commitments_view", view.pk)
    SavedView.objects.update_or_create(owner=request.user, name="", defaults={"columns": chosen})
    return redirect("commitments")


@require_POST
def view_save(request: HttpRequest) -> HttpResponse:
    """Keep the present filters and order under a name; a name that the user has used already is replaced."""
    form = ViewForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Give the view a name of at most 60 characters."))
        return redirect("commitments")
    kept = {"query": form.cleaned_data["query"], "is_shared": form.cleaned_data["is_shared"]}
    mine = SavedView.objects.filter(owner=request.user, name="").first()
    view, _made = SavedView.objects.update_or_create(
        owner=request.user,
        name=form.cleaned_data["name"],
        defaults=kept,
        create_defaults=kept | {"columns": mine.columns if mine else []},
    )
    messages.success(request, _("Saved as “%(name)s”.") % {"name": view.name})
    return redirect("commitments_view", view.pk)


@require_POST
def view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(SavedView.objects.exclude(name=""), pk=pk, owner=request.user).delete()
    messages.success(request, _("The saved view is deleted."))
    return redirect("commitments")


@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Do something to every picked item; for assigning and withdrawing a second page asks for what is missing."""
    actions = {"remind": _remind, "export": _export, "assign": _assign, "withdraw": _withdraw}
    act = actions.get(request.POST.get("action", ""))
    chosen = picked(request)
    if act is None or chosen is None:
        return redirect("commitments")
    items = list(visible_commitments(request.user).filter(pk__in=chosen).order_by("number"))
    return act(request, items)


def _open(request: HttpRequest, items: list[Commitment]) -> list[Assignment]:
    states = [*workflow.OPEN_STATES, Assignment.State.SUSPENDED]
    owed = visible_assignments(request.user).filter(commitment__in=items, state__in=states)
    return list(owed.select_related("commitment", "unit").order_by("pk"))


def _remind(request: HttpRequest, items: list[Commitment]) -> HttpResponse:
    rows = _open(request, items)
    if not all(request.user.has_perm("tracker.remind", row) for row in rows):
        raise PermissionDenied
    tell(request, remind_now(rows, by=request.user))
    return redirect("commitments")


def _export(request: HttpRequest, items: list[Commitment]) -> HttpResponse:
    """The picked items as 督办台账."""
    today = timezone.localdate()
    rows = ledger_paper.rows(visible_assignments(request.user).filter(commitment__in=items), today)
    data = ledger_paper.xlsx(rows, today, issued_by="")
    return export.file(data, f"督办台账{today:%Y%m%d}.xlsx", export.XLSX_TYPE)


def _ask(request: HttpRequest, items: list[Commitment], form: Any, title: str) -> HttpResponse:
    context = {"items": items, "form": form, "title": title, "action": request.POST["action"]}
    return render(request, "tracker/ledger_bulk.html", context, status=422 if form.is_bound else 200)


def _assign(request: HttpRequest, items: list[Commitment]) -> HttpResponse:
    form = BulkAssignForm(request.POST if "confirm" in request.POST else None)
    if not form.is_bound or not form.is_valid():
        return _ask(request, items, form, _("Assign the picked items"))
    if not all(request.user.has_perm("tracker.assign_commitment", item) for item in items):
        raise PermissionDenied
    try:
        with transaction.atomic():
            made = sum(len(intake.assign(item, by=request.user, **form.cleaned_data)) for item in items)
    except workflow.Refused as error:
        form.add_error(None, error)
        return _ask(request, items, form, _("Assign the picked items"))
    sentence = ngettext("%(n)d assignment sent out.", "%(n)d assignments sent out.", made)
    messages.success(request, sentence % {"n": made})
    return redirect("commitments")


def _withdraw(request: HttpRequest, items: list[Commitment]) -> HttpResponse:
    form = BulkWithdrawForm(request.POST if "confirm" in request.POST else None)
    if not form.is_bound or not form.is_valid():
        return _ask(request, items, form, _("Withdraw the picked items"))
    rows = _open(request, items)
    if not all(request.user.has_perm("tracker.withdraw", row) for row in rows):
        raise PermissionDenied
    done = 0
    for row in rows:
        try:
            workflow.withdraw(row, by=request.user, reason=form.cleaned_data["reason"])
            done += 1
        except ValidationError as error:
            messages.warning(request, f"{row.commitment.number}: {' '.join(error.messages)}")
    messages.success(
        request, ngettext("%(n)d assignment withdrawn.", "%(n)d assignments withdrawn.", done) % {"n": done}
    )
    return redirect("commitments")
