"""What every page with a list has in common: a table, sorted and paged in the database."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from django_tables2 import RequestConfig, Table
from django_tables2.data import TableData, TableQuerysetData

from tracker import export
from tracker.paging import BoundedPaginator

PER_PAGE = 50


class PlacedFirst(TableQuerysetData):
    """Rows of which a page is sorted by ids alone, and only then joined with what it shows. One query more; for lists
    of which much is sorted and little is shown."""

    def __getitem__(self, key: Any) -> Any:
        if not isinstance(key, slice):
            return super().__getitem__(key)
        return self.data.filter(pk__in=list(self.data.values_list("pk", flat=True)[key]))


class ListPage(export.ExportMixin, TemplateView):
    """A page with one table. Unknown columns in the address are ignored; a page beyond the end is the last one.

    With ``?export=xlsx`` (or csv, json) the whole list as filtered and sorted is answered as a file.
    """

    table_class: type[Table]
    per_page = PER_PAGE
    data: type[TableData] = TableQuerysetData
    # How many rows there are, where the page counts them anyway.
    known: int | None = None

    def rows(self) -> QuerySet:
        raise NotImplementedError

    def table(self, rows: QuerySet, **kwargs: Any) -> Table:
        table = self.table_class(self.data(rows), **kwargs)
        paginate = {"per_page": self.per_page, "paginator_class": BoundedPaginator, "known": self.known}
        return RequestConfig(self.request, paginate=paginate).configure(table)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.today = timezone.localdate()
        return super().get_context_data(table=self.table(self.rows()), **kwargs)


def as_file(request: HttpRequest, rows: Any, columns: Any, *, name: str) -> HttpResponse | None:
    """The list as a file where ``?export=`` asks for one; None, and a message where the format is not known."""
    if "export" not in request.GET:
        return None
    try:
        return export.download(rows, columns, name=name, format=request.GET["export"])
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return None


def records(table: Table) -> list[Any]:
    """The rows of the page that is shown, read once."""
    return [row.record for row in table.paginated_rows]


def whole(text: str | None) -> int | None:
    """The whole number that ``text`` from an address or a form is; None where it is none that a row could have."""
    return int(text) if text and text.isdecimal() and len(text) < 19 else None


# As many as a person can answer for; more than a page shows only come from hand-made requests.
MOST_PICKED = 500


def picked(request: HttpRequest) -> list[int] | None:
    """The ids of the rows that were picked, or None (and a message says why) where there are none or too many."""
    chosen = {pk for pk in map(whole, request.POST.getlist("pick")) if pk is not None}
    if not chosen:
        messages.warning(request, _("Pick at least one row first."))
        return None
    if len(chosen) > MOST_PICKED:
        messages.error(request, _("At most %(n)d rows at once. Narrow the list down first.") % {"n": MOST_PICKED})
        return None
    return sorted(chosen)
