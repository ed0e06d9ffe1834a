"""How things look wherever they stand: dates with their weekday, lights as badges, form controls."""

import datetime as dt

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils import formats, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tracker.lights import Light
from tracker.models import Target

register = template.Library()

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
def target_words(target: Target) -> str:
    """A target as it was said; where a person corrected its numbers, as they stand now."""
    if target.text:
        return target.text
    value = f"{target.value.normalize():f}"
    if target.op == Target.Op.BETWEEN and target.high is not None:
        return f"{target.metric} {value}–{target.high.normalize():f}{target.unit}".strip()
    comparison = target.get_op_display() if target.op != Target.Op.EXACTLY else ""
    return f"{target.metric} {comparison} {value}{target.unit}".strip()


@register.filter
def at(mapping: dict, key: str) -> object:
    """The value of a mapping under a key that is itself a variable."""
    return mapping.get(key)
