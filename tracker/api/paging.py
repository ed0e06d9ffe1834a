"""Pages by cursor: stable while rows come and go, and as quick on the last page as on the first."""

from typing import Any

from ninja.errors import ValidationError
from ninja.pagination import CursorPagination


class ById(CursorPagination):
    """Newest first, by id."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(ordering=("-id",), page_size=50, max_page_size=200, **kwargs)

    def paginate_queryset(self, queryset: Any, pagination: Any, request: Any, **params: Any) -> Any:
        cursor = self.Cursor.from_encoded_param(pagination.cursor)
        if cursor.p is not None and not (cursor.p.isascii() and cursor.p.isdigit() and len(cursor.p) < 19):
            raise ValidationError([{"loc": ["query", "cursor"], "msg": "Invalid cursor", "type": "value_error"}])
        return super().paginate_queryset(queryset, pagination, request=request, **params)
