"""Columns that several lists share."""

import datetime as dt
from typing import Any

import django_tables2 as tables
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tracker.templatetags.luoshi import day, light_badge, meter

NUMERIC = {"td": {"class": "num"}, "th": {"class": "num"}}


class DayColumn(tables.Column):
    """A day as the office writes it; an open end where there is none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", {"td": {"class": "nowrap"}})
        kwargs.setdefault("empty_values", ())
        super().__init__(*args, **kwargs)

    def render(self, value: dt.date | None) -> str | SafeString:
        if value is None:
            return format_html('<span class="faint">{}</span>', _("open-ended"))
        return format_html('<time datetime="{}">{}</time>', value.isoformat(), day(value))


def by_last_day(queryset: QuerySet, then: str, *, is_descending: bool) -> QuerySet:
    """In the order of the last day, then of ``then``; an open end is the latest day of all.

    One order is the other read backwards, so that one index serves both.
    """
    if is_descending:
        return queryset.order_by(F("deadline").desc(nulls_first=True), f"-{then}")
    return queryset.order_by(F("deadline").asc(nulls_last=True), then)


class LightColumn(tables.Column):
    def render(self, value: str) -> SafeString:
        return light_badge(value)


class ProgressColumn(tables.Column):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", {"td": {"class": "col-progress"}})
        super().__init__(*args, **kwargs)

    def render(self, value: int) -> SafeString:
        return meter(value)


class PickColumn(tables.Column):
    """A box to pick the row for what is done to many at once; the form it belongs to is named by ``form``."""

    def __init__(self, *, form: str, **kwargs: Any) -> None:
        self.form = form
        kwargs.setdefault("attrs", {"td": {"class": "col-pick d-print-none"}, "th": {"class": "col-pick d-print-none"}})
        super().__init__(orderable=False, empty_values=(), accessor="pk", **kwargs)

    @property
    def header(self) -> SafeString:
        return format_html(
            '<input type="checkbox" class="form-check-input" data-pick-all="{}" aria-label="{}">',
            self.form,
            _("Pick all on this page"),
        )

    def render(self, value: int, record: Any) -> SafeString:
        return format_html(
            '<input type="checkbox" class="form-check-input" name="pick" value="{}" form="{}" aria-label="{}">',
            value,
            self.form,
            _("Pick %(item)s") % {"item": getattr(record, "commitment", record).number},
        )


def item_link(number: str, title: str) -> SafeString:
    """An item's title, leading to its page."""
    return format_html('<a class="item-link" href="{}">{}</a>', reverse("commitment", args=[number]), title)
