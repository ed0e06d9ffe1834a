"""What goes in and comes out. Dates are days in China; every "last day" is inclusive."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

from ninja import Field, ModelSchema, Schema
from pydantic import AfterValidator, StringConstraints

from speeches.models import Finding, Speech
from tracker.models import (
    Assignment,
    Bulletin,
    Commitment,
    ExtensionRequest,
    Instruction,
    Milestone,
    Reminder,
    StatusUpdate,
    SupervisionNotice,
    Target,
    Unit,
)


def _without_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("must not contain NUL characters")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("must be valid Unicode")
    return text


Word = Annotated[str, StringConstraints(max_length=200), AfterValidator(_without_nul)]
Text = Annotated[str, StringConstraints(max_length=20_000), AfterValidator(_without_nul)]
SaidText = Annotated[
    str, StringConstraints(min_length=1, max_length=20_000, pattern=r"\S"), AfterValidator(_without_nul)
]
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Percent = Annotated[int, Field(ge=0, le=100)]
Quantity = Annotated[Decimal, Field(ge=0, max_digits=20, decimal_places=4)]
Day = Annotated[dt.date, Field(ge=dt.date(1949, 10, 1), le=dt.date(2200, 12, 31))]
Number = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{4,8}$")]


class Problem(Schema):
    type: str
    title: str
    status: int
    detail: str


PROBLEMS = dict.fromkeys([400, 401, 403, 404, 409, 422], Problem)


class UnitOut(ModelSchema):
    class Meta:
        model = Unit
        fields = ["id", "name", "short_name", "kind", "parent", "head", "is_active"]


class SpeechOut(ModelSchema):
    class Meta:
        model = Speech
        fields = ["id", "title", "speaker", "post", "occasion", "issuing_body", "delivered_on", "added_at", "version"]


class SpeechText(SpeechOut):
    text: str


class FoundTarget(Schema):
    text: str
    op: str
    value: float
    unit: str
    metric: str = ""
    high: float | None = None


class FindingOut(ModelSchema):
    decision: str | None = None
    heading: list[str]
    deadline_flags: list[str]
    targets: list[FoundTarget]
    responsible: list[str]
    supporting: list[str]
    people: list[str]
    reasons: list[str]

    class Meta:
        model = Finding
        exclude = ["deadline_value"]

    @staticmethod
    def resolve_decision(row: Finding) -> str | None:
        standing = getattr(row, "standing", None)
        return standing[0].decision if standing else None


class SpeechIn(Schema):
    """One speech as text; the API does not split it."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"\S"), AfterValidator(_without_nul)]
    text: Annotated[
        str, StringConstraints(min_length=1, max_length=2_000_000, pattern=r"\S"), AfterValidator(_without_nul)
    ]
    delivered_on: Day
    speaker: Annotated[str, StringConstraints(max_length=60), AfterValidator(_without_nul)] = ""
    post: Annotated[str, StringConstraints(max_length=100), AfterValidator(_without_nul)] = ""
    occasion: Word = ""
    issuing_body: Annotated[str, StringConstraints(max_length=100), AfterValidator(_without_nul)] = ""


class TargetOut(ModelSchema):
    class Meta:
        model = Target
        fields = ["id", "text", "metric", "op", "value", "high", "unit"]


class AssignmentOut(ModelSchema):
    commitment_number: str
    unit_name: str | None
    light: str

    class Meta:
        model = Assignment
        fields = [
            "id", "commitment", "unit", "role", "person", "period", "begins_on", "deadline", "original_deadline",
            "state", "progress", "received_at", "finished_on", "closed_on", "last_update_at", "times_returned",
            "times_extended", "version",
        ]  # fmt: skip

    @staticmethod
    def resolve_commitment_number(row: Assignment) -> str:
        return row.commitment.number

    @staticmethod
    def resolve_unit_name(row: Assignment) -> str | None:
        return row.unit.name if row.unit else None


class CommitmentOut(ModelSchema):
    people: list[str]

    class Meta:
        model = Commitment
        fields = [
            "id", "number", "title", "content", "tier", "state", "entered_on", "begins_on", "speech", "origin",
            "start", "end", "quote", "heading", "deadline_text", "deadline", "recurrence_text", "rrule", "people",
            "leader", "version",
        ]  # fmt: skip


class CommitmentDetail(CommitmentOut):
    targets: list[TargetOut]
    assignments: list[AssignmentOut]

    @staticmethod
    def resolve_assignments(row: Commitment) -> list[Any]:
        return row.shown_assignments


