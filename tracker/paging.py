"""Pages of lists of any length: counted only as far as anybody pages, so that a million rows cost a thousand's time."""

from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator

COUNTED = 1_000
# Nobody pages further than this by hand: filters are for that.
MOST_ROWS = 20_000
MOST_PER_PAGE = 200


class BoundedPaginator(Paginator):
    """Counts to ``COUNTED`` rows, or a little beyond the page that is asked for; ``more`` says that there are others.

    Takes a queryset or the rows of a table. ``per_page`` from a hand-made address is kept within reason. ``known`` is
    how many rows there are, where somebody has counted them already.
    """

    def __init__(self, object_list: Any, per_page: int, known: int | None = None, **kwargs: Any) -> None:
        super().__init__(object_list, max(1, min(int(per_page), MOST_PER_PAGE)), **kwargs)
        self.limit, self.known = COUNTED, known

    @cached_property
    def count(self) -> int:
        if self.known is not None:
            return min(self.known, self.limit)
        rows = getattr(getattr(self.object_list, "data", None), "data", self.object_list)
        if not hasattr(rows, "order_by"):
            return min(len(rows), self.limit)
        return rows.order_by().values("pk")[: self.limit].count()

    @property
    def more(self) -> bool:
        return self.count == self.limit

    def page(self, number: Any) -> Page:
        if isinstance(number, int) and number * self.per_page > self.limit - self.per_page:
            self.limit = min(MOST_ROWS, (number + 5) * self.per_page)
            self.__dict__.pop("count", None)
            self.__dict__.pop("num_pages", None)
        return super().page(number)
