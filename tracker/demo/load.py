"""Fills an empty database with the county, through the functions that pages call, in the order of time.

Django's clock is put back for each step, so that reviews, histories and numbers carry the days on which
the story says they came about. Everything stands in one transaction: an interrupted load leaves nothing.
"""

import datetime as dt
import io
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property, partial
from pathlib import Path, PurePath
from unittest import mock

from django.contrib.auth.hashers import make_password
from django.utils import timezone
from openpyxl import Workbook

from speeches import upload
from speeches.acting import Origin, acting
from speeches.models import Speech
from speeches.readers import read
from tracker import duties, evidence, intake, progress, recurrence, review, terms, units, workflow
from tracker.demo import county, dates, story
from tracker.models import (
    Assignment,
    Commitment,
    Instruction,
    Membership,
    Unit,
    UnitAlias,
    User,
)
from tracker.reminders import remind_due, remind_now
from tracker.reports import bulletins

SPEECHES = Path(__file__).parent / "speeches"
FOUNDED_DAYS_AGO = 240
SENT_AFTER_DAYS = 5
# Long enough that every level of reminder has been reached by some item.
REMINDED_DAYS = 14
REVIEWER, CHECKER = "liuwei", "chenjing"
CHECKERS_ACTS = {"准予延期", "办结", "退回", "催办"}
ACCEPTED = "经核查，资料齐全、现场属实，同意办结销号。"
NOT_AN_ITEM = "日常工作要求，不单独立项"
BULLETINS = 4
ASKED_NEXT = (
    "对逾期事项，请责任单位主要负责同志亲自过问，三个工作日内书面说明原因并明确最后完成时间；对未达序时进度的事项，"
    "请倒排工期、加密调度；反馈进展要写清数量、问题和下一步措施，不得以“按计划推进”代替。办理情况纳入年度考核。"
)
# The latest speech is still on the review desk where nobody was charged.
STILL_UNDER_REVIEW = "safety"

Event = tuple[dt.datetime, Callable[[], None]]


def is_here() -> bool:
    """Whether the database holds the demo's county."""
    return Unit.objects.filter(name=county.PARTY).exists()


def is_empty() -> bool:
    """Whether nobody has put anything into the database yet."""
    return not any(model.objects.exists() for model in (User, Unit, Speech, Commitment))


@contextmanager
def clock_at(moment: dt.datetime) -> Iterator[None]:
    """Django's idea of now, for what is done inside."""
    with mock.patch.object(timezone, "now", return_value=moment):
        yield


def run(events: Iterable[Event]) -> None:
    """Run events one after the other, each with the clock at its own moment."""
    for at, act in events:
        with clock_at(at):
            act()


def moment(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, minute)))


def found_county() -> None:
    """The units with their aliases and groups, and everybody who signs in."""
    made: dict[str, Unit] = {}
    for position, unit in enumerate(county.UNITS, start=1):
        made[unit.name] = Unit.objects.create(
            name=unit.name,
            short_name="" if unit.kind in (Unit.Kind.TOWNSHIP, Unit.Kind.GROUP) else unit.aliases[0],
            kind=unit.kind,
            parent=made.get(unit.parent),
            position=position,
            head=unit.head,
        )
        for alias in unit.aliases:
            UnitAlias.objects.create(unit=made[unit.name], name=alias)
    for group in county.GROUPS:
        members = [made[unit.name] for unit in county.UNITS if unit.kind == group.members]
        units.set_members(made[group.name], members)
    password = make_password(county.PASSWORD)
    people: dict[str, User] = {}
    for person in county.PEOPLE:
        people[person.username] = User.objects.create(
            username=person.username, name=person.name, post=person.post, email=person.email, password=password
        )
        Membership.objects.create(
            user=people[person.username], unit=made[person.unit], role=person.role, is_head=person.is_head
        )
    for unit in county.UNITS:
        if unit.leader:
            made[unit.name].leader = people[unit.leader]
            made[unit.name].save(update_fields=["leader"])


