"""What is done to an item as a whole: an instruction written on it, taking it out of the ledger, and absence."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tracker.filters import DayInput
from tracker.models import Delegation, User


class InstructionForm(forms.Form):
    text = forms.CharField(label=_("Instruction"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class RemoveForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), max_length=100, widget=forms.Textarea(attrs={"rows": 2}))


class DelegationForm(forms.ModelForm):
    """Who stands in for whom, from which day to which, both included. Anyone for themselves, administrators for all."""

    class Meta:
        model = Delegation
        fields = ["absent", "substitute", "starts_on", "ends_on"]
        widgets = {"starts_on": DayInput(), "ends_on": DayInput()}

    def __init__(self, *args: Any, users: Any, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["absent"].queryset = users
        self.fields["absent"].empty_label = None
        self.fields["substitute"].queryset = User.objects.filter(is_active=True)

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        starts, ends = given.get("starts_on"), given.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("The last day cannot lie before the first."))
        elif ends and ends < self.today:
            self.add_error("ends_on", _("These days are past already."))
        if given.get("absent") and given.get("absent") == given.get("substitute"):
            self.add_error("substitute", _("Nobody can stand in for themselves."))
        return given

    def _post_clean(self) -> None:
        """The database's own checks stand behind ``clean``; a form that has told of an error need not tell it twice."""
        if not self.errors:
            super()._post_clean()
