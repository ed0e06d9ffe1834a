"""Invented ledgers of any size, for looking at pages and measuring them under load. No person stands in them.

The shape is that of an office that has kept its ledger for ten years: last days are spread evenly from ten years
ago to half a year ahead; nearly all of what is past is closed, four in five on time; what is late is mostly
freshly late, with a thin tail. About four in a hundred assignments are open.
"""

import datetime as dt
import itertools
import random
from collections.abc import Iterator

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Max, Model
from django.utils import timezone

from speeches.models import Speech
from tracker.models import Assignment, Commitment, StatusUpdate, Target, Unit, UnitFigures

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

    Rows are written in bulk, without history. The same ``seed`` makes the same ledger.
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


def _invent(dice: random.Random, charged: list[Unit], today: dt.date, size: int) -> dict[type[Model], tuple[int, int]]:
    """Write ``size`` new assignments and what they stand under; the first and last id of each table."""
    number = (size + UNITS_EACH - 1) // UNITS_EACH
    speeches = _speeches(dice, today, (number + SPEECH_ITEMS - 1) // SPEECH_ITEMS)
    free = _next_id(Commitment)
    commitments = [_item(dice, today, speeches[n // SPEECH_ITEMS], free + n) for n in range(number)]
    assignments = list(itertools.islice(_assignments(dice, charged, commitments, today), size))
    still_open = {row.commitment_id for row in assignments if row.state != Assignment.State.DONE}
    for item in commitments:
        item.state = Commitment.State.OPEN if item.pk in still_open else Commitment.State.DONE
    targets = [Target(commitment=item, text="20公里", value=20, unit="公里") for item in commitments[::5]]
    updates = [
        StatusUpdate(
            assignment=row, text="已完成阶段任务", percent=row.progress, progress=row.progress, at=row.last_update_at
        )
        for row in assignments
        if row.last_update_at
    ]
    span = {}
    for rows in filter(None, (commitments, assignments, targets, updates)):
        model = type(rows[0])
        for pk, row in enumerate(rows, _next_id(model)):
            row.pk = pk
        model.objects.bulk_create(rows, batch_size=1_000)
        span[model] = (rows[0].pk, rows[-1].pk)
    return span


def _next_id(model: type[Model]) -> int:
    return (model.objects.aggregate(last=Max("pk"))["last"] or 0) + 1


def _copy(span: dict[type[Model], tuple[int, int]]) -> None:
    """Repeat a block within the database, under new ids and numbers."""
    shift = {model: _next_id(model) - first for model, (first, _last) in span.items()}
    quote = connection.ops.quote_name
    for model, (first, last) in span.items():
        chosen = []
        for column in model._meta.concrete_fields:
            name = quote(column.column)
            if column.primary_key:
                name = f"{name} + {shift[model]}"
            elif column.related_model in shift and column.related_model is not model:
                name = f"{name} + {shift[column.related_model]}"
            elif model is Commitment and column.name == "number":
                name = f"'L-' || ({quote('id')} + {shift[model]})"
            chosen.append(name)
        columns = ", ".join(quote(column.column) for column in model._meta.concrete_fields)
        table = quote(model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} ({columns}) SELECT {', '.join(chosen)} FROM {table} "  # noqa: S608  own names
                "WHERE id BETWEEN %s AND %s",
                [first, last],
            )


def _reset_sequences() -> None:
    """Rows were written with ids of their own: let the database go on after them."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Commitment, Assignment, Target, StatusUpdate]):
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
    return Speech.objects.bulk_create(made)


def _assignments(
    dice: random.Random, charged: list[Unit], commitments: list[Commitment], today: dt.date
) -> Iterator[Assignment]:
    for item in commitments:
        for place, unit in enumerate(dice.sample(charged, k=min(UNITS_EACH, len(charged)))):
            role = Assignment.Role.SUPPORT if place else Assignment.Role.LEAD
            yield _assignment(dice, item, unit, role, today)


def _assignment(dice: random.Random, item: Commitment, unit: Unit, role: str, today: dt.date) -> Assignment:
    row = Assignment(
        commitment=item, unit=unit, role=role, begins_on=item.begins_on, deadline=item.deadline,
        original_deadline=item.deadline, sent_at=_noon(item.begins_on), received_at=_noon(item.begins_on),
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
    return row


def _noon(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))
