"""What a paper is asked for with. Every choice is narrowed to what the user may see."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from speeches.models import Speech
from tracker import rules
from tracker.days import DayField
from tracker.models import Assignment, SupervisionNotice, Unit

# What a list of choices shows at most; older speeches are reached from their own page.
MOST_CHOICES = 300


def date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def units_of(user: Any) -> QuerySet[Unit]:
    """The units that ``user`` looks at, without groups, in their order."""
    seen = rules.scope(user).reach(*rules.LOOKING)
    return Unit.objects.filter(pk__in=seen, is_active=True).exclude(kind=Unit.Kind.GROUP).order_by("position", "name")


class BreakdownForm(forms.Form):
    """Which speech, as which kind of file."""

    speech = forms.ModelChoiceField(label=_("Speech"), queryset=Speech.objects.none())
    format = forms.ChoiceField(
        label=_("File"), choices=[("docx", _("Word (docx)")), ("xlsx", _("Excel (xlsx)"))], initial="docx"
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        speeches = rules.visible_speeches(user).defer("text")
        self.fields["speech"].queryset = speeches
        shown = speeches.order_by("-delivered_on", "-pk")[:MOST_CHOICES]
        self.fields["speech"].choices = [
            ("", "---------"),
            *((row.pk, f"{row.delivered_on} {row.title}") for row in shown),
        ]


class LedgerForm(forms.Form):
    """Which part of the ledger, as of which day."""

    unit = forms.ModelChoiceField(
        label=_("Unit and those below it"), queryset=Unit.objects.none(), required=False, empty_label=_("all units")
    )
    year = forms.IntegerField(
        label=_("Entered in the year"), required=False, min_value=1949, max_value=2200, help_text=_("Empty: all years.")
    )
    open_only = forms.BooleanField(label=_("Only what is still open"), required=False)
    as_of = DayField(label=_("As of"), required=False, widget=date_input())

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_of(user)

    def clean_as_of(self) -> dt.date:
        return self.cleaned_data["as_of"] or timezone.localdate()


class PledgeForm(forms.Form):
    """Which unit, for which year."""

    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none())
    year = forms.IntegerField(label=_("Year"), min_value=1949, max_value=2200)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_of(user)


class BulletinForm(forms.Form):
    """What a bulletin speaks of. Both days belong to the period; it cannot end after today."""

    title = forms.CharField(label=_("Title"), max_length=200)
    start = DayField(label=_("First day"), widget=date_input())
    end = DayField(label=_("Up to and with"), widget=date_input())
    comment = forms.CharField(
        label=_("What is asked next"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Each line becomes a paragraph."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end < start:
            self.add_error("end", _("The period ends before it begins."))
        if end and end > timezone.localdate():
            self.add_error("end", _("A bulletin cannot speak of days that are still to come."))
        return cleaned

    @staticmethod
    def proposal(today: dt.date) -> dict[str, Any]:
        """The quarter so far, in the customary words."""
        first = dt.date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
        quarter = "一二三四"[first.month // 3]
        return {
            "title": f"关于{today.year}年第{quarter}季度重点任务落实情况的通报",
            "start": first,
            "end": today,
            "comment": "请各责任单位对照通报查找差距，压实责任，加快推进。\n"
            "有逾期事项的单位，自通报印发之日起5个工作日内书面报告原因和整改措施。",
        }


class NoticeForm(forms.Form):
    """For which of the candidates a notice is issued, and what is asked."""

    answer_by = DayField(label=_("To answer by"), widget=date_input())
    request = forms.CharField(
        label=_("What is asked"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Empty: the customary words for each colour."),
    )
    assignments = forms.ModelMultipleChoiceField(
        label=_("Items"),
        queryset=Assignment.objects.none(),
        error_messages={"required": _("Choose at least one item.")},
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignments"].queryset = rules.visible_assignments(user).filter(unit__isnull=False)


class CandidateForm(forms.Form):
    """Which candidates for a notice are listed."""

    colour = forms.ChoiceField(
        label=_("Colour"), required=False, choices=[("", _("all colours")), *SupervisionNotice.Colour.choices]
    )
    unit = forms.ModelChoiceField(
        label=_("Unit"), queryset=Unit.objects.none(), required=False, empty_label=_("all units")
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_of(user)


class TemplateForm(forms.Form):
    """An office's own template."""

    file = forms.FileField(label=_("Your own template (docx)"), widget=forms.FileInput(attrs={"accept": ".docx"}))
