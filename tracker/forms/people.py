"""Users, their roles, their passwords."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from tracker.models import Membership, User
from tracker.people import manageable_units


class UserForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["username", "name", "post", "email", "is_active"]
        labels = {"username": _("User name"), "name": _("Name"), "email": _("Email"), "is_active": _("May sign in")}
        help_texts = {"username": _("What they type to sign in."), "is_active": ""}


class RoleForm(forms.ModelForm):
    """One role for one unit; it reaches everything below the unit."""

    class Meta:
        model = Membership
        fields = ["unit", "role", "is_head"]
        labels = {"unit": _("Unit"), "role": _("Role"), "is_head": _("Head of the unit (told when reminders fail)")}

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = manageable_units(by).with_tree_fields()

    def _post_clean(self) -> None:
        """A role that is there already is no mistake: giving it again changes nothing."""


class PasswordForm(forms.Form):
    """A password that the administrator hands over; the user changes it."""

    password = forms.CharField(
        label=_("New password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 8 characters, not only digits, not a common word. Tell the user to change it."),
    )

    def __init__(self, *args: Any, whom: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.whom = whom

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        validate_password(password, self.whom)
        return password
