"""The editor of the review desk: a commitment's fields, written as a speech writes them and read as it is typed."""

import datetime as dt
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from speeches import upload
from speeches.extraction import Deadline, Lexicon, find_deadlines, find_recurrences, find_targets
from speeches.models import Finding
from tracker.days import DayField
from tracker.desk import Charged, charged
from tracker.forms.upload import DayInput
from tracker.intake import Draft
from tracker.recurrence import first_days
from tracker.units import Directory

# Of a recurring duty so many last days are shown, by which a reviewer sees whether it was understood.
DAYS_SHOWN = 3
_BETWEEN_NAMES = re.compile(r"[、，,；;\n]+")
_OPS = {">=": "≥", "<=": "≤", "==": "＝", "~": "≈", "in": ""}


def names(text: str) -> list[str]:
    """The names in a list as it is typed: 交通局、教育局, each once."""
    return list(dict.fromkeys(name.strip() for name in _BETWEEN_NAMES.split(text) if name.strip()))


def _plain(number: Any) -> str:
    """87, 4.5 or 1,000, without zeros at the end."""
    written = f"{Decimal(str(number)):,f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def target_in_words(target: dict[str, Any]) -> str:
    """≥ 87 公里; 3–5 年."""
    value = _plain(target["value"])
    if target.get("high") is not None:
        value += f"–{_plain(target['high'])}"
    return f"{_OPS.get(target.get('op', '>='), '')} {value} {target.get('unit', '')}".strip()


@dataclass(frozen=True)
class Reading:
    """What the words in the editor come to, for showing beside them while they are typed."""

    deadline: Deadline | None
    due: list[dt.date]
    targets: list[str]
    lead: tuple[Charged, ...]
    support: tuple[Charged, ...]


def deadline_in(text: str, *, delivered_on: dt.date | None, lexicon: Lexicon) -> Deadline | None:
    """The last expression of time in the words of a deadline field."""
    found = find_deadlines(text, delivered_on=delivered_on, lexicon=lexicon) if text.strip() else []
    return found[-1] if found else None


