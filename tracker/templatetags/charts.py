"""Charts for templates; how they are drawn stands in ``tracker.charts``."""

from collections.abc import Sequence

from django import template
from django.utils import formats
from django.utils.safestring import SafeString

from tracker import charts
from tracker.standings import Month, UnitStanding

register = template.Library()


@register.simple_tag
def stacked_bar(standing: UnitStanding, whole: int | None = None) -> SafeString:
    """The lights of one unit as a bar, and in words for those who cannot see it; ``whole`` makes several bars
    comparable in length."""
    return charts.stacked_bar(standing.lights, whole=whole) + charts.in_words(standing.lights)


@register.filter
def month_name(month: Month) -> str:
    return formats.date_format(month.first, "YEAR_MONTH_FORMAT")


@register.simple_tag
def trend(months: Sequence[Month]) -> SafeString:
    """The on-time rate, month by month."""
    return charts.trend([charts.Point(f"{month.first:%y-%m}", month.rate) for month in months])
