"""How a person wants to be reminded, and the office's own channels. Keys to chats go in and never come out again."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tracker.models import Address, Channel, User
from tracker.reminders.channels import UNREADABLE, Routes, check_webhook
from tracker.sealed import Unreadable

# Letters of a stored key that its owner is shown: enough to tell two robots apart, too few to use one.
SHOWN = 4
ROBOTS = [Channel.WECOM, Channel.DINGTALK, Channel.FEISHU]
_WHOM = {
    Channel.WECOM: (r"[\w.@-]{1,64}", _("Mobile number or user id")),
    Channel.DINGTALK: (r"\+?\d{11,14}", _("Mobile number")),
    Channel.FEISHU: (r"ou_\w{6,64}", _("Open ID (ou_…)")),
}


class LanguageForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("language",)
        labels = {"language": _("Language of the messages")}


class AddressForm(forms.Form):
    """One channel of one person, or of the office where ``user`` is None."""

    is_on = forms.BooleanField(required=False)

    def __init__(self, *args: Any, channel: str, user: User | None, routes: Routes, **kwargs: Any) -> None:
        self.channel, self.user, self.routes = Channel(channel), user, routes
        self.stored = routes.address(user, channel)
        self.office = routes.address(None, channel) if user else None
        on = bool(routes.route(user, channel)) if user else bool(self.stored and self.stored.is_on)
        super().__init__(*args, prefix=channel, initial={"is_on": on, **self._initial()}, **kwargs)
        self._fit()

    def _initial(self) -> dict[str, str]:
        if self.channel == Channel.EMAIL and self.user:
            return {"to": (self.stored.to if self.stored else "") or self.user.email}
        return {"to": self.stored.to if self.stored else ""}

    def _fit(self) -> None:
        """The fields that this channel has."""
        self.fields["is_on"].label = self.channel.label
        if self.channel == Channel.EMAIL:
            if self.user:
                self.fields["to"] = forms.EmailField(label=_("Mailbox"), required=False, max_length=254)
            return
        if self.user:
            pattern, label = _WHOM[self.channel]
            self.fields["to"] = forms.CharField(
                label=label,
                required=False,
                max_length=70,
                validators=[RegexValidator(rf"\A{pattern}\Z", _("This is not one. It may stay empty."))],
                help_text=_("Whom the robot calls by name. May stay empty."),
            )
        self.fields["webhook"] = self._key(_("Address of the robot"), 500, self.stored and self.stored.webhook)
        if self.channel != Channel.WECOM:
            self.fields["secret"] = self._key(
                _("Signing secret, if the robot has one"), 200, self.stored and self.stored.secret
            )
        if self.has_webhook:
            self.fields["forget"] = forms.BooleanField(label=_("Forget the stored robot"), required=False)

    @staticmethod
    def _key(label: Any, length: int, stored: str | None) -> forms.CharField:
        """A field that is written and never shown again, but for its end, by which its owner knows it."""
        widget = forms.PasswordInput(attrs={"autocomplete": "off"})
        text: Any = ""
        if isinstance(stored, Unreadable):
            text = UNREADABLE
        elif stored:
            text = format_lazy(
                _("Stored, ending in {end}. It is not shown again; paste a new one to replace it."), end=stored[-SHOWN:]
            )
        return forms.CharField(label=label, required=False, max_length=length, widget=widget, help_text=text)

    @property
    def has_webhook(self) -> bool:
        return bool(self.stored and self.stored.webhook)

    def clean_webhook(self) -> str:
        address = self.cleaned_data["webhook"].strip()
        if address:
            check_webhook(self.channel, address, self.routes.gateways)
        return address

    def clean_secret(self) -> str:
        secret = self.cleaned_data["secret"].strip()
        if secret and not re.fullmatch(r"[A-Za-z0-9]{6,200}", secret):
            raise ValidationError(_("A signing secret is made of letters and digits."))
        return secret

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("is_on") or self.errors:
            return data
        if self.channel == Channel.EMAIL:
            if self.user and not data.get("to"):
                self.add_error("to", _("Give the mailbox to write to."))
        else:
            kept = self.has_webhook and not data.get("forget")
            if not (data.get("webhook") or kept or (self.office and self.office.is_on)):
                self.add_error("webhook", _("Paste the address of the robot: without it there is no way to send."))
        return data

    def save(self) -> None:
        """Keep what was changed; what was not touched goes on following the office."""
        if not self.has_changed():
            return
        data = self.cleaned_data
        row = self.stored or Address(user=self.user, channel=self.channel)
        row.is_on = data["is_on"]
        row.to = data.get("to", "")
        if data.get("forget"):
            row.webhook = row.secret = ""
        if data.get("webhook"):
            # A new robot does not inherit the secret of the old one.
            row.webhook, row.secret = data["webhook"], ""
        if data.get("secret"):
            row.secret = data["secret"]
        row.save()