class DraftForm(forms.Form):
    """One commitment, as a reviewer corrects it. ``draft`` gives what it comes to."""

    title = forms.CharField(
        label=gettext_lazy("Item"), max_length=500, widget=forms.Textarea(attrs={"rows": 3, "data-first": ""})
    )
    deadline_text = forms.CharField(label=gettext_lazy("Deadline in words"), required=False, max_length=200)
    deadline = DayField(label=gettext_lazy("Last day"), required=False, widget=DayInput)
    recurrence_text = forms.CharField(label=gettext_lazy("Frequency"), required=False, max_length=200)
    targets = forms.CharField(
        label=gettext_lazy("Targets"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 1})
    )
    lead = forms.CharField(
        label=gettext_lazy("Responsible units"),
        required=False,
        max_length=1000,
        widget=forms.TextInput({"data-units": ""}),
    )
    support = forms.CharField(
        label=gettext_lazy("Supporting units"),
        required=False,
        max_length=1000,
        widget=forms.TextInput({"data-units": ""}),
    )
    people = forms.CharField(label=gettext_lazy("People"), required=False, max_length=300)

    def __init__(self, data: Any = None, *, base: Draft, directory: Directory, **kwargs: Any) -> None:
        super().__init__(data, initial=_initial(base), **kwargs)
        self.base, self.directory, self.lexicon = base, directory, upload.lexicon()
        for name, field in self.fields.items():
            if name in ("deadline_text", "recurrence_text", "targets", "lead", "support"):
                field.widget.attrs["data-read"] = ""
            field.widget.attrs["autocomplete"] = "off"
        self.fields["targets"].widget.attrs["rows"] = max(1, len(self.value("targets").splitlines()))

    def value(self, name: str) -> str:
        """What stands in a field now, checked or not."""
        return str(self[name].value() or "")

    def reading(self) -> Reading:
        targets, _unread = self._targets(self.value("targets"))
        recurrences = find_recurrences(self.value("recurrence_text"))
        begins_on = self.base.begins_on or timezone.localdate()
        return Reading(
            deadline=deadline_in(self.value("deadline_text"), delivered_on=self.base.begins_on, lexicon=self.lexicon),
            due=first_days(recurrences[0].rrule, begins_on=begins_on, count=DAYS_SHOWN) if recurrences else [],
            targets=[target_in_words(target) for target in targets],
            lead=charged(names(self.value("lead")), self.directory),
            support=charged(names(self.value("support")), self.directory),
        )

    def _targets(self, text: str) -> tuple[list[dict[str, Any]], list[str]]:
        """Targets, and the words in which no number was found. What the finding had is kept as it was read."""
        known = {str(target.get("text", "")): dict(target) for target in self.base.targets}
        found: list[dict[str, Any]] = []
        unread = []
        for words in filter(None, map(str.strip, text.splitlines())):
            if words in known:
                found.append(known[words])
                continue
            read = find_targets(words)
            if not read:
                unread.append(words)
            found += [{key: value for key, value in vars_of(target).items() if value is not None} for target in read]
        return found, unread

    def clean_targets(self) -> tuple[dict[str, Any], ...]:
        found, unread = self._targets(self.cleaned_data["targets"])
        if unread:
            raise ValidationError(
                _("No number with its unit could be read in “%(words)s”. Write for example: “不少于22条”.")
                % {"words": unread[0]}
            )
        return tuple(found)

    def clean_recurrence_text(self) -> str:
        text = self.cleaned_data["recurrence_text"].strip()
        if text and text != self.base.recurrence_text and not find_recurrences(text):
            raise ValidationError(
                _("This frequency was not understood. Write for example: “每月一次”, “每季度末”, “每周五”.")
            )
        return text

    def draft(self) -> Draft:
        """What a valid form comes to. A day that was picked by hand counts before the words beside it."""
        data = self.cleaned_data
        words = data["deadline_text"].strip()
        base = self.base
        if words == base.deadline_text:
            value, read = base.deadline_value, base.deadline
        else:
            deadline = deadline_in(words, delivered_on=base.begins_on, lexicon=self.lexicon)
            value, read = (deadline.value, deadline.last_day) if deadline else ("", None)
        day = data["deadline"] or read
        lead, support = (charged(names(data[field]), self.directory) for field in ("lead", "support"))
        frequency = data["recurrence_text"]
        same = frequency == base.recurrence_text
        rrule = base.rrule if same else next((each.rrule for each in find_recurrences(frequency)), "")
        people = tuple(names(data["people"]))
        hard = bool(day or words or rrule or data["targets"])
        soft = Finding.Tier.ASSIGNED if lead or people else Finding.Tier.NAMED
        return replace(
            base,
            title=data["title"].strip(),
            tier=Finding.Tier.HARD if hard else soft,
            deadline=day,
            deadline_text=words,
            # A day that does not follow from the words stays where it is when the speech's date is corrected.
            deadline_value=value if day == read else "",
            recurrence_text=frequency,
            rrule=rrule,
            targets=data["targets"],
            lead=tuple(each.unit for each in lead if each.unit),
            support=tuple(each.unit for each in support if each.unit),
            unknown_units=tuple(each.name for each in (*lead, *support) if not each.unit),
            people=people,
        )


def vars_of(target: Any) -> dict[str, Any]:
    """A target that was read, without its place in the words."""
    return {name: getattr(target, name) for name in ("text", "op", "value", "unit", "high", "metric")}


def _initial(base: Draft) -> dict[str, Any]:
    units = {"lead": base.lead, "support": base.support}
    shown = {name: "、".join(unit.label for unit in chosen) for name, chosen in units.items()}
    if base.unknown_units:
        shown["lead"] = "、".join(filter(None, [shown["lead"], *base.unknown_units]))
    return {
        "title": base.title,
        "deadline_text": base.deadline_text,
        "deadline": base.deadline,
        "recurrence_text": base.recurrence_text,
        "targets": "\n".join(str(target.get("text", "")) for target in base.targets),
        "people": "、".join(base.people),
        **shown,
    }
