"""What every page with a list has in common: a table, sorted and paged in the database."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.views.generic import TemplateView
from django_tables2 import RequestConfig, Table

from tracker.paging import BoundedPaginator

PER_PAGE = 50


class ListPage(TemplateView):
    """A page with one table. Unknown columns in the address are ignored; a page beyond the end is the last one."""

    table_class: type[Table]
    per_page = PER_PAGE

    def rows(self) -> QuerySet:
        raise NotImplementedError

    def table(self, rows: QuerySet, **kwargs: Any) -> Table:
        table = self.table_class(rows, **kwargs)
        paginate = {"per_page": self.per_page, "paginator_class": BoundedPaginator}
        return RequestConfig(self.request, paginate=paginate).configure(table)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.today = timezone.localdate()
        return super().get_context_data(table=self.table(self.rows()), **kwargs)


def records(table: Table) -> list[Any]:
    """The rows of the page that is shown, read once."""
    return [row.record for row in table.paginated_rows]
