"""What the ledger can be narrowed down by; every filter works in the database.

A value that makes no sense (an unknown unit, 2026-02-31) leaves its own filter out, and the form says so.
"""

import datetime as dt
import json
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from speeches.models import Finding, Speech
from tracker.lights import OPEN_LIGHTS, URGENCY, Light, overdue_q, with_light
from tracker.models import Assignment, Commitment, Review, Unit
from tracker.rules import visible_assignments, visible_speeches

# A list to choose from is no longer than this; older speeches are reached from their own page.
MOST_SPEECHES = 100


class UnitChoice(forms.ModelChoiceField):
    """A unit of the tree, indented. ``fill`` reads the tree once, for choosing, checking and descending; without
    it the field chooses from its queryset like any other."""

    units: dict[int, Unit] | None = None

    def label_from_instance(self, unit: Unit) -> str:
        return "　" * getattr(unit, "tree_depth", 0) + unit.name

    def fill(self) -> None:
        self.units = {unit.pk: unit for unit in Unit.objects.with_tree_fields().filter(is_active=True)}
        empty = [("", self.empty_label)] if self.empty_label is not None else []
        self.choices = empty + [(pk, self.label_from_instance(unit)) for pk, unit in self.units.items()]

    def to_python(self, value: Any) -> Unit | None:
        if value in self.empty_values:
            return None
        if self.units is None:
            return super().to_python(value)
        unit = self.units.get(int(value)) if str(value).isdecimal() and len(str(value)) < 18 else None
        if unit is None:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return unit

    def below(self, unit: Unit) -> list[int]:
        """The ids of ``unit`` and of everything below it."""
        return [pk for pk, other in self.units.items() if unit.pk in other.tree_path]


