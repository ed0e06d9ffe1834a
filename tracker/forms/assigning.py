"""Charging units with an item: who leads, who supports, each by when."""

from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tracker import intake
from tracker.days import DayField
from tracker.filters import DayInput
from tracker.forms.commitments import leaders
from tracker.models import Assignment, Commitment, Unit, User
from tracker.rules import Role, scope
from tracker.units import Directory
from tracker.workflow import Refused


class AssignForm(forms.Form):
    """A row for each unit that is not charged yet and that ``user`` may charge; groups stand for their members.

    A group that was charged before is offered again with the members that have joined it since.
    """

    leader = forms.ModelChoiceField(label=_("Leader in charge"), queryset=User.objects.none(), required=False)

    def __init__(self, *args: Any, commitment: Commitment, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.commitment, self.user = commitment, user
        self.fields["leader"].queryset = leaders()
        self.fields["leader"].initial = commitment.leader_id
        self.units = self._chargeable()
        for unit in self.units:
            self.fields[f"part_{unit.pk}"] = forms.ChoiceField(
                label=_("Part"), choices=[("", "—"), *Assignment.Role.choices], required=False
            )
            self.fields[f"deadline_{unit.pk}"] = DayField(label=_("Last day"), required=False, widget=DayInput())
            self.fields[f"person_{unit.pk}"] = forms.CharField(
                label=_("Person responsible"),
                max_length=60,
                required=False,
                widget=forms.TextInput(attrs={"placeholder": _("Person responsible")}),
            )

    def _chargeable(self) -> list[Unit]:
        directory = Directory()
        mine = scope(self.user).reach(Role.COORDINATOR)
        rows = self.commitment.assignments.filter(deleted_at=None, unit__isnull=False)
        charged = set(rows.values_list("unit", flat=True))
        found = []
        for unit in Unit.objects.with_tree_fields().filter(is_active=True):
            stands_for = directory.expand(unit)
            unit.joining = [member for member in stands_for if member.pk not in charged]
            if unit.joining and all(member.pk in mine for member in stands_for):
                found.append(unit)
        return sorted(found, key=lambda unit: unit.kind != Unit.Kind.GROUP)

    def rows(self) -> list[dict[str, Any]]:
        """What the page shows: a unit with its three fields, and whom a group stands for."""
        return [
            {
                "unit": unit,
                "joining": unit.joining if unit.kind == Unit.Kind.GROUP else [],
                "indent": range(unit.tree_depth),
                "fields": [self[f"{name}_{unit.pk}"] for name in ("part", "deadline", "person")],
            }
            for unit in self.units
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        self.chosen = [unit for unit in self.units if given.get(f"part_{unit.pk}")]
        if not self.chosen and not self.errors:
            raise forms.ValidationError(_("Choose at least one unit."))
        for unit in self.chosen:
            deadline = given.get(f"deadline_{unit.pk}")
            if deadline and deadline < self.commitment.begins_on:
                self.add_error(f"deadline_{unit.pk}", _("The last day cannot lie before the assignment begins."))
        return given

    @transaction.atomic
    def take(self) -> list[Assignment]:
        """Charge the chosen units, all or none. Raises ``workflow.Refused``."""
        if not self.user.has_perm("tracker.assign_commitment", self.commitment):
            raise Refused(_("You cannot assign this item."))
        given = self.cleaned_data
        made: list[Assignment] = []
        for unit in sorted(self.chosen, key=lambda unit: given[f"part_{unit.pk}"] != Assignment.Role.LEAD):
            part = "lead" if given[f"part_{unit.pk}"] == Assignment.Role.LEAD else "support"
            made += intake.assign(
                self.commitment,
                **{part: [unit]},
                by=self.user,
                deadline=given[f"deadline_{unit.pk}"],
                person=given[f"person_{unit.pk}"],
            )
        # Charging has locked the item, and may have moved its version on.
        self.commitment.refresh_from_db(fields=["leader", "version"])
        if self.commitment.leader != given["leader"]:
            self.commitment.leader = given["leader"]
            self.commitment.version += 1
            self.commitment.save(update_fields=["leader", "version"])
        return made
