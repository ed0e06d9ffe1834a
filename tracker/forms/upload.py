"""The forms between a file and its speeches: uploading, and looking over what was read."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from speeches.models import Speech
from speeches.preview import MOST_PARTS
from speeches.upload import SpeechDraft, date_problem

# Pasted text travels in the form itself; what is longer comes as a file.
MOST_PASTED = 1_000_000


class DayInput(forms.DateInput):
    """A day, picked in the browser's own calendar."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class DeliveryDay(forms.DateField):
    """The day on which a speech was given: not before the republic, and not in the future."""

    widget = DayInput

    def validate(self, value: dt.date | None) -> None:
        super().validate(value)
        if value and (problem := date_problem(value, today=timezone.localdate())):
            raise ValidationError(problem)


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; ``clean`` returns a list. Whether each can be read is said of each, not of the form."""

    widget = FilesInput(attrs={"multiple": True})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        return [file for file in data or [] if file]


class UploadForm(forms.Form):
    """Files or pasted text, and the day for those speeches that do not state theirs."""

    files = FilesField(
        label=gettext_lazy("Files"),
        required=False,
        help_text=gettext_lazy(
            "docx, doc, wps, pdf with text, odt, rtf, html, ofd or txt; several at a time if you like."
        ),
    )
    text = forms.CharField(
        label=gettext_lazy("Or paste the text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    delivered_on = DeliveryDay(
        label=gettext_lazy("Delivered on"),
        required=False,
        help_text=gettext_lazy("Only for speeches whose text does not state the day."),
    )

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        if len(text) > MOST_PASTED:
            raise ValidationError(
                _("The text has more than %(limit)s characters. Save it as a file and upload that.")
                % {"limit": MOST_PASTED}
            )
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("files") and not cleaned.get("text", "").strip():
            raise ValidationError(_("Choose a file or paste a text."))
        return cleaned


class SpeechForm(forms.ModelForm):
    """What is known of a speech beside its text."""

    delivered_on = DeliveryDay(
        label=gettext_lazy("Delivered on"),
        error_messages={"required": gettext_lazy("Enter the day: every deadline is reckoned from it.")},
    )

    class Meta:
        model = Speech
        fields = ("title", "delivered_on", "speaker", "post", "occasion", "issuing_body")

    def draft(self, text: str) -> SpeechDraft:
        """The speech to be stored, of a valid form."""
        return SpeechDraft(text=text, **self.cleaned_data)


class BasePartFormSet(forms.BaseFormSet):
    """One ``SpeechForm`` for each speech of an upload; ``shape`` is the cutting that the page showed."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.use_required_attribute = False

    def typed(self) -> list[dict[str, str]]:
        """What stands in each form's fields, unchecked but for what the database cannot keep."""
        return [
            {name: form.data.get(form.add_prefix(name), "").replace("\x00", "") for name in SpeechForm.Meta.fields}
            for form in self.forms
        ]


PartFormSet = forms.formset_factory(
    SpeechForm, formset=BasePartFormSet, extra=0, max_num=MOST_PARTS, absolute_max=MOST_PARTS
)