class UnitFilter(django_filters.ModelChoiceFilter):
    field_class = UnitChoice


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class LedgerFilter(django_filters.FilterSet):
    """Commitments by light, unit, speech, heading, person, last day, kind, state and text.

    ``user`` is who looks: lights and units are those of the assignments that they may see.
    """

    text = django_filters.CharFilter(label=_("Text"), method="by_text")
    light = django_filters.MultipleChoiceFilter(
        label=_("Light"), choices=Light.choices, method="by_light", widget=forms.CheckboxSelectMultiple
    )
    unit = UnitFilter(label=_("Unit"), queryset=Unit.objects.none(), method="by_unit", empty_label=_("all units"))
    state = django_filters.ChoiceFilter(label=_("State"), choices=Commitment.State, empty_label=_("all states"))
    tier = django_filters.ChoiceFilter(label=_("Kind"), choices=Finding.Tier, empty_label=_("all kinds"))
    speech = django_filters.ModelChoiceFilter(
        label=_("Speech"), queryset=Speech.objects.none(), empty_label=_("all speeches")
    )
    heading = django_filters.CharFilter(label=_("Heading"), lookup_expr="icontains")
    person = django_filters.CharFilter(label=_("Person"), method="by_person")
    due_from = django_filters.DateFilter(
        label=_("Last day from"), field_name="deadline", lookup_expr="gte", widget=DayInput
    )
    due_to = django_filters.DateFilter(
        label=_("Last day to"), field_name="deadline", lookup_expr="lte", widget=DayInput
    )

    class Meta:
        model = Commitment
        fields = []

    def __init__(self, data: Any, queryset: QuerySet[Commitment], *, user: Any, day: dt.date) -> None:
        super().__init__(data, queryset)
        self.user, self.day = user, day
        self.filters["speech"].queryset = recent_speeches(user, data.get("speech", ""))
        self.form.fields["unit"].fill()

    @property
    def qs(self) -> QuerySet[Commitment]:
        """The rows that every understood filter lets through; what was not understood is left out."""
        if not hasattr(self, "_qs"):
            self.form.is_valid()
            queryset = self.queryset
            for name, value in self.form.cleaned_data.items():
                queryset = self.filters[name].filter(queryset, value)
            self._qs = queryset
        return self._qs

    @property
    def count(self) -> int:
        """How many filters are in force."""
        return sum(1 for value in self.form.cleaned_data.values() if value)

    def _owed(self) -> QuerySet[Assignment]:
        return visible_assignments(self.user).filter(commitment=OuterRef("pk"))

    def _charged(self) -> QuerySet[Assignment]:
        """The items of assignments, to be narrowed down."""
        return visible_assignments(self.user).values("commitment")

    def by_text(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(
            Q(title__icontains=value)
            | Q(number__icontains=value)
            | Q(content__icontains=value)
            | Q(quote__icontains=value)
        )

    def by_light(self, queryset: QuerySet, name: str, value: list[str]) -> QuerySet:
        """Items whose worst light is one of ``value``; each condition starts from what is open, which is little."""
        live = with_light(self._owed().exclude(state=Assignment.State.WITHDRAWN), self.day)
        still_open = live.filter(closed_on=None)
        found = Q()
        for light in value:
            worse = [other for other in OPEN_LIGHTS if URGENCY[other] < URGENCY[light]]
            if light == Light.RED:
                found |= Q(Exists(still_open.filter(overdue_q(self.day))))
            elif light == Light.GREY:
                grey = Exists(still_open.filter(light=light)) & ~Exists(still_open.filter(light__in=worse))
                found |= Q(grey) | Q(state=Commitment.State.WITHDRAWN)
            elif light in OPEN_LIGHTS:
                found |= Q(Exists(still_open.filter(light=light)) & ~Exists(still_open.filter(light__in=worse)))
            else:
                late = Exists(live.filter(light=Light.DONE_LATE))
                done = late if light == Light.DONE_LATE else Exists(live.filter(light=light)) & ~late
                found |= Q(done & ~Exists(still_open))
        return queryset.filter(found)

    def by_unit(self, queryset: QuerySet, name: str, value: Unit | None) -> QuerySet:
        if value is None:
            return queryset
        # A list of ids and not a question to each row, to which SQLite would read all that the unit ever owed.
        return queryset.filter(pk__in=self._charged().filter(unit__in=self.form.fields["unit"].below(value)))

    def by_person(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        # SQLite keeps JSON with \\u escapes, PostgreSQL without.
        escaped = json.dumps(value)[1:-1]
        return queryset.alias(people_text=Cast("people", TextField())).filter(
            Q(leader__name__icontains=value)
            | Q(people_text__icontains=value)
            | Q(people_text__icontains=escaped)
            | Exists(self._owed().filter(person__icontains=value))
        )


def recent_speeches(user: Any, chosen: str) -> QuerySet[Speech]:
    """The latest speeches to choose from, and the ``chosen`` one (an id from the address) however old it is."""
    visible = visible_speeches(user).defer("text")
    latest = visible.order_by("-delivered_on", "-pk").values("pk")[:MOST_SPEECHES]
    either = Q(pk__in=latest)
    if chosen.isdecimal() and len(chosen) < 18:
        either |= Q(pk=chosen)
    return visible.filter(either)


# How far the review of a speech has come.
REVIEWED = [
    ("open", _("to be reviewed")),
    ("done", _("reviewed")),
    ("none", _("nothing found")),
]


class SpeechFilter(django_filters.FilterSet):
    """Speeches by the words of their title, speaker or text, by their day, and by how far the review has come."""

    words = django_filters.CharFilter(label=_("Title or text"), method="by_words")
    since = django_filters.DateFilter(
        label=_("Delivered from"), field_name="delivered_on", lookup_expr="gte", widget=DayInput
    )
    until = django_filters.DateFilter(
        label=_("Delivered to"), field_name="delivered_on", lookup_expr="lte", widget=DayInput
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=REVIEWED, empty_label=_("all states"), method="by_state"
    )

    class Meta:
        model = Speech
        fields: list[str] = []

    def by_words(self, queryset: QuerySet[Speech], name: str, value: str) -> QuerySet[Speech]:
        for word in value.split():
            queryset = queryset.filter(Q(title__icontains=word) | Q(speaker__icontains=word) | Q(text__icontains=word))
        return queryset

    def by_state(self, queryset: QuerySet[Speech], name: str, value: str) -> QuerySet[Speech]:
        findings = Finding.objects.filter(speech=OuterRef("pk"))
        decided = Review.objects.filter(finding=OuterRef("pk"), undone_at=None)
        if value == "none":
            return queryset.filter(~Exists(findings))
        undecided = Exists(findings.filter(~Exists(decided)))
        return queryset.filter(undecided) if value == "open" else queryset.filter(Exists(findings), ~undecided)
