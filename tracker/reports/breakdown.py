"""任务分解表: what one speech asks for, item by item, under its headings. As docx and as xlsx."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from speeches.models import Speech
from tracker.models import Assignment, Commitment
from tracker.reports import office, paper, sheets
from tracker.reports.rendering import Paper

COLUMNS = ("序号", "重点任务", "具体内容/目标", "责任领导", "牵头单位", "责任单位", "完成时限", "备注")


def rows_of(speech: Speech, commitments: Iterable[Commitment]) -> list[dict[str, Any]]:
    """The groups of the paper: {"heading", "tasks": [one dict a commitment]}, in the order of the speech.

    ``commitments`` are those of ``speech`` that the reader may see.
    """
    live = Assignment.objects.filter(deleted_at=None).exclude(state=Assignment.State.WITHDRAWN)
    found = sorted(
        Commitment.objects.filter(pk__in=[row.pk for row in commitments])
        .select_related("leader")
        .prefetch_related("targets", Prefetch("assignments", live.select_related("unit", "via"), "live")),
        key=lambda row: (row.start if row.start is not None else len(speech.text), row.number),
    )
    groups = []
    serial = 0
    for heading, members in groupby(found, key=lambda row: row.heading):
        tasks = []
        for commitment in members:
            serial += 1
            tasks.append(_task(commitment, serial))
        groups.append({"heading": heading.replace(" / ", "　"), "tasks": tasks})
    return groups


def _task(commitment: Commitment, serial: int) -> dict[str, Any]:
    def charged(role: str) -> str:
        # A group stands for its members, as it did in the speech.
        rows = [row for row in commitment.live if row.role == role]
        return office.names(dict.fromkeys(str(row.via or row.unit or "") for row in rows))

    return {
        "serial": serial,
        "number": commitment.number,
        "title": commitment.title,
        "content": commitment.content or office.names(office.target(row) for row in commitment.targets.all()),
        "leader": str(commitment.leader or "") or office.names(commitment.people),
        "lead": charged(Assignment.Role.LEAD) or "待交办",
        "support": charged(Assignment.Role.SUPPORT),
        "deadline": office.day(commitment.deadline) or commitment.recurrence_text or commitment.deadline_text or "长期",
        "note": commitment.recurrence_text if commitment.deadline else "",
    }


def context(speech: Speech, commitments: Iterable[Commitment], *, issued_by: str) -> dict[str, Any]:
    """What the docx template is filled with."""
    name = speech.title if "《" in speech.title else f"《{speech.title}》"
    groups = rows_of(speech, commitments)
    return {
        "title": office.in_lines(f"{name}任务分解表", most=30),
        "speech": speech.title,
        "speaker": f"{speech.post}{speech.speaker}",
        "delivered_on": office.day(speech.delivered_on),
        "groups": groups,
        "count": sum(len(group["tasks"]) for group in groups),
        "issuer": issued_by,
        "issued_on": office.day(timezone.localdate()),
    }


def xlsx(filled: dict[str, Any]) -> bytes:
    """The same as a workbook, from what ``context`` gave."""
    book = sheets.Book("任务分解表", widths=(6, 34, 34, 14, 20, 24, 16, 18))
    book.title(filled["title"].replace("\n", ""))
    book.subtitle(f"{filled['issuer']}　{filled['issued_on']}　共{filled['count']}项")
    book.head(COLUMNS)
    for group in filled["groups"]:
        if group["heading"]:
            book.group(group["heading"])
        for task in group["tasks"]:
            keys = ("serial", "title", "content", "leader", "lead", "support", "deadline", "note")
            book.row([task[key] for key in keys], centred=(0, 3, 6))
    return book.bytes()


def build() -> Any:
    """The built-in template: a table across the page, headings as rows of their own."""
    made = paper.document(landscape=True)
    paper.title(made, "{{ title }}")
    widths = (12, 56, 40, 20, 32, 34, 38, 15)
    table = paper.table(made, widths, COLUMNS, size=paper.FIVE)
    centred = ["center", "left", "left", "center", "left", "left", "center", "left"]
    paper.row(table, ["{%tr for group in groups %}"])
    paper.row(table, ["{%tr if group.heading %}"])
    paper.wide_row(table, "{{ group.heading }}")
    paper.row(table, ["{%tr endif %}"])
    paper.row(table, ["{%tr for task in group.tasks %}"])
    fields = ("serial", "title", "content", "leader", "lead", "support", "deadline", "note")
    paper.row(table, [f"{{{{ task.{field} }}}}" for field in fields], size=paper.FIVE, aligns=centred)
    paper.row(table, ["{%tr endfor %}"])
    paper.row(table, ["{%tr endfor %}"])
    paper.seal(made, "{{ issuer }}", "{{ issued_on }}")
    return made


_TASK = {
    "serial": 1,
    "number": "2026-0001",
    "title": "改造农村公路62公里",
    "content": "62公里",
    "leader": "副县长",
    "lead": "县交通运输局",
    "support": "县财政局",
    "deadline": "2026年10月31日",
    "note": "",
}
PAPER = Paper(
    name="breakdown",
    label=_("Breakdown of tasks"),
    fields=(
        ("title", _("Title")),
        ("speech", _("Title of the speech")),
        ("speaker", _("Who gave it")),
        ("delivered_on", _("When it was given")),
        ("count", _("Number of tasks")),
        ("groups[].heading", _("Heading above the tasks")),
        ("groups[].tasks[].serial / number / title / content", _("Serial and ledger number, task, details")),
        ("groups[].tasks[].leader / lead / support", _("Leader in charge, leading and supporting units")),
        ("groups[].tasks[].deadline / note", _("Deadline, note")),
        ("issuer / issued_on", _("Issuing office, day")),
    ),
    build=build,
    sample={
        "title": "《讲话》任务分解表",
        "speech": "讲话",
        "speaker": "县长",
        "delivered_on": "2026年3月10日",
        "groups": [{"heading": "一、交通", "tasks": [_TASK]}],
        "count": 1,
        "issuer": "县政府督查室",
        "issued_on": "2026年3月12日",
    },
)
