"""One form for each step of ``tracker.workflow``: what the step asks for, and how it is taken."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tracker import evidence, progress, terms, workflow
from tracker.days import DayField
from tracker.models import Assignment, ExtensionRequest, Target, Unit, User
from tracker.units import subtree_ids


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


def _long(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class StepForm(forms.Form):
    """What a step asks for. ``take`` takes it, and raises what ``tracker.workflow`` raises."""

    title: ClassVar[Any]
    explanation: ClassVar[Any] = ""
    # Why there is nothing to choose, where ``prepare`` finds that.
    impossible: Any = ""
    # Where the step changes what others may have changed meanwhile: the version that the user looks at.
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, assignment: Assignment, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.assignment, self.user = assignment, user
        self.fields["version"].initial = assignment.version
        self.prepare()

    def prepare(self) -> None:
        """Fit the fields to the assignment."""

    def take(self) -> Any:
        values = {name: value for name, value in self.cleaned_data.items() if value is not None}
        return self.step(self.assignment, by=self.user, **values)

    step: Callable[..., Any]


class NoteForm(StepForm):
    note = forms.CharField(label=_("Note"), required=False, widget=_long(2))


class ReasonForm(StepForm):
    reason = forms.CharField(label=_("Reason"), widget=_long())


class Receive(StepForm):
    title = _("Sign for it")
    explanation = _("With this your unit takes it on.")
    step = staticmethod(workflow.receive)
    person = forms.CharField(label=_("Person responsible"), max_length=60, required=False)

    def prepare(self) -> None:
        self.fields["person"].initial = self.assignment.person


class Submit(NoteForm):
    title = _("Ask to close")
    explanation = _("The office checks the evidence, and closes it or returns it. Today counts as the day it was done.")
    step = staticmethod(workflow.submit)


class Accept(NoteForm):
    title = _("Accept and close")
    explanation = _("You have checked the evidence, and it is done.")
    step = staticmethod(workflow.accept)


class Resume(NoteForm):
    title = _("Resume")
    step = staticmethod(workflow.resume)


class SendBack(ReasonForm):
    title = _("Return")
    explanation = _("The unit reads the reason, and goes on with it.")
    step = staticmethod(workflow.send_back)


class Suspend(ReasonForm):
    title = _("Suspend")
    step = staticmethod(workflow.suspend)


class Withdraw(ReasonForm):
    title = _("Withdraw")
    explanation = _("Nobody owes it any more. What was handed on from it is withdrawn with it.")
    step = staticmethod(workflow.withdraw)


class Reopen(ReasonForm):
    title = _("Reopen after a check")
    explanation = _("A look back found that the result did not last.")
    step = staticmethod(workflow.reopen)


class SendAgain(ReasonForm):
    title = _("Assign again")
    explanation = _("The unit is sent it anew, and signs for it anew.")
    step = staticmethod(workflow.send_again)


class AskExtension(StepForm):
    title = _("Ask for more time")
    step = staticmethod(terms.ask_extension)
    new_deadline = DayField(label=_("New last day"), widget=DayInput())
    reason = forms.CharField(label=_("Reason"), widget=_long())

    def prepare(self) -> None:
        if self.assignment.deadline:
            earliest = self.assignment.deadline + dt.timedelta(days=1)
            self.fields["new_deadline"].widget.attrs["min"] = earliest.isoformat()


class DecideExtension(StepForm):
    title = _("Decide on more time")
    grant = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("1", _("Grant")), ("0", _("Refuse"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason"), widget=_long())

    def prepare(self) -> None:
        self.request = (
            self.assignment.extensions.filter(state=ExtensionRequest.State.PENDING).select_related("asked_by").first()
        )

    def take(self) -> Any:
        if self.request is None:
            raise workflow.Stale(_("This request has already been decided."))
        return terms.decide_extension(
            self.request, by=self.user, grant=self.cleaned_data["grant"], reason=self.cleaned_data["reason"]
        )


class HandOn(StepForm):
    title = _("Hand on")
    explanation = _(
        "Units below yours take it on, each with its own receipt and last day. Yours answers for the whole."
    )
    units = forms.ModelMultipleChoiceField(
        label=_("To"), queryset=Unit.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    deadline = DayField(label=_("Last day"), widget=DayInput(), required=False)
    note = forms.CharField(label=_("Note"), required=False, widget=_long(2))

    def prepare(self) -> None:
        below = subtree_ids([self.assignment.unit]) - {self.assignment.unit_id}
        charged = self.assignment.commitment.assignments.filter(period=self.assignment.period, deleted_at=None)
        self.fields["units"].queryset = Unit.objects.filter(pk__in=below, is_active=True).exclude(
            Q(kind=Unit.Kind.GROUP) | Q(pk__in=charged.exclude(unit=None).values("unit"))
        )
        if not self.fields["units"].queryset.exists():
            self.impossible = _(
                "Every unit below yours is charged with it already, or there is none. The office enters units."
            )
        self.fields["deadline"].initial = self.assignment.deadline

    def take(self) -> Any:
        given = dict(self.cleaned_data)
        return workflow.hand_on(self.assignment, given.pop("units"), by=self.user, **given)


class Amend(StepForm):
    title = _("Change the terms")
    explanation = _(
        "For what was entered wrongly or decided anew. The first deadline stays on record beside the new one; "
        "unlike an extension that the unit asked for, this is not counted against it."
    )
    step = staticmethod(terms.amend)
    deadline = DayField(label=_("Last day"), widget=DayInput(), required=False)
    role = forms.ChoiceField(label=_("Part"), choices=Assignment.Role)
    person = forms.CharField(label=_("Person responsible"), max_length=60, required=False)
    reason = forms.CharField(label=_("Reason"), widget=_long())

    def prepare(self) -> None:
        for name in ("deadline", "role", "person"):
            self.fields[name].initial = getattr(self.assignment, name)

    def take(self) -> Any:
        return terms.amend(self.assignment, by=self.user, **self.cleaned_data)


class Plan(StepForm):
    """Milestones as rows of three fields each; an empty row at the end is left out, an emptied one is taken away."""

    title = _("Milestones")
    explanation = _("Dated steps on the way. One that is past its day and not reached shows as behind schedule.")
    SPARE = 4

    def prepare(self) -> None:
        planned = list(self.assignment.milestones.all())
        self.rows = range(len(planned) + self.SPARE)
        for number in self.rows:
            step = planned[number] if number < len(planned) else None
            self.fields[f"title_{number}"] = forms.CharField(
                label=_("Step %(number)d") % {"number": number + 1},
                max_length=200,
                required=False,
                initial=step and step.title,
            )
            self.fields[f"due_{number}"] = DayField(
                label=_("By"), required=False, widget=DayInput(), initial=step and step.due
            )
            self.fields[f"done_on_{number}"] = DayField(
                label=_("Reached on"), required=False, widget=DayInput(), initial=step and step.done_on
            )

    def field_rows(self) -> list[list[forms.BoundField]]:
        return [[self[f"{name}_{number}"] for name in ("title", "due", "done_on")] for number in self.rows]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        self.steps, self.numbers = [], []
        for number in self.rows:
            title, due, done_on = (given.get(f"{name}_{number}") for name in ("title", "due", "done_on"))
            if title and not due and f"due_{number}" not in self.errors:
                self.add_error(f"due_{number}", _("Enter the day by which it is to be reached."))
            elif due and not title and f"title_{number}" not in self.errors:
                self.add_error(f"title_{number}", _("Name the step."))
            elif title and due:
                self.steps.append(terms.Step(title, due, done_on))
                self.numbers.append(number)
        return given

    def take(self) -> Any:
        try:
            return terms.plan(self.assignment, self.steps, by=self.user, version=self.cleaned_data["version"])
        except terms.StepRefused as error:
            error.field = f"{error.of}_{self.numbers[error.position]}"
            raise


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, checked by what they hold, not by what they are called."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=SeveralFiles(attrs={"accept": evidence.ACCEPT}), **kwargs)

    def clean(self, data: list[UploadedFile] | None, initial: Any = None) -> list[evidence.Checked]:
        files = [super(FilesField, self).clean(file, initial) for file in data or []]
        return evidence.check_all([(file.name, file.size, file) for file in files if file])


class Report(StepForm):
    """A report is added to the others, so it never runs into somebody else's: no version is asked for."""

    title = _("Report progress")
    version = None
    text = forms.CharField(label=_("What has been done"), widget=_long(4))
    percent = forms.IntegerField(
        label=_("Progress in percent"),
        min_value=0,
        max_value=100,
        required=False,
        widget=forms.NumberInput,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("Progress is a whole number from 0 to 100.")
        ),
    )
    problems = forms.CharField(label=_("Problems"), required=False, widget=_long(2))
    next_step = forms.CharField(label=_("Next step"), required=False, widget=_long(2))
    files = FilesField(label=_("Evidence"), required=False)
    corrects = forms.ModelChoiceField(label=_("Corrects the report of"), queryset=None, required=False)
    anyway = forms.BooleanField(label=_("Send it all the same"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, assignment: Assignment, user: User, **kwargs: Any) -> None:
        forms.Form.__init__(self, *args, **kwargs)
        self.assignment, self.user = assignment, user
        self.prepare()

    def prepare(self) -> None:
        self.targets = list(self.assignment.commitment.targets.all())
        for target in self.targets:
            self.fields[f"target_{target.pk}"] = forms.DecimalField(
                label=_("Reached so far: %(target)s") % {"target": target},
                min_value=0,
                max_digits=20,
                decimal_places=4,
                required=False,
                error_messages={"min_value": _("A quantity cannot be negative.")},
                help_text=_("The total so far, in %(unit)s.") % {"unit": target.unit} if target.unit else "",
            )
        self.fields["percent"].initial = self.assignment.progress
        self.fields["files"].help_text = _(
            "Photos and documents, at most %(files)d files of %(size)d MB each. "
            "Photos are shown, documents can be downloaded."
        ) % {"files": evidence.MOST_FILES, "size": settings.EVIDENCE_LIMIT_MB}
        self.fields["corrects"].queryset = self.assignment.updates.order_by("-at", "-pk")
        self.order_fields(["text", "anyway", *[f"target_{target.pk}" for target in self.targets]])

    def quantities(self) -> dict[Target, Decimal]:
        given = {target: self.cleaned_data.get(f"target_{target.pk}") for target in self.targets}
        return {target: quantity for target, quantity in given.items() if quantity is not None}

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        new = self.quantities() or given.get("files") or given.get("corrects")
        if given.get("text") and not new and not given.get("anyway"):
            last = progress.last_text(self.assignment)
            if progress.says_nothing_new(given["text"], last=last):
                self.fields["anyway"].widget = forms.CheckboxInput()
                self.add_error(
                    "text",
                    _(
                        "This says nothing new. Say what was done, where, and how much; "
                        "or tick “Send it all the same”: the office then sees it marked."
                    ),
                )
        return given

    def take(self) -> Any:
        given = self.cleaned_data
        return progress.report(
            self.assignment,
            by=self.user,
            text=given["text"],
            percent=given["percent"],
            quantities=self.quantities(),
            problems=given["problems"],
            next_step=given["next_step"],
            files=given["files"],
            corrects=given["corrects"],
        )


FORMS: dict[str, type[StepForm]] = {
    "receive": Receive,
    "report": Report,
    "submit": Submit,
    "ask_extension": AskExtension,
    "plan": Plan,
    "hand_on": HandOn,
    "accept": Accept,
    "send_back": SendBack,
    "decide_extension": DecideExtension,
    "amend": Amend,
    "suspend": Suspend,
    "resume": Resume,
    "withdraw": Withdraw,
    "reopen": Reopen,
    "send_again": SendAgain,
}
