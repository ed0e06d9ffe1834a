"""What is done with the ledger as a list: keeping a view of it, choosing columns, acting on many items at once."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tracker.forms.commitments import UnitsChoice
from tracker.models import SavedView
from tracker.tables import LedgerTable


class ViewForm(forms.ModelForm):
    class Meta:
        model = SavedView
        fields = ["name", "is_shared", "query"]
        widgets = {"query": forms.HiddenInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True


class ColumnsForm(forms.Form):
    """The columns of the ledger, in the order of the table whatever the order in which they come."""

    columns = forms.MultipleChoiceField(label=_("Columns"), choices=LedgerTable.choices, required=True)


class BulkAssignForm(forms.Form):
    """交办 many items at once to the same units."""

    lead = UnitsChoice(label=_("Lead units"), required=False)
    support = UnitsChoice(label=_("Supporting units"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("lead", "support"):
            self.fields[name].queryset = UnitsChoice.active()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        lead, support = set(cleaned.get("lead") or ()), set(cleaned.get("support") or ())
        if not lead and not support and not self.errors:
            self.add_error("lead", _("Choose at least one unit."))
        if lead & support:
            self.add_error("support", _("A unit either leads or supports. Take it out of one of the two lists."))
        return cleaned


class BulkWithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Why they are withdrawn"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
