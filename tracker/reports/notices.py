"""督办单: a numbered paper to one unit about one assignment, blue, yellow or red as its light is."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from chinese_calendar import is_workday
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.lights import time_gone, with_light
from tracker.models import Assignment, Series, SupervisionNotice, User
from tracker.reports import office, paper
from tracker.reports.rendering import Paper

Colour = SupervisionNotice.Colour
# One file of so many pages is what Word still opens without a wait.
MOST_AT_ONCE = 200
_WORDS = {Colour.BLUE: "蓝色", Colour.YELLOW: "黄色", Colour.RED: "红色"}


def asked(row: Any, day: dt.date) -> tuple[str, str]:
    """(how it stands, what is asked), in an office's words, for an assignment as ``candidates`` gives it."""
    last, done = office.day(row.deadline), f"当前进度{row.progress_then}%"
    if row.light == Colour.RED:
        return (
            f"该事项应于{last}前（含当日）办结，截至{office.day(day)}已逾期{row.days_late}天，{done}。",
            "请查明逾期原因，明确整改措施、责任人和办结时间，形成书面说明，经主要负责人签字后报送我室，并加快办理。",
        )
    if row.light == Colour.YELLOW:
        return (
            f"截至{office.day(day)}，时间已过{time_gone(row, day)}%，{done}，未达序时进度。",
            "请对照目标找准差距，制定追赶措施，倒排工期、压实责任，并将追赶计划书面报送我室。",
        )
    left = f"距到期还有{-row.days_late}天" if row.days_late else "今日到期"
    return (
        f"该事项办理时限为{last}，{left}，{done}。",
        "请抓紧办理，确保按期办结；确有困难的，应在到期前说明情况并按程序申请延期。",
    )


def candidates(assignments: Any, day: dt.date) -> Any:
    """Those of ``assignments`` for which a notice can be issued on ``day``: charged, and blue, yellow or red.

    By their last day, so the longest overdue first; then the database stops looking where a page is full.
    """
    # As for ``overdue_q``: the index of what is open serves only a plain "not closed".
    still_open = Q(closed_on=None) if day >= timezone.localdate() else Q(closed_on=None) | Q(closed_on__gt=day)
    return (
        with_light(assignments.filter(still_open, unit__isnull=False, deadline__isnull=False), day)
        .filter(light__in=Colour.values)
        .select_related("commitment", "commitment__speech", "unit")
        .order_by("deadline", "pk")
    )


@transaction.atomic
def issue(
    assignments: Iterable[Assignment], *, by: User, day: dt.date, answer_by: dt.date, request: str = ""
) -> list[SupervisionNotice]:
    """Issue one notice for each of ``assignments``, in the colour of its light on ``day``; the notices.

    One that was issued on that day already is the same paper again, under its number. ``request`` replaces the
    customary words of what is asked. Raises ValidationError where there are none, or more than fit in one file.
    """
    chosen = {row.pk for row in assignments}
    if len(chosen) > MOST_AT_ONCE:
        raise ValidationError(_("At most %(limit)s notices at once. Choose fewer.") % {"limit": MOST_AT_ONCE})
    if answer_by < day:
        raise ValidationError(_("The day to answer by cannot lie before the day of issue."))
    # Whoever comes second waits here, and then finds the notices of the first.
    locked = Assignment.objects.select_for_update().filter(pk__in=chosen, deleted_at=None)
    found = list(candidates(Assignment.objects.filter(pk__in=[row.pk for row in locked]), day))
    if not found:
        raise ValidationError(_("None of these is due soon, behind or overdue on this day."))
    if not all(by.has_perm("tracker.remind", row) for row in found):
        raise PermissionDenied
    signed = office.issuer(by)
    there = {
        (row.assignment_id, row.colour): row
        for row in SupervisionNotice.objects.filter(assignment__in=found, issued_on=day)
    }
    return [
        there.get((row.pk, row.light))
        or _issue(row, by=by, day=day, answer_by=answer_by, request=request, signed=signed)
        for row in found
    ]