@dataclass
class Replay:
    """The months since the first speech, as events to be run in the order of time."""

    now: dt.datetime

    def __post_init__(self) -> None:
        self.today = timezone.localdate(self.now)
        self.commitments: dict[tuple[str, str], Commitment] = {}

    @cached_property
    def people(self) -> dict[str, User]:
        """Everybody by username, and each liaison by their unit's name too. Read once the county stands."""
        held = Membership.objects.select_related("user", "unit")
        liaisons = {m.unit.name: m.user for m in held if m.role == Membership.Role.LIAISON and not m.is_head}
        return {m.user.username: m.user for m in held} | liaisons

    def events(self) -> list[Event]:
        """What is to be run, in the order of time."""
        found: list[Event] = [(moment(self.today - dt.timedelta(days=FOUNDED_DAYS_AGO), 9), found_county)]
        for speech in story.DELIVERED_DAYS_AGO:
            sent = moment(self._sent_on(speech), 10, 30)
            found.append((sent, partial(self._enter_speech, speech)))
            for promise in story.promises(speech):
                for work in promise.works:
                    found += self._events_of(promise, work, sent)
        found += [(at, partial(remind_due, now=at)) for at in self._mornings()]
        found += self._bulletins()
        return sorted(found, key=lambda event: event[0])

    def _bulletins(self) -> list[Event]:
        """The last months' bulletins, each of them issued early in the month after."""
        found: list[Event] = []
        for ago in range(BULLETINS, 0, -1):
            month = dates.Month.of(self.today) + -ago
            at = moment(dates.working_day_on_or_before(month.last_day + dt.timedelta(days=6)), 16)
            if at <= self.now:
                found.append((at, partial(self._issue_bulletin, month)))
        return found

    def _issue_bulletin(self, month: dates.Month) -> None:
        bulletins.issue(
            by=self.people[CHECKER],
            title=f"关于{month.year}年{month.month}月重点事项办理情况的督查通报",
            start=dt.date(month.year, month.month, 1),
            end=month.last_day,
            comment=ASKED_NEXT,
        )

    def _mornings(self) -> list[dt.datetime]:
        """The hour of the daily reminders, of the last days."""
        days = [self.today - dt.timedelta(days=ago) for ago in range(REMINDED_DAYS)]
        return [at for day in reversed(days) if (at := moment(day, 8, 30)) <= self.now]

    def _delivered(self, speech: str) -> dt.date:
        return dates.working_day_on_or_before(self.today - dt.timedelta(days=story.DELIVERED_DAYS_AGO[speech]))

    def _sent_on(self, speech: str) -> dt.date:
        return dates.working_day_on_or_before(self._delivered(speech) + dt.timedelta(days=SENT_AFTER_DAYS))

    def _day(self, due: str, speech: str) -> dt.date | None:
        return dates.last_day(due, today=self.today, delivered=self._delivered(speech))

    def _events_of(self, promise: story.Promise, work: story.Work, sent: dt.datetime) -> list[Event]:
        """What one unit did about one promise, as far as it has happened by now."""
        if not promise.rrule:
            return self._steps(promise, work, None, sent, self._day(promise.due, promise.speech))
        found: list[Event] = []
        duty = Commitment(rrule=promise.rrule, begins_on=timezone.localdate(sent))
        for begins_on, ends_on in recurrence.periods(duty, until=self.today):
            opens = max(sent, moment(begins_on, 8))
            found.append((opens, partial(duties.materialise_all, at=opens)))
            found += self._steps(promise, work, ends_on, opens, ends_on)
        return found

    def _steps(
        self,
        promise: story.Promise,
        work: story.Work,
        period: dt.date | None,
        opens: dt.datetime,
        due: dt.date | None,
    ) -> list[Event]:
        anchors = {"sent": timezone.localdate(opens), "start": timezone.localdate(opens), "today": self.today}
        last, found = opens, []
        for step in work.steps:
            day = (due if step.anchor == "due" else anchors[step.anchor]) + dt.timedelta(days=step.days)
            working = dates.working_day_on_or_before(day)
            if not (due and working <= due < day):  # what came late stays late
                day = working
            # Nobody writes at the same minute every time.
            into_the_day = zlib.crc32(f"{promise.phrase}{work.unit}{step.text}".encode()) % 480
            last = max(moment(day, 8, 50) + dt.timedelta(minutes=into_the_day), last + dt.timedelta(minutes=35))
            if last > self.now:
                break
            found.append((last, partial(self._take, promise, work, period, step)))
        return found

    def _enter_speech(self, name: str) -> None:
        """The reviewer uploads the speech, decides on what was found in it, and sends the items out."""
        delivered, reviewer = self._delivered(name), self.people[REVIEWER]
        template = (SPEECHES / f"{name}.txt").read_text(encoding="utf-8")
        data = dates.write_out(template, today=self.today, delivered=delivered).encode()
        title = template.partition("\n")[0]
        with acting(reviewer, Origin.PAGE):
            document = read(data, name=f"{title}.txt")
            drafts = [
                upload.draft_of(part, fallback_title=title, delivered_on=delivered)
                for part in upload.parts_of(document.text)
            ]
            [speech] = upload.save(drafts, data=data, name=f"{title}.txt", format=document.format, by=reviewer)
            for promise in story.promises(name):
                self.commitments[name, promise.phrase] = self._review(speech, promise, reviewer)
            if name != STILL_UNDER_REVIEW:
                for finding in review.undecided(speech):
                    intake.dismiss(finding, by=reviewer, note=NOT_AN_ITEM)

    def _review(self, speech: Speech, promise: story.Promise, reviewer: User) -> Commitment:
        """Make an item of what was found in the promise's sentence; what the extractor missed is added by hand."""
        start, end = sentence_around(speech.text.index(promise.phrase), speech.text)
        told_apart = [other.phrase for other in story.promises(promise.speech) if other.phrase != promise.phrase]
        open_here = list(review.undecided(speech).filter(start__gte=start, end__lte=end))
        held = next((finding for finding in open_here if promise.phrase in finding.quote), None)
        if held is None:
            return review.add(self._charged(review.stretch_draft(speech, start, end), promise), by=reviewer)
        findings = [held]
        for finding in open_here[open_here.index(held) + 1 :]:
            if any(phrase in finding.quote for phrase in told_apart):
                break
            findings.append(finding)
        if findings == [held]:
            return intake.confirm(held, by=reviewer, as_draft=self._charged(intake.draft(held), promise))
        draft = self._charged(review.merged_draft(findings), promise)
        return review.merge(findings, by=reviewer, as_draft=draft)

    def _charged(self, draft: intake.Draft, promise: story.Promise) -> intake.Draft:
        """The draft with the last day and the units that the story gives it."""
        charged = Unit.objects.in_bulk([work.unit for work in promise.works], field_name="name")
        lead = tuple(charged[work.unit] for work in promise.works if not work.supports)
        leader = lead[0].leader
        directory = units.Directory()
        if {unit for named in draft.lead for unit in directory.expand(named)} == set(lead):
            lead = draft.lead  # 各乡镇 stays the group that was charged
        return replace(
            draft,
            title=promise.title or draft.title,
            deadline=self._day(promise.due, promise.speech),
            rrule=promise.rrule,
            begins_on=timezone.localdate() if promise.rrule else draft.begins_on,
            lead=lead,
            support=tuple(charged[work.unit] for work in promise.works if work.supports),
            unknown_units=(),
            leader=leader,
        )

    def _take(self, promise: story.Promise, work: story.Work, period: dt.date | None, step: story.Step) -> None:
        """Take one step of the story, as whoever takes it in the office."""
        commitment = self.commitments[promise.speech, promise.phrase]
        row = commitment.assignments.select_related("unit", "commitment").get(unit__name=work.unit, period=period)
        actor = self.people[step.by or (CHECKER if step.act in CHECKERS_ACTS else work.unit)]
        with acting(actor, Origin.PAGE):
            match step.act:
                case "签收":
                    workflow.receive(row, by=actor, person=row.unit.head)
                case "进展":
                    report(row, step, phrase=promise.phrase, by=actor)
                case "申请延期":
                    until = self._day(step.until, promise.speech)
                    terms.ask_extension(row, by=actor, new_deadline=until, reason=step.text)
                case "准予延期":
                    terms.decide_extension(row.extensions.get(), by=actor, grant=True, reason=step.text)
                case "申请办结":
                    workflow.submit(row, by=actor, note=step.text)
                case "办结":
                    workflow.accept(row, by=actor, note=step.text or ACCEPTED)
                case "退回":
                    workflow.send_back(row, by=actor, reason=step.text)
                case "催办":
                    remind_now([row], by=actor, text=step.text)
                case "批示":
                    Instruction.objects.create(commitment=commitment, text=step.text, by=actor, at=timezone.now())
                case _:
                    raise ValueError(f"no such act: {step.act}")


