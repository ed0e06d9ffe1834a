"""Status updates: what a unit reports, and the progress that follows from it."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker import evidence, workflow
from tracker.models import Assignment, Measurement, StatusUpdate, Target, User

# What a report may say and still say nothing: the office's most frequent complaint.
_EMPTY = re.compile(
    r"^(?:目前|现)?(?:正在|正|各项工作)?(?:按照?(?:原)?(?:计划|要求|方案|时间节点|序时进度)?)?(?:有序|稳步|扎实|积极|正常|持续|全力|抓紧)*"
    r"(?:推进|开展|进行|实施|落实|办理)(?:中|之中|过程中)?$"
)


def says_nothing_new(text: str, *, last: str | None) -> bool:
    """Whether a report is only "按计划推进", or repeats the ``last`` one but for spaces and punctuation."""
    bare = re.sub(r"[\W_]+", "", text)
    return bool(_EMPTY.match(bare)) or (last is not None and bare == re.sub(r"[\W_]+", "", last))


def last_text(assignment: Assignment) -> str | None:
    """What the assignment's last report said; None before the first."""
    return assignment.updates.order_by("-at", "-pk").values_list("text", flat=True).first()


def measured(target: Target, quantity: Decimal) -> int:
    """How far ``quantity`` is towards ``target``, in percent, at most 100; a limit is kept (100) or not (0)."""
    if target.op == Target.Op.AT_MOST or target.value == 0:
        return 100 if quantity <= target.value else 0
    return max(0, min(100, int(quantity * 100 / target.value)))


def _progress(assignment: Assignment, quantities: Mapping[Target, Decimal], percent: int | None) -> int | None:
    """Measured where any target has ever been measured: the mean over the commitment's measurable targets."""
    latest: dict[int, int] = {}
    for row in (
        Measurement.objects.filter(update__assignment=assignment).select_related("target").order_by("update__at", "pk")
    ):
        if row.target.op != Target.Op.AT_MOST:
            latest[row.target_id] = measured(row.target, row.quantity)
    for target, quantity in quantities.items():
        if target.op != Target.Op.AT_MOST:
            latest[target.pk] = measured(target, quantity)
    if latest:
        return sum(latest.values()) // len(latest)
    return percent if percent is not None else assignment.progress


@transaction.atomic
def report(
    assignment: Assignment,
    *,
    by: User | None,
    text: str,
    percent: int | None = None,
    quantities: Mapping[Target, Decimal] | None = None,
    problems: str = "",
    next_step: str = "",
    files: Sequence[evidence.Checked] = (),
    corrects: StatusUpdate | None = None,
    at: dt.datetime | None = None,
    version: int | None = None,
) -> StatusUpdate:
    """Record what the unit reports. ``percent`` is 0–100; ``quantities`` are totals so far, not increments.

    What was reported stays: a correction is a new report that names the one it ``corrects``.

    Raises ``workflow.Refused`` for values out of range or a state in which nothing is reported.
    """
    text = text.strip()
    quantities = quantities or {}
    if not text:
        raise workflow.Refused(_("Say what has been done."), field="text")
    if percent is not None and not 0 <= percent <= 100:
        raise workflow.Refused(_("Progress is a whole number from 0 to 100."), field="percent")
    if any(quantity < 0 for quantity in quantities.values()):
        raise workflow.Refused(_("A quantity cannot be negative."))
    if any(target.commitment_id != assignment.commitment_id for target in quantities):
        raise workflow.Refused(_("This number belongs to another item."))
    if corrects and corrects.assignment_id != assignment.pk:
        raise workflow.Refused(_("The report to be corrected belongs to another assignment."), field="corrects")
    at = at or timezone.now()
    # Locked before it is read: a report at the same moment must not be reckoned away, and no file of who may not.
    assignment = workflow.lock(assignment, "report", by, version)
    update = StatusUpdate.objects.create(
        assignment=assignment,
        text=text,
        percent=percent,
        progress=_progress(assignment, quantities, percent),
        problems=problems.strip(),
        next_step=next_step.strip(),
        says_nothing_new=not (quantities or files or corrects) and says_nothing_new(text, last=last_text(assignment)),
        corrects=corrects,
        by=by,
        at=at,
    )
    Measurement.objects.bulk_create(
        Measurement(update=update, target=target, quantity=quantity) for target, quantity in quantities.items()
    )
    evidence.keep(update, files)
    workflow.report(assignment, update, by=by, at=at, version=version)
    return update
