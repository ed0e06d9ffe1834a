"""Invented ledgers of any size, for looking at pages and measuring them under load. No person stands in them.

The shape is that of an office that has kept its ledger for ten years: last days are spread evenly from ten years
ago to half a year ahead; nearly all of what is past is closed, four in five on time; what is late is mostly
freshly late, with a thin tail. About four in a hundred assignments are open. Each has the steps that brought it
where it stands, each item the finding and the review that it came of, and search knows the words of both.
"""

import datetime as dt
import itertools
import random
from collections.abc import Iterator
from typing import TypeVar

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Field, Max, Model
from django.utils import timezone

from speeches.models import Finding, Speech
from tracker import search
from tracker.models import (
    Assignment,
    Commitment,
    Review,
    SearchEntry,
    StatusUpdate,
    Target,
    Transition,
    Unit,
    UnitFigures,
)

PLACES = ["东塘", "西岭", "云台", "清河", "白沙", "石门", "龙潭", "青山", "南坪", "北渡"]
WORKS = [
    "农村公路提质改造",
    "污水管网建设",
    "中心小学扩建",
    "高标准农田建设",
    "危桥加固",
    "老旧小区改造",
    "水库除险加固",
    "养老服务站建设",
]
AIMS = ["全面竣工", "投入使用", "完成主体工程", "通过验收", "完成年度投资"]
DEPARTMENTS = [
    "发展改革", "教育", "工业信息", "公安", "民政", "司法", "财政", "人社", "自然资源", "生态环境", "住建", "交通",
    "水利", "农业农村", "商务", "文旅", "卫健", "应急", "审计", "市场监管", "统计", "医保", "林业", "信访",
]  # fmt: skip
FIRST_DAY_AGO, LAST_DAY_AHEAD = 3650, 180
UNITS_EACH = 3
SPEECH_ITEMS = 40
Row = TypeVar("Row", bound=Model)
# The first and last id of each table's rows.
Span = dict[type[Model], tuple[int, int]]
# So many assignments are thought up; a larger ledger repeats them, copied within the database.
BLOCK = 9_000


def units() -> list[Unit]:
    """The units to charge: those of the ledger, or where there are none 24 departments and ten townships."""
    chargeable = Unit.objects.filter(is_active=True).exclude(kind__in=[Unit.Kind.GROUP, Unit.Kind.GOVERNMENT])
    if not chargeable.exists():
        root = Unit.objects.create(name="示例县人民政府", short_name="县政府", kind=Unit.Kind.GOVERNMENT)
        for position, name in enumerate(DEPARTMENTS):
            Unit.objects.create(name=f"示例县{name}局", short_name=f"{name}局", parent=root, position=position)
        for position, name in enumerate(PLACES, len(DEPARTMENTS)):
            Unit.objects.create(name=f"{name}镇", kind=Unit.Kind.TOWNSHIP, parent=root, position=position)
    return list(chargeable.all())


