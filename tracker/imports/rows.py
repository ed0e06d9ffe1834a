"""What each row of an imported ledger would become: a draft, what is taken over of its state, and what is wrong."""

import datetime as dt
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from speeches.extraction import find_targets
from speeches.models import Finding
from tracker.imports import days
from tracker.imports.columns import FIELDS
from tracker.imports.reading import FORMULA
from tracker.intake import Draft
from tracker.models import ImportedRow, LedgerImport, Unit
from tracker.units import Directory

NEW, THERE, WRONG, PASSED_OVER = "new", "there", "wrong", "passed_over"
KINDS = {
    NEW: gettext_lazy("to be entered"),
    THERE: gettext_lazy("in the ledger already"),
    WRONG: gettext_lazy("with errors"),
    PASSED_OVER: gettext_lazy("passed over"),
}
_ERROR_CELL = re.compile(r"^#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!)$")
_GROUP_ROW = re.compile(
    r"^\s*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]|第[一二三四五六七八九十]+[章节部])"
)
_SUM_ROW = re.compile(r"^(?:合计|总计|小计|共计|备注|说明|填表说明|注)[:：]?")


@dataclass(frozen=True)
class Proposal:
    """One row: its ``kind``, and for each field with a problem the sentence that stands at its cell."""

    row: int
    kind: str
    key: str = ""
    draft: Draft | None = None
    cells: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    note: str = ""
    unknown: tuple[str, ...] = ()
    person: str = ""
    progress: int | None = None
    latest: str = ""
    problems: str = ""
    closed_on: dt.date | None = None

    @property
    def label(self) -> Any:
        return KINDS[self.kind]


def key_of(cells: dict[str, str]) -> str:
    """What a row is known by: the office's own number, else its words, units and deadline.

    A number of at most four digits is only a place in a list (序号), and says nothing by itself.
    """
    number = re.sub(r"\s", "", cells.get("number", ""))
    if number and not re.fullmatch(r"\d{1,4}", number):
        said = f"number:{number}"
    else:
        words = (re.sub(r"[\W_]+", "", cells.get(name, "")) for name in ("title", "content", "lead", "deadline"))
        said = "row:" + "|".join(words)
    return hashlib.sha256(said.encode()).hexdigest()


def proposals(ledger: LedgerImport) -> list[Proposal]:
    """Every row below the headings, in order. Asks the database the same few things for any number of rows."""
    directory = Directory()
    heading = ""
    found: list[Proposal] = []
    for raw in ledger.grid:
        if raw["number"] <= ledger.header_row:
            continue
        filled = [cell for cell in raw["cells"] if cell]
        if len(filled) == 1 and (_GROUP_ROW.match(filled[0]) or "title" not in _cells(raw, ledger)):
            heading = "" if _SUM_ROW.match(filled[0]) else filled[0]
            found.append(Proposal(raw["number"], PASSED_OVER, note=_("heading: %(text)s") % {"text": filled[0][:60]}))
            continue
        found.append(_proposal(raw, ledger, directory, heading))
    return _doubles(found)


def _cells(raw: dict[str, Any], ledger: LedgerImport) -> dict[str, str]:
    """The row's texts by field."""
    cells = raw["cells"]
    texts = {name: cells[at] for name, at in ledger.columns.items() if name in FIELDS and at < len(cells)}
    return {name: text for name, text in texts.items() if text}


def _proposal(raw: dict[str, Any], ledger: LedgerImport, directory: Directory, heading: str) -> Proposal:
    cells, number = _cells(raw, ledger), raw["number"]
    if raw["hidden"] and not ledger.with_hidden:
        return Proposal(number, PASSED_OVER, cells=cells, note=_("hidden in the sheet"))
    if not cells or _SUM_ROW.match(next(iter(raw["cells"]), "") or ""):
        return Proposal(number, PASSED_OVER, cells=cells, note=_("no item"))
    reading = _Reading(cells, ledger, directory, heading)
    return reading.proposal(number)