def _issue(row: Any, *, by: User, day: dt.date, answer_by: dt.date, request: str, signed: str) -> SupervisionNotice:
    serial = Series.take(f"notice/{day.year}")
    situation, customary = asked(row, day)
    commitment = row.commitment
    snapshot = {
        "number": f"督办〔{day.year}〕{serial}号",
        "colour": office.LIGHT_COLOURS[row.light],
        "colour_name": _WORDS[row.light],
        "unit": row.unit.name,
        "head": row.unit.head,
        "person": row.person,
        "item_number": commitment.number,
        "title": commitment.title,
        "content": commitment.content,
        "source": commitment.speech.title if commitment.speech else commitment.origin,
        "deadline": office.day(row.deadline),
        "first_deadline": office.day(row.original_deadline) if row.original_deadline != row.deadline else "",
        "situation": situation,
        "request": request.strip() or customary,
        "answer_by": office.day(answer_by),
        "issuer": signed,
        "issued_on": office.day(day),
    }
    return SupervisionNotice.objects.create(
        year=day.year,
        serial=serial,
        assignment=row,
        colour=row.light,
        snapshot=snapshot,
        answer_by=answer_by,
        issued_on=day,
        issued_by=by,
    )


def context(notices: Sequence[SupervisionNotice]) -> dict[str, Any]:
    """What the template is filled with: the notices as they were issued, one page each."""
    return {"notices": [row.snapshot for row in notices]}


def answer_day(day: dt.date) -> dt.date:
    """The customary day to answer by: three working days after ``day``."""

    found, left = day, 3
    while left:
        found += dt.timedelta(days=1)
        try:
            left -= is_workday(found)
        except NotImplementedError:  # the State Council has not announced that year's holidays yet
            left -= found.weekday() < 5
    return found


def build() -> Any:
    """The built-in template: a band in the notice's colour, the title, a form, and the seal; one page each."""
    made = paper.document()
    paper.tag(made, "{%p for n in notices %}")
    paper.title(made, "督 办 单", page_break_before=True)
    paper.band(made, "n.colour")
    paper.line(made, "{{ n.colour_name }}督办　　{{ n.number }}", name=paper.KAITI, align="right", indent=False)
    paper.line(made, "{{ n.unit }}：", align="left", indent=False)
    paper.line(made, "现就下列事项督办如下，请认真办理并按时反馈。")
    table = paper.table(made, (34, 122))
    for label, value in (
        ("督办事项", "{{ n.title }}{% if n.content %}\n{{ n.content }}{% endif %}"),
        ("事项来源", "{{ n.source }}（台账编号 {{ n.item_number }}）"),
        ("办理时限", "{{ n.deadline }}{% if n.first_deadline %}（原定{{ n.first_deadline }}，经批准延期）{% endif %}"),
        ("责 任 人", "{{ n.person or n.head }}"),
        ("办理情况", "{{ n.situation }}"),
        ("督办要求", "{{ n.request }}"),
        ("反馈时限", "请于{{ n.answer_by }}前（含当日）书面反馈。"),
    ):
        cells = paper.row(table, [label, ""], name=paper.HEITI, size=paper.FOUR, aligns=["center", "left"])
        paper.cell_text(cells[1], value, size=paper.FOUR)
    paper.seal(made, "{{ n.issuer }}（印章）", "{{ n.issued_on }}")
    paper.tag(made, "{%p endfor %}")
    return made


_SAMPLE = {
    "number": "督办〔2026〕1号",
    "colour": "C62828",
    "colour_name": "红色",
    "unit": "县交通运输局",
    "head": "局长",
    "person": "",
    "item_number": "2026-0001",
    "title": "改造农村公路62公里",
    "content": "",
    "source": "讲话",
    "deadline": "2026年6月30日",
    "first_deadline": "",
    "situation": "已逾期3天。",
    "request": "请加快办理。",
    "answer_by": "2026年7月8日",
    "issuer": "县政府督查室",
    "issued_on": "2026年7月3日",
}
PAPER = Paper(
    name="notice",
    label=gettext_lazy("Supervision notice"),
    fields=(
        ("notices[].number", gettext_lazy("Number of the notice")),
        ("notices[].colour / colour_name", gettext_lazy("Colour as RRGGBB, and its name")),
        ("notices[].unit / head / person", gettext_lazy("Unit, its head, person responsible")),
        ("notices[].item_number / title / content / source", gettext_lazy("Ledger number, item, details, source")),
        ("notices[].deadline / first_deadline", gettext_lazy("Last day, and the first one where it was extended")),
        ("notices[].situation / request / answer_by", gettext_lazy("How it stands, what is asked, day to answer by")),
        ("notices[].issuer / issued_on", gettext_lazy("Issuing office, day")),
    ),
    build=build,
    sample={"notices": [_SAMPLE, {**_SAMPLE, "colour": "1E66C8", "colour_name": "蓝色"}]},
)
