"""Entering an item by hand, and correcting one."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from tracker.days import DayField
from tracker.filters import DayInput, UnitChoice
from tracker.intake import Draft
from tracker.models import Commitment, Membership, Target, Unit, User


def leaders() -> Any:
    return User.objects.filter(is_active=True, memberships__role=Membership.Role.LEADER).distinct()


class UnitsChoice(forms.ModelMultipleChoiceField):
    label_from_instance = UnitChoice.label_from_instance

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Unit.objects.none(), widget=forms.CheckboxSelectMultiple(attrs={"class": "choices"}), **kwargs)

    @staticmethod
    def active() -> Any:
        return Unit.objects.with_tree_fields().filter(is_active=True)


class CommitmentForm(forms.ModelForm):
    """An item's own fields. ``version`` is the one that the user was looking at."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Commitment
        fields = ["title", "content", "heading", "tier", "deadline", "deadline_text", "leader", "origin"]
        field_classes = {"deadline": DayField}
        widgets = {
            "title": forms.Textarea(attrs={"rows": 2}),
            "content": forms.Textarea(attrs={"rows": 4}),
            "deadline": DayInput(),
        }
        labels = {"title": _("Item"), "origin": _("Source, where it is no speech")}
        help_texts = {
            "deadline": _("The last day on which it still counts as on time. Leave empty for an open end."),
            "deadline_text": _("As it was said, for example “9月底前”."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["leader"].queryset = leaders()
        self.fields["version"].initial = self.instance.version
        if self.instance.speech_id:
            del self.fields["origin"]

    def corrections(self) -> dict[str, Any]:
        """What ``ledger.correct`` takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class NewCommitmentForm(CommitmentForm):
    """A new item, with the units that are charged at once."""

    lead = UnitsChoice(
        label=_("Lead units"), required=False, help_text=_("Without any unit the item waits to be assigned.")
    )
    support = UnitsChoice(label=_("Supporting units"), required=False)
    begins_on = DayField(label=_("Begins on"), required=False, widget=DayInput())

    field_order = ["title", "content", "lead", "support", "deadline", "deadline_text", "begins_on", "tier", "leader"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["version"]
        for name in ("lead", "support"):
            self.fields[name].queryset = UnitsChoice.active()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        begins, deadline = cleaned.get("begins_on"), cleaned.get("deadline")
        if begins and deadline and begins > deadline:
            self.add_error("begins_on", _("It cannot begin after its last day."))
        both = set(cleaned.get("lead") or ()) & set(cleaned.get("support") or ())
        if both:
            self.add_error("support", _("A unit either leads or supports. Take it out of one of the two lists."))
        return cleaned

    def draft(self, targets: list[Target]) -> Draft:
        fields = dict(self.cleaned_data)
        lead, support = tuple(fields.pop("lead")), tuple(fields.pop("support"))
        raw = tuple(
            {"text": t.text, "metric": t.metric, "op": t.op, "value": t.value, "high": t.high, "unit": t.unit}
            for t in targets
        )
        return Draft(lead=lead, support=support, targets=raw, **fields)


class TargetForm(forms.ModelForm):
    class Meta:
        model = Target
        fields = ["metric", "op", "value", "high", "unit"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("value", "high"):
            if (number := self.initial.get(name)) is not None:
                self.initial[name] = Decimal(f"{number.normalize():f}")  # 20, not 20.0000

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        value, high = cleaned.get("value"), cleaned.get("high")
        if cleaned.get("op") == Target.Op.BETWEEN:
            if high is None:
                self.add_error("high", _("Say up to which number."))
            elif value is not None and high < value:
                self.add_error("high", _("The upper number must not be below the lower one."))
        elif high is not None:
            cleaned["high"] = None
        return cleaned

    def has_changed(self) -> bool:
        """A row whose number was left empty is no target yet, whatever stands in its comparison."""
        return super().has_changed() and set(self.changed_data) != {"op"}


TargetFormSet = forms.modelformset_factory(
    Target, form=TargetForm, extra=1, max_num=20, validate_max=True, can_delete=True
)


@dataclass(frozen=True)
class Meanwhile:
    """What somebody else has saved while a correction was being typed: who, when, and what now stands otherwise."""

    by: User | None
    at: dt.datetime
    differs: list[tuple[Any, Any]]


def meanwhile(form: CommitmentForm, targets: Any, item: Commitment) -> Meanwhile:
    """What the present ``item`` says otherwise than the valid ``form`` and the ``targets`` do, field by field."""
    differs: list[tuple[Any, Any]] = []
    for name, typed in form.corrections().items():
        now = getattr(item, name)
        if now != typed:
            choice = getattr(item, f"get_{name}_display", None)
            written = choice() if choice else date_format(now) if isinstance(now, dt.date) else now
            differs.append((form.fields[name].label, "—" if written in (None, "") else written))
    standing = [str(target) for target in item.targets.all()]
    if not targets.is_valid() or standing != [str(target) for target in targets_of(targets)]:
        differs.append((_("Targets"), "、".join(standing) or "—"))
    last = item.history.latest()
    return Meanwhile(last.history_user, last.history_date, differs)


def over(form: CommitmentForm, targets: Any, item: Commitment) -> tuple[CommitmentForm, Any]:
    """Both forms with what was typed, over the present ``item``. Numbers that were added meanwhile stand with the
    others; what was taken out meanwhile counts as typed anew."""
    data = form.data.copy()
    data["version"] = item.version
    names = TargetForm.Meta.fields
    typed = [
        {name: data.get(row.add_prefix(name), "") for name in (*names, "id", "DELETE")}
        for row in targets.forms
        if row.has_changed() or row.instance.pk
    ]
    standing = {str(target.pk): target for target in item.targets.all()}
    kept = [row for row in typed if row["id"] in standing]
    known = {row["id"] for row in kept}
    kept += [forms.model_to_dict(target, names) | {"id": pk} for pk, target in standing.items() if pk not in known]
    rows = kept + [row | {"id": ""} for row in typed if row["id"] not in standing]
    for number, row in enumerate(rows):
        for name, value in row.items():
            data[f"{targets.prefix}-{number}-{name}"] = "" if value is None else value
    data[f"{targets.prefix}-TOTAL_FORMS"], data[f"{targets.prefix}-INITIAL_FORMS"] = len(rows), len(kept)
    return CommitmentForm(data, instance=item), TargetFormSet(data, queryset=item.targets.all(), prefix=targets.prefix)


def targets_of(formset: Any) -> list[Target]:
    """The targets as they stand in a valid formset, in their order, without the deleted and the empty rows."""
    if not formset.is_valid():
        raise ValidationError(formset.errors)
    return [
        form.instance
        for form in formset.forms
        if not form.cleaned_data.get("DELETE") and (form.instance.pk or form.has_changed())
    ]