class _Reading:
    """One row being understood, cell by cell; problems gather in ``errors``."""

    def __init__(self, cells: dict[str, str], ledger: LedgerImport, directory: Directory, heading: str) -> None:
        self.cells, self.ledger, self.directory, self.heading = cells, ledger, directory, heading
        self.errors: dict[str, str] = {}
        self.unknown: list[str] = []
        for name, text in cells.items():
            if text == FORMULA:
                self.errors[name] = _("A formula without a result. Open the file in Excel or WPS and save it again.")
            elif _ERROR_CELL.match(text):
                self.errors[name] = _("The formula in this cell has an error.")

    def text(self, name: str) -> str:
        return "" if name in self.errors else self.cells.get(name, "")

    def units(self, name: str) -> list[Unit]:
        known = []
        for unit_name in days.names(self.text(name)):
            unit = self.directory.find(unit_name)
            if unit:
                known.append(unit)
                if not all(
                    self.ledger.uploaded_by.has_perm("tracker.charge_unit", one) for one in self.directory.expand(unit)
                ):
                    self.errors[name] = _("%(names)s is outside of what you coordinate.") % {"names": unit.name}
            else:
                self.unknown.append(unit_name)
                if not self.ledger.create_units:
                    self.errors[name] = _("No unit is known as “%(name)s”.") % {"name": unit_name}
        return known

    def day(self, name: str) -> dt.date | None:
        text = self.text(name)
        if not text:
            return None
        found = days.day(text)
        if found is None:
            self.errors[name] = _("“%(text)s” is not a day. Write it as 2026-06-30.") % {"text": text[:40]}
        elif found > timezone.localdate():
            self.errors[name] = _("This day is still to come.")
        elif found.year < 1949:
            self.errors[name] = _("This day is too long ago.")
        return found

    def proposal(self, number: int) -> Proposal:
        entered_on, closed_on = self.day("entered_on"), self.day("closed_on")
        if entered_on and closed_on and closed_on < entered_on:
            self.errors["closed_on"] = _("Closed before it was entered.")
        deadline = days.deadline(self.text("deadline"), entered_on or self.ledger.reckoned_from)
        if deadline is None:
            self.errors["deadline"] = _("“%(text)s” cannot be understood as a deadline.") % {
                "text": self.text("deadline")[:40]
            }
            deadline = days.Deadline()
        progress = self.progress()
        if not self.text("title"):
            self.errors.setdefault("title", _("There is no item in this row."))
        lead, support = self.units("lead"), self.units("support")
        if "support" not in self.ledger.columns and len(lead) > 1:
            lead, support = lead[:1], lead[1:]  # 列第一位的为牵头单位
        draft = self.draft(deadline, entered_on, lead, [unit for unit in support if unit not in lead])
        return Proposal(
            row=number,
            kind=WRONG if self.errors else NEW,
            key=key_of(self.cells),
            draft=draft,
            cells=self.cells,
            errors=self.errors,
            unknown=tuple(dict.fromkeys(self.unknown)),
            person=self.text("person")[:60],
            progress=progress,
            latest=self.text("latest"),
            problems=self.text("problems"),
            closed_on=closed_on,
        )

    def progress(self) -> int | None:
        text = self.text("progress")
        found = days.percent(text) if text else None
        if text and found is None:
            self.errors["progress"] = _("Progress is a number from 0 to 100.")
        return found

    def draft(self, deadline: days.Deadline, entered_on: Any, lead: list[Unit], support: list[Unit]) -> Draft:
        title, target = self.text("title"), self.text("target")
        details = [text for text in (self.text("content"), title[500:]) if text]
        targets = [
            {
                "text": row.text,
                "op": row.op,
                "value": row.value,
                "high": row.high,
                "unit": row.unit,
                "metric": row.metric,
            }
            for row in find_targets(target or title)
        ]
        dated = deadline.last_day or deadline.rrule or targets
        return Draft(
            title=title[:500],
            tier=Finding.Tier.HARD if dated else Finding.Tier.ASSIGNED if lead else Finding.Tier.NAMED,
            content="\n".join([*details, *([target] if target and not targets else [])]),
            heading=(self.text("heading") or self.heading)[:500],
            deadline=deadline.last_day,
            deadline_text=deadline.text,
            deadline_value=deadline.value[:200],
            recurrence_text=deadline.text if deadline.rrule else "",
            rrule=deadline.rrule,
            targets=tuple(targets),
            lead=tuple(dict.fromkeys(lead)),
            support=tuple(dict.fromkeys(support)),
            people=tuple(days.names(self.text("leader"))),
            origin=(self.text("source") or self.ledger.name)[:200],
            begins_on=entered_on or min(self.ledger.reckoned_from, deadline.last_day or self.ledger.reckoned_from),
        )


def _doubles(found: Iterable[Proposal]) -> list[Proposal]:
    """The same with rows marked that are in the ledger already or stand twice in the sheet."""
    found = list(found)
    keys = [row.key for row in found if row.key]
    there: dict[str, str] = {}
    for at in range(0, len(keys), 900):
        rows = ImportedRow.objects.filter(key__in=keys[at : at + 900], commitment__deleted_at=None)
        there |= dict(rows.values_list("key", "commitment__number"))
    seen: dict[str, int] = {}
    marked = []
    for row in found:
        if row.key and row.key in there:
            row = replace(row, kind=THERE, note=_("in the ledger as %(number)s") % {"number": there[row.key]})
        elif row.key and row.key in seen:
            row = replace(row, kind=PASSED_OVER, note=_("the same as row %(row)s") % {"row": seen[row.key]})
        elif row.key:
            seen[row.key] = row.row
        marked.append(row)
    return marked
