"""Forms for bringing a ledger in."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from openpyxl.utils import get_column_letter

from tracker.days import DayField
from tracker.imports.columns import FIELDS
from tracker.models import LedgerImport


class UploadForm(forms.Form):
    """A ledger as it is."""

    file = forms.FileField(
        label=_("Ledger (.xlsx or .csv)"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.xlsm"})
    )
    reckoned_from = DayField(
        label=_("Deadlines are reckoned from"),
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Where a row has no day of its own: “end of June” is the first one from this day on."),
    )


class ColumnsForm(forms.Form):
    """Which column holds which field; as guessed, until somebody says otherwise."""

    def __init__(self, *args: Any, ledger: LedgerImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ledger = ledger
        choices = [("", _("– not in this sheet –")), *column_choices(ledger)]
        for name, (label, _words) in FIELDS.items():
            self.fields[name] = forms.TypedChoiceField(
                label=label,
                choices=choices,
                coerce=int,
                empty_value=None,
                required=name == "title",
                initial=ledger.columns.get(name, ""),
            )
        self.fields["create_units"] = forms.BooleanField(
            label=_("Create units that are not known yet"), required=False, initial=ledger.create_units
        )
        self.fields["with_hidden"] = forms.BooleanField(
            label=_("Take hidden rows too"), required=False, initial=ledger.with_hidden
        )

    @property
    def chosen(self) -> dict[str, int | None]:
        return {name: self.cleaned_data.get(name) for name in FIELDS}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        used: dict[int, str] = {}
        for name, (label, _words) in FIELDS.items():
            at = cleaned.get(name)
            if at is not None and at in used:
                self.add_error(
                    name, ValidationError(_("This column is already used for “%(field)s”.") % {"field": used[at]})
                )
            elif at is not None:
                used[at] = str(label)
        return cleaned


def column_choices(ledger: LedgerImport) -> list[tuple[int, str]]:
    """(index, letter, heading and first value) for each column with anything in it."""
    width = max((len(row["cells"]) for row in ledger.grid), default=0)
    head = next((row["cells"] for row in ledger.grid if row["number"] == ledger.header_row), [])
    below = [row["cells"] for row in ledger.grid if row["number"] > ledger.header_row]
    choices = []
    for at in range(width):
        heading = head[at] if at < len(head) else ""
        sample = next((cells[at] for cells in below if at < len(cells) and cells[at]), "")
        if heading or sample:
            words = " · ".join(part.replace("\n", " ")[:24] for part in (heading, sample) if part)
            choices.append((at, f"{get_column_letter(at + 1)}  {words}"))
    return choices
