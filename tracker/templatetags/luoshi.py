"""How things look wherever they stand: dates with their weekday, lights as badges, form controls."""

import datetime as dt
from functools import cache

from django import forms, template
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils import formats, translation
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django_tables2 import Table

from tracker.lights import Light

register = template.Library()

PLACE = "%PK%"
_WEEKDAYS = "一二三四五六日"


@register.filter
def day(value: dt.date | None) -> str:
    """2026年9月30日 周三; in English Wed 30 Sep 2026."""
    if value is None:
        return ""
    written = formats.date_format(value, "DATE_FORMAT")
    if (translation.get_language() or "").startswith("zh"):
        return f"{written} 周{_WEEKDAYS[value.weekday()]}"
    return f"{value:%a} {written}"


@register.simple_tag
def stamped(name: str, pk: int) -> SafeString:
    """Include the template ``name``, in which only ``pk`` differs from one place to the next.

    It is drawn once in each language: a list of hundreds with five buttons each would else spend its time on them.
    """
    return mark_safe(_drawn(name, translation.get_language()).replace(PLACE, str(pk)))  # noqa: S308  a number


@cache
def _drawn(name: str, language: str | None) -> str:
    return render_to_string(name, {"pk": PLACE})


@register.filter
def light_badge(light: str) -> SafeString:
    """A light as a coloured badge that can also be read in black and white."""
    return format_html('<span class="light light-{}">{}</span>', light, Light(light).label)


@register.filter
def control(field: BoundField) -> SafeString:
    """A form field's control with Bootstrap's class for its kind, marked and described where it has an error."""
    widget = field.field.widget
    kind = "form-control"
    if isinstance(widget, (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)):
        kind = "form-check-input"
    elif isinstance(widget, forms.Select):
        kind = "form-select"
    attrs = {"class": f"{widget.attrs.get('class', '')} {kind}{' is-invalid' if field.errors else ''}".strip()}
    if field.errors:
        attrs |= {"aria-invalid": "true", "aria-describedby": f"{field.id_for_label}_error"}
    return field.as_widget(attrs=attrs)


@register.filter
def days_late_words(days: int) -> str:
    """逾期 3 天; due today; 5 days left."""
    if days > 0:
        return _("%(days)d days late") % {"days": days}
    if days == 0:
        return _("due today")
    return _("%(days)d days left") % {"days": -days}


@register.filter
def meter(percent: int | None) -> SafeString:
    """A percentage as a bar with its figure."""
    if percent is None:
        return format_html('<span class="faint">{}</span>', _("not reported"))
    return format_html(
        '<span class="meter"><progress class="bar" max="100" value="{}" aria-hidden="true"></progress>'
        "<span>{}%</span></span>",
        percent,
        percent,
    )


@register.filter
def at(mapping: dict, key: str) -> object:
    """The value of a mapping under a key that is itself a variable."""
    return mapping.get(key)


@register.simple_tag
def table_rows(table: Table) -> SafeString:
    """The rows of a table's page, each under the head of its group where it begins one.

    Put together here, because a template that looks up every attribute of five hundred cells takes twice as long.
    """
    opening = {}
    for column in table.columns:
        label = "" if column.name == "pick" else format_html(' data-label="{}"', column.header)
        opening[column.name] = format_html("<td {}{}>", column.attrs["td"].as_html(), label)
    made = []
    for row in table.paginated_rows:
        if head := getattr(row.record, "group_head", None):
            made.append(
                format_html(
                    '<tr class="group"><th colspan="{}" scope="colgroup">{}</th></tr>', len(table.columns), head
                )
            )
        cells = "".join(f"{opening[column.name]}{conditional_escape(cell)}</td>" for column, cell in row.items())
        made.append(f"<tr {row.attrs.as_html()}>{cells}</tr>")
    return mark_safe("\n".join(made))  # noqa: S308  every part is escaped
