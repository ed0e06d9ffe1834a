"""责任状: what one unit has taken on for a year, with numbers and days, to be signed by both sides."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.models import Assignment, Unit
from tracker.reports import office, paper
from tracker.reports.rendering import Paper

MOST_ITEMS = 300


def items(assignments: QuerySet[Assignment], unit: Unit, year: int) -> list[dict[str, Any]]:
    """What ``unit`` owes in ``year``: due in it, or open-ended and not closed before it; a recurring duty once.

    ``assignments`` are those that the reader may see.
    """
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    open_ended = Q(deadline=None, begins_on__lte=last) & (Q(closed_on=None) | Q(closed_on__gte=first))
    owed = (
        assignments.filter(Q(deadline__range=(first, last)) | open_ended, unit=unit)
        .exclude(state=Assignment.State.WITHDRAWN)
        .select_related("commitment", "commitment__speech")
        .prefetch_related("commitment__targets")
        .order_by("role", "deadline", "pk")
    )
    once = {row.commitment_id: row for row in reversed(owed[: MOST_ITEMS * 12 + 1])}
    if len(once) > MOST_ITEMS:
        raise ValidationError(_("A pledge holds at most %(limit)s items.") % {"limit": MOST_ITEMS})
    found = sorted(once.values(), key=lambda row: (row.role, row.deadline or dt.date.max, row.pk))
    return [_item(row, serial) for serial, row in enumerate(found, 1)]


def _item(row: Assignment, serial: int) -> dict[str, Any]:
    commitment = row.commitment
    return {
        "serial": serial,
        "title": commitment.title,
        "target": office.names(office.target(target) for target in commitment.targets.all()),
        "role": "牵头" if row.role == Assignment.Role.LEAD else "配合",
        "deadline": commitment.recurrence_text or office.day(row.deadline) or commitment.deadline_text or "长期",
        "source": commitment.speech.title if commitment.speech else commitment.origin,
    }


def context(assignments: QuerySet[Assignment], unit: Unit, year: int, *, issued_by: str) -> dict[str, Any]:
    """What the template is filled with."""
    found = items(assignments, unit, year)
    government = Unit.objects.filter(kind=Unit.Kind.GOVERNMENT, is_active=True).order_by("position").first()
    return {
        "year": year,
        "unit": unit.name,
        "head": unit.head,
        "government": government.name if government else issued_by,
        "issuer": issued_by,
        "items": found,
        "count": len(found),
        "lead_count": sum(item["role"] == "牵头" for item in found),
        "issued_on": office.day(timezone.localdate()),
    }


def build() -> Any:
    """The built-in template: promise, table of items, demands, and a place for both signatures."""
    made = paper.document()
    paper.title(made, "{{ year }}年度重点任务目标责任状")
    paper.line(made, "责任单位：{{ unit }}", indent=False)
    paper.line(
        made,
        "为确保{{ year }}年度各项重点任务落到实处，按照“谁主管、谁负责”的原则，"
        "{{ government }}与{{ unit }}签订本责任状。",
    )
    paper.heading(made, "一、责任内容")
    paper.line(made, "{{ unit }}承担重点任务{{ count }}项，其中牵头{{ lead_count }}项。")
    aligns = ["center", "left", "left", "center", "center"]
    table = paper.table(made, (12, 60, 32, 14, 38), ("序号", "重点任务", "目标", "分工", "完成时限"), size=paper.FIVE)
    paper.row(table, ["{%tr for item in items %}"])
    fields = ("serial", "title", "target", "role", "deadline")
    paper.row(table, [f"{{{{ item.{field} }}}}" for field in fields], size=paper.FIVE, aligns=aligns)
    paper.row(table, ["{%tr endfor %}"])
    paper.heading(made, "二、责任要求")
    paper.line(made, "（一）单位主要负责人为第一责任人，逐项明确分管领导、责任科室和责任人，倒排工期，按期完成。")
    paper.line(made, "（二）按时如实报送进展；确需延期的，应在到期前按程序申请，未经批准不得调整时限。")
    paper.line(made, "（三）完成情况纳入年度考核；逾期未完成的，按规定通报并追究责任。")
    paper.heading(made, "三、其他")
    paper.line(made, "本责任状自签订之日起生效，一式两份，双方各执一份。")
    signing = made.add_table(rows=1, cols=2)
    for cell, lines in zip(
        signing.rows[0].cells,
        (
            ("{{ government }}（印章）", "负责人签字：", "年　　月　　日"),
            ("{{ unit }}（印章）", "负责人签字：", "年　　月　　日"),
        ),
        strict=True,
    ):
        for number, text in enumerate(lines):
            if number:
                cell.add_paragraph()
            paragraph = cell.paragraphs[-1]
            paragraph.paragraph_format.space_before = paper.TWO
            paragraph.paragraph_format.keep_with_next = number < len(lines) - 1
            paper.font(paragraph.add_run(text), paper.FANGSONG, paper.THREE)
    return made


PAPER = Paper(
    name="pledge",
    label=gettext_lazy("Pledge of responsibility"),
    fields=(
        ("year / unit / head", gettext_lazy("Year, unit, its head")),
        ("government / issuer", gettext_lazy("The government that the unit pledges to, issuing office")),
        ("count / lead_count", gettext_lazy("Number of tasks, and of those that the unit leads")),
        ("items[].serial / title / target / role / deadline / source", gettext_lazy("Each task")),
        ("issued_on", gettext_lazy("Day")),
    ),
    build=build,
    sample={
        "year": 2026,
        "unit": "县交通运输局",
        "head": "局长",
        "government": "县人民政府",
        "issuer": "县政府督查室",
        "items": [
            {
                "serial": 1,
                "title": "改造农村公路",
                "target": "62公里",
                "role": "牵头",
                "deadline": "2026年10月31日",
                "source": "讲话",
            }
        ],
        "count": 1,
        "lead_count": 1,
        "issued_on": "2026年3月12日",
    },
)
