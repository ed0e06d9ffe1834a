"""Personal tokens for the API: make one, see which there are, revoke one."""

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from tracker.models import ApiToken

NAME_TAKEN = _("You have a token for this already. Revoke it, or name this one differently.")


class TokenForm(forms.ModelForm):
    class Meta:
        model = ApiToken
        fields = ["name", "scope", "expires_on"]
        widgets = {"expires_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["expires_on"].help_text = _("Left empty, it is valid until it is revoked.")

    def clean_name(self) -> str:
        if self.user.api_tokens.filter(name=self.cleaned_data["name"]).exists():
            raise forms.ValidationError(NAME_TAKEN)
        return self.cleaned_data["name"]

    def clean_expires_on(self):
        day = self.cleaned_data["expires_on"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(_("This day has passed. Choose a later one."))
        return day


def tokens(request: HttpRequest) -> HttpResponse:
    form = TokenForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                _token, secret = ApiToken.make(user=request.user, **form.cleaned_data)
        except IntegrityError:  # the form was sent twice at the same moment
            form.add_error("name", NAME_TAKEN)
        else:
            request.session["new_token"] = secret
            return redirect("tokens")
    context = {"form": form, "tokens": request.user.api_tokens.all(), "secret": request.session.pop("new_token", None)}
    return render(request, "tracker/tokens.html", context)


@require_POST
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    request.user.api_tokens.filter(pk=pk).delete()
    messages.success(request, _("The token no longer works."))
    return redirect("tokens")