def sentence_around(place: int, text: str) -> tuple[int, int]:
    """Where the sentence that holds the character at ``place`` starts and ends, without its full stop."""
    start = max(text.rfind(mark, 0, place) for mark in "。；\n") + 1
    return start, min(found for mark in "。；\n" if (found := text.find(mark, place)) >= 0)


def report(row: Assignment, step: story.Step, *, phrase: str, by: User) -> None:
    """A progress report, measured by the target that stands in the promise's phrase."""
    measured = [target for target in row.commitment.targets.all() if target.text and target.text in phrase]
    progress.report(
        row,
        by=by,
        text=step.text,
        percent=step.percent,
        quantities={measured[0]: Decimal(str(step.quantity))} if measured and step.quantity is not None else None,
        problems=step.problem,
        next_step=step.next_step,
        files=[sheet(row, step)] if step.evidence else [],
    )


def sheet(row: Assignment, step: story.Step) -> evidence.Checked:
    """The sheet that a unit handed in with a report."""
    book = Workbook()
    page = book.active
    page.append([PurePath(step.evidence).stem])
    page.append(["填报单位", row.unit.name])
    page.append(["督办事项", row.commitment.title])
    page.append(["填报日期", timezone.localdate()])
    page.append(["完成情况", step.text])
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 30, 80
    data = io.BytesIO()
    book.save(data)
    return evidence.check(step.evidence, data.getvalue())