class CommitmentIn(Schema):
    """An item entered by hand. ``lead`` and ``support`` are units; a group charges each of its members."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"\S"), AfterValidator(_without_nul)]
    content: Text = ""
    origin: Word = ""
    deadline: Day | None = None
    begins_on: Day | None = None
    lead: Annotated[list[Id], Field(max_length=200)] = []
    support: Annotated[list[Id], Field(max_length=200)] = []


class CorrectionIn(Schema):
    """What is left out stays as it is. ``version`` is the one that was looked at."""

    version: int
    title: (
        Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"\S"), AfterValidator(_without_nul)]
        | None
    ) = None
    content: Text | None = None
    deadline: Day | None = None


class RemovalIn(Schema):
    version: int
    reason: SaidText


class AssignIn(Schema):
    lead: Annotated[list[Id], Field(max_length=200)] = []
    support: Annotated[list[Id], Field(max_length=200)] = []
    person: Annotated[str, StringConstraints(max_length=60), AfterValidator(_without_nul)] = ""
    deadline: Day | None = None


class UpdateOut(ModelSchema):
    class Meta:
        model = StatusUpdate
        fields = ["id", "text", "percent", "progress", "problems", "next_step", "says_nothing_new", "by", "at"]


class ReportIn(Schema):
    """``quantities`` are totals so far against the commitment's targets, by target id."""

    text: SaidText
    percent: Percent | None = None
    quantities: dict[Annotated[str, StringConstraints(pattern=r"^[0-9]{1,18}$")], Quantity] = {}
    problems: Text = ""
    next_step: Text = ""
    version: int | None = None


class StepIn(Schema):
    """One step of the workflow. ``note`` is the reason where the step asks for one (send_back, suspend, …)."""

    note: Text = ""
    version: int | None = None


class HandOnIn(Schema):
    """转办 to units below the assignment's own."""

    units: Annotated[list[Id], Field(min_length=1, max_length=200)]
    note: Text = ""
    deadline: Day | None = None
    version: int | None = None


class EvidenceReportIn(Schema):
    text: SaidText
    percent: Percent | None = None
    problems: Text = ""
    next_step: Text = ""


class RemindIn(Schema):
    assignments: Annotated[list[Id], Field(min_length=1, max_length=500)]
    text: Annotated[str, StringConstraints(max_length=500), AfterValidator(_without_nul)] = ""


class Reminded(Schema):
    reminders: int
    already: list[int]
    unreachable: list[str]


class ExtensionIn(Schema):
    new_deadline: Day
    reason: SaidText
    version: int | None = None


class DecisionIn(Schema):
    grant: bool
    reason: SaidText


class ExtensionOut(ModelSchema):
    class Meta:
        model = ExtensionRequest
        fields = ["id", "assignment", "old_deadline", "new_deadline", "reason", "state", "decision_reason"]


class InstructionIn(Schema):
    text: SaidText


class InstructionOut(ModelSchema):
    class Meta:
        model = Instruction
        fields = ["id", "text", "by", "at"]


class ReminderOut(ModelSchema):
    class Meta:
        model = Reminder
        fields = ["id", "commitment", "assignment", "level", "day", "text", "sent_at", "read_at"]


class Me(Schema):
    id: int
    username: str
    name: str
    roles: dict[str, list[int]]


class Standing(Schema):
    """How one unit stands on a day: its assignments by light."""

    unit: int | None
    unit_name: str | None
    lights: dict[str, int]


class ScoreOut(Schema):
    """A unit's points: how often each kind counted, the points of each, and all of them with the base."""

    unit: int
    unit_name: str
    rank: int
    items: int
    times: dict[str, int]
    points: dict[str, float]
    total: float


class ScoredItem(Schema):
    assignment: int
    commitment_number: str
    times: dict[str, int]
    points: dict[str, float]
    total: float


class BulletinIn(Schema):
    """Both days belong to the period. Each line of ``comment`` becomes a paragraph of what is asked next."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"\S"), AfterValidator(_without_nul)]
    start: Day
    end: Day
    comment: Annotated[str, StringConstraints(max_length=5000), AfterValidator(_without_nul)] = ""


class BulletinOut(ModelSchema):
    class Meta:
        model = Bulletin
        fields = ["id", "year", "serial", "title", "period_start", "period_end", "comment", "issued_at"]


class NoticeIn(Schema):
    """Without ``answer_by`` the customary three working days; without ``request`` the customary words."""

    assignments: Annotated[list[Id], Field(min_length=1, max_length=200)]
    answer_by: Day | None = None
    request: Annotated[str, StringConstraints(max_length=1000), AfterValidator(_without_nul)] = ""


class NoticeOut(ModelSchema):
    class Meta:
        model = SupervisionNotice
        fields = ["id", "year", "serial", "assignment", "colour", "answer_by", "issued_on"]


class AmendIn(Schema):
    """The new terms, all of them. The first last day stays on record."""

    deadline: Day | None
    role: Assignment.Role
    person: Annotated[str, StringConstraints(max_length=60), AfterValidator(_without_nul)] = ""
    reason: SaidText
    version: int | None = None


class MilestoneIn(Schema):
    title: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"\S"), AfterValidator(_without_nul)]
    due: Day
    done_on: Day | None = None


class PlanIn(Schema):
    """倒排工期: all milestones of the assignment; what is left out is taken away."""

    milestones: Annotated[list[MilestoneIn], Field(max_length=50)]
    version: int | None = None


class MilestoneOut(ModelSchema):
    class Meta:
        model = Milestone
        fields = ["id", "title", "due", "done_on"]


class EventOut(Schema):
    """One thing that happened to an item. ``by`` and ``unit`` are names; by nobody is by the system."""

    at: dt.datetime
    kind: str
    what: str
    by: str
    unit: str
    text: str


class Found(Schema):
    """What a search found, the best first; ``count`` is at most 200 of each."""

    commitments: list[CommitmentOut]
    speeches: list[SpeechOut]
    commitment_count: int
    speech_count: int
