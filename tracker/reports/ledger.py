"""督办台账 (xlsx): one row for each unit that leads an item, with how it stands on a day."""

import datetime as dt
from collections import defaultdict
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from tracker.lights import Light, end_of_day, with_light
from tracker.models import Assignment, StatusUpdate, Target
from tracker.reports import office, sheets

COLUMNS = (
    "编号", "立项日期", "来源", "事项内容", "目标", "牵头单位", "配合单位", "责任人", "完成时限", "当前进度",
    "最新进展", "存在问题", "亮灯", "办结日期",
)  # fmt: skip
_WIDTHS = (12, 15, 22, 40, 22, 18, 22, 12, 15, 10, 36, 26, 14, 15)
# A styled workbook is built in memory; the plain export of the ledger page has no such end.
MOST_ROWS = 10_000


def rows(assignments: QuerySet[Assignment], day: dt.date) -> list[dict[str, Any]]:
    """The ledger's rows for ``assignments`` (those that the reader may see) as of ``day``, in four queries."""
    leading = assignments.filter(role=Assignment.Role.LEAD).exclude(state=Assignment.State.WITHDRAWN)
    said = StatusUpdate.objects.filter(assignment=OuterRef("pk"), at__lte=end_of_day(day)).order_by("-at", "-pk")
    found = list(
        with_light(leading, day)
        .select_related("commitment", "commitment__speech", "unit")
        .annotate(latest=Subquery(said.values("text")[:1]), trouble=Subquery(said.values("problems")[:1]))
        .order_by("commitment__number", "period", "unit__position", "pk")[: MOST_ROWS + 1]
    )
    if len(found) > MOST_ROWS:
        raise ValidationError(
            _("This ledger would have more than %(limit)s rows. Choose a unit or a year, or export the list as CSV.")
            % {"limit": MOST_ROWS}
        )
    commitments = {row.commitment_id for row in found}
    targets: dict[int, list[str]] = defaultdict(list)
    supports: dict[tuple[int, Any], list[str]] = defaultdict(list)
    for chunk in _chunks(sorted(commitments)):
        for target in Target.objects.filter(commitment__in=chunk):
            targets[target.commitment_id].append(office.target(target))
        helping = Assignment.objects.filter(
            commitment__in=chunk, role=Assignment.Role.SUPPORT, deleted_at=None
        ).exclude(state=Assignment.State.WITHDRAWN)
        for row in helping.select_related("unit").order_by("unit__position"):
            supports[row.commitment_id, row.period].append(row.unit.name)
    return [_row(row, targets, supports, day) for row in found]


def _chunks(pks: list[int], size: int = 5000) -> list[list[int]]:
    return [pks[at : at + size] for at in range(0, len(pks), size)]


def _row(row: Any, targets: Any, supports: Any, day: dt.date) -> dict[str, Any]:
    commitment = row.commitment
    return {
        "number": commitment.number,
        "entered_on": commitment.entered_on,
        "source": commitment.speech.title if commitment.speech else commitment.origin,
        "title": commitment.title,
        "target": office.names(targets[commitment.pk]),
        "lead": row.unit.name if row.unit else "待交办",
        "support": office.names(supports[commitment.pk, row.period]),
        "person": row.person or office.names(commitment.people),
        "deadline": row.deadline or commitment.recurrence_text or commitment.deadline_text or "长期",
        "progress": row.progress_then,
        "latest": row.latest or "",
        "trouble": row.trouble or "",
        "light": Light(row.light),
        "closed_on": row.closed_on if row.closed_on and row.closed_on <= day else None,
    }


def xlsx(found: list[dict[str, Any]], day: dt.date, *, issued_by: str) -> bytes:
    """The ledger as a workbook: headings frozen and filtered, real dates, lights in their colours."""
    book = sheets.Book("督办台账", widths=_WIDTHS)
    book.title("督 办 台 账")
    book.subtitle(f"{issued_by}　截至{office.day(day)}　共{len(found)}行")
    book.head(COLUMNS, freeze_columns=1)
    for row in found:
        values = list(row.values())
        light = row["light"]
        values[9] = row["progress"] / 100
        values[12] = office.LIGHT_WORDS[light].split("（")[0]
        book.row(values, centred=(0, 1, 7, 8, 9, 12, 13), fills={12: office.LIGHT_COLOURS[light]})
        book.sheet.cell(book.at, 10).number_format = "0%"
    book.filters()
    return book.bytes()