def make(count: int, *, seed: int = 1) -> Iterator[int]:
    """Make ``count`` assignments under new items; yields how many there are so far, after each step.

    Rows are written in bulk, without the history of their fields. The same ``seed`` makes the same ledger.
    """
    dice = random.Random(seed)  # noqa: S311  no secret
    today = timezone.localdate()
    charged = units()
    made, first = 0, None
    while made < count:
        size = min(BLOCK, count - made)
        with transaction.atomic():
            if first is None or size < BLOCK:
                first = _invent(dice, charged, today, size)
            else:
                _copy(first)
            _reset_sequences()
            UnitFigures.objects.all().delete()
        made += size
        yield made
    if connection.vendor == "postgresql":  # as its own housekeeping would, a while later
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _invent(dice: random.Random, charged: list[Unit], today: dt.date, size: int) -> Span:
    """Write ``size`` new assignments and what stands around them."""
    number = (size + UNITS_EACH - 1) // UNITS_EACH
    speeches = _numbered(_speeches(dice, today, (number + SPEECH_ITEMS - 1) // SPEECH_ITEMS))
    free = _next_id(Commitment)
    commitments = [_item(dice, today, speeches[n // SPEECH_ITEMS], free + n) for n in range(number)]
    assignments = _numbered(list(itertools.islice(_assignments(dice, charged, commitments, today), size)))
    still_open = {row.commitment_id for row in assignments if row.state != Assignment.State.DONE}
    for item in commitments:
        item.state = Commitment.State.OPEN if item.pk in still_open else Commitment.State.DONE
    targets = [Target(commitment=item, text="20公里", value=20, unit="公里") for item in commitments[::5]]
    reported = [
        StatusUpdate(
            assignment=row, text="已完成阶段任务", percent=row.progress, progress=row.progress, at=row.last_update_at
        )
        for row in assignments
        if row.last_update_at
    ]
    updates = {update.assignment_id: update for update in _numbered(reported)}
    steps = [step for row in assignments for step in _steps(row, updates.get(row.pk))]
    findings = _numbered([_finding(item, n) for n, item in enumerate(commitments, 1)])
    reviews = [Review(speech=row.speech, finding=row, decision=Review.Decision.CONFIRMED) for row in findings]
    entries = [search.entry(thing) for thing in (*speeches, *commitments)]
    written: list[list[Model]] = [
        speeches, commitments, assignments, _numbered(targets), reported, _numbered(steps), findings,
        _numbered(reviews), _numbered(entries),
    ]  # fmt: skip
    span = {}
    for rows in filter(None, written):
        type(rows[0]).objects.bulk_create(rows, batch_size=1_000)
        span[type(rows[0])] = (rows[0].pk, rows[-1].pk)
    return span


def _numbered(rows: list[Row]) -> list[Row]:
    """``rows`` with the next free ids, so that others can name them before they are written."""
    for pk, row in enumerate(rows, _next_id(type(rows[0])) if rows else 1):
        row.pk = pk
    return rows


def _next_id(model: type[Model]) -> int:
    return (model.objects.aggregate(last=Max("pk"))["last"] or 0) + 1


def _copy(span: Span) -> None:
    """Repeat a block within the database, under new ids and numbers."""
    shift = {model: _next_id(model) - first for model, (first, _last) in span.items()}
    quote = connection.ops.quote_name
    for model, (first, last) in span.items():
        columns = [quote(column.column) for column in model._meta.concrete_fields]
        chosen = [_copied(column, model, shift) for column in model._meta.concrete_fields]
        table = quote(model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(chosen)} FROM {table} "  # noqa: S608
                "WHERE id BETWEEN %s AND %s",
                [first, last],
            )


def _copied(column: Field, model: type[Model], shift: dict[type[Model], int]) -> str:
    """The expression for one column of a row's copy: itself, or the new id of what it names."""
    name = connection.ops.quote_name(column.column)
    if column.primary_key:
        return f"{name} + {shift[model]}"
    if column.related_model in shift and column.related_model is not model:
        return f"{name} + {shift[column.related_model]}"
    if (model, column.name) == (Commitment, "number"):
        return f"'L-' || (id + {shift[model]})"
    if (model, column.name) == (Speech, "text_sha256"):  # no two texts alike on one day
        return f"'copy ' || (id + {shift[model]})"
    if (model, column.name) == (SearchEntry, "object_id"):
        return f"{name} + CASE kind WHEN 'speech' THEN {shift[Speech]} ELSE {shift[Commitment]} END"
    return name


def _reset_sequences() -> None:
    """Rows were written with ids of their own: let the database go on after them."""
    models = [Speech, Commitment, Assignment, Target, StatusUpdate, Transition, Finding, Review, SearchEntry]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def _item(dice: random.Random, today: dt.date, speech: Speech, pk: int) -> Commitment:
    due = today + dt.timedelta(days=dice.randint(-FIRST_DAY_AGO, LAST_DAY_AHEAD))
    begins = min(due - dt.timedelta(days=dice.randint(40, 300)), today - dt.timedelta(days=dice.randint(1, 60)))
    quote = speech.text[: speech.text.index("。") + 1]
    return Commitment(
        pk=pk, number=f"L-{pk}", title=f"{dice.choice(PLACES)}{dice.choice(WORKS)}{dice.choice(AIMS)}",
        entered_on=begins, begins_on=begins, deadline=due, deadline_text=f"{due.month}月底前", speech=speech,
        start=0, end=len(quote), quote=quote, heading=f"一、{dice.choice(WORKS)}",
    )  # fmt: skip


def _speeches(dice: random.Random, today: dt.date, count: int) -> list[Speech]:
    made = []
    for _n in range(count):
        work = dice.choice(WORKS)
        text = f"要抓紧{work}，确保按期完成。各单位要倒排工期，按月报告进展。"
        made.append(
            Speech(
                title=f"在{dice.choice(PLACES)}{work}推进会上的讲话",
                text=text,
                delivered_on=today - dt.timedelta(days=dice.randint(0, FIRST_DAY_AGO)),
                text_sha256=f"{dice.getrandbits(256):064x}",
            )
        )
    return made


def _finding(item: Commitment, number: int) -> Finding:
    """What the item came of. All of a speech's say the same, so only the number tells them apart."""
    return Finding(
        speech=item.speech, number=number, start=item.start, end=item.end, quote=item.quote,
        tier=item.tier, deadline_text=item.deadline_text, last_day=item.deadline, confidence=0.9,
    )  # fmt: skip


def _assignments(
    dice: random.Random, charged: list[Unit], commitments: list[Commitment], today: dt.date
) -> Iterator[Assignment]:
    for item in commitments:
        for place, unit in enumerate(dice.sample(charged, k=min(UNITS_EACH, len(charged)))):
            role = Assignment.Role.SUPPORT if place else Assignment.Role.LEAD
            yield _assignment(dice, item, unit, role, today)


def _assignment(dice: random.Random, item: Commitment, unit: Unit, role: str, today: dt.date) -> Assignment:
    due, sent = item.deadline, _noon(item.begins_on)
    row = Assignment(
        commitment=item, unit=unit, role=role, begins_on=item.begins_on, deadline=due, original_deadline=due,
        earliest_deadline=due, sent_at=sent, received_at=sent,
    )  # fmt: skip
    days_late = (today - item.deadline).days
    still_open = 0.15 * 2 ** (-days_late / 30) + 0.001 if days_late > 0 else 0.75
    if dice.random() >= still_open and item.begins_on < today:
        late = dice.randint(1, 40) if dice.random() < 0.2 else -dice.randint(0, 20)
        finished = max(item.begins_on, min(today, item.deadline + dt.timedelta(days=late)))
        row.state, row.progress, row.finished_on = Assignment.State.DONE, 100, finished
        row.closed_on = min(today, finished + dt.timedelta(days=2))
    else:
        row.state = dice.choices(
            [Assignment.State.ACTIVE, Assignment.State.SENT, Assignment.State.SUBMITTED], weights=[85, 10, 5]
        )[0]
        if row.state == Assignment.State.SENT:
            row.received_at = None
        else:
            row.progress = dice.randint(0, 95)
            row.last_update_at = _noon(today - dt.timedelta(days=dice.randint(0, 50)))
            if row.state == Assignment.State.SUBMITTED:
                row.finished_on = today - dt.timedelta(days=1)
    row.last_step_at = _noon(row.closed_on) if row.closed_on else row.last_update_at or row.sent_at
    return row


def _steps(row: Assignment, update: StatusUpdate | None) -> Iterator[Transition]:
    """The steps that led an assignment where it stands, each with what it left behind."""
    state = Assignment.State
    yield Transition(
        assignment=row, action="assign", to_state=state.SENT, at=row.sent_at, deadline=row.deadline, origin="system"
    )
    if update:
        yield Transition(
            assignment=row, action="report", from_state=state.ACTIVE, to_state=row.state, at=update.at, origin="web",
            update=update, deadline=row.deadline, progress=row.progress, finished_on=row.finished_on, version=2,
        )  # fmt: skip
    if row.closed_on:
        yield Transition(
            assignment=row, action="accept", from_state=state.SUBMITTED, to_state=state.DONE, at=row.last_step_at,
            deadline=row.deadline, progress=100, finished_on=row.finished_on, closed_on=row.closed_on,
            version=2, origin="web",
        )  # fmt: skip


def _noon(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))
