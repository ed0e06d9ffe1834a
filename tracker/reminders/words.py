"""The sentences of the reminders, each in its recipient's language. Call them inside ``translation.override``."""

import datetime as dt
from collections.abc import Sequence

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracker.models import Assignment, Reminder

Level = Reminder.Level
TITLE_LENGTH = 60


def short(title: str) -> str:
    """A title short enough for a sentence; a speech's sentence loses its closing stop."""
    title = " ".join(title.split()).rstrip("。；;，,")
    return title if len(title) <= TITLE_LENGTH else f"{title[: TITLE_LENGTH - 1]}…"


def date(day: dt.date) -> str:
    return formats.date_format(day, "DATE_FORMAT")


def reminder(level: str, assignment: Assignment, *, today: dt.date, answer_by: dt.date, note: str = "") -> str:
    """The full sentence about one assignment, as it stands on ``today``; ``note`` is what the office adds by hand."""
    late = (today - assignment.deadline).days if assignment.deadline else None
    facts = {
        "title": short(assignment.commitment.title),
        "number": assignment.commitment.number,
        "unit": assignment.unit.label if assignment.unit else "",
        "deadline": date(assignment.deadline) if assignment.deadline else "",
        "days": abs(late or 0),
        "answer_by": date(answer_by),
    }
    sentence = _unassigned(late) if assignment.unit is None else _sentence(level, late)
    said = sentence % facts
    return f"{said}{' ' if said.endswith('.') else ''}{note.strip()}".strip()


def _sentence(level: str, late: int | None) -> str:
    if level == Level.HEAD:
        return _(
            "[Escalated] “%(title)s” (No. %(number)s), which your unit %(unit)s owes, was due on %(deadline)s and is "
            "%(days)d days overdue. The head of the unit is asked to see to it and to answer by %(answer_by)s."
        )
    if level == Level.LEADER:
        return _(
            "[Escalated] “%(title)s” (No. %(number)s), owed by %(unit)s in your charge, was due on %(deadline)s and is "
            "%(days)d days overdue. Please urge the unit to close it."
        )
    if late is None:
        return _(
            "[Reminder] “%(title)s” (No. %(number)s), which your unit %(unit)s owes: please report progress by "
            "%(answer_by)s."
        )
    if late > 0:
        return _(
            "[Reminder] “%(title)s” (No. %(number)s), which your unit %(unit)s owes, was due on %(deadline)s and is "
            "%(days)d days overdue. Please act at once and answer by %(answer_by)s."
        )
    if level == Level.MANUAL:
        return _(
            "[Reminder] “%(title)s” (No. %(number)s), which your unit %(unit)s owes, is due on %(deadline)s. Please "
            "see to it and report progress by %(answer_by)s."
        )
    if late == 0:
        return _(
            "[Due today] “%(title)s” (No. %(number)s), which your unit %(unit)s owes, is due today, %(deadline)s. "
            "Please report the result today."
        )
    return _(
        "[Due soon] “%(title)s” (No. %(number)s), which your unit %(unit)s owes, is due on %(deadline)s: "
        "%(days)d days are left."
    )


def _unassigned(late: int | None) -> str:
    if late is not None and late > 0:
        return _(
            "[To be assigned] “%(title)s” (No. %(number)s) was due on %(deadline)s, is %(days)d days overdue, and no "
            "unit is charged with it. Please assign it."
        )
    if late is None:
        return _("[To be assigned] “%(title)s” (No. %(number)s): no unit is charged with it. Please assign it.")
    return _(
        "[To be assigned] “%(title)s” (No. %(number)s) is due on %(deadline)s and no unit is charged with it. "
        "Please assign it."
    )


def subject(count: int, day: dt.date) -> str:
    return ngettext("Luoshi: %(count)d reminder of %(day)s", "Luoshi: %(count)d reminders of %(day)s", count) % {
        "count": count,
        "day": date(day),
    }


def digest(texts: Sequence[str], day: dt.date, *, link: str = "") -> str:
    """One message for all of a person's new reminders: the sentence itself where there is one, else a list."""
    where = [_("Open it here: %(link)s") % {"link": link}] if link else []
    if len(texts) == 1:
        return "\n".join([texts[0], *where])
    lines = [f"{place}. {text}" for place, text in enumerate(texts, 1)]
    return "\n".join([subject(len(texts), day), *lines, *where])


def fit(text: str, most_bytes: int) -> str:
    """``text`` cut between lines to what a channel takes, in UTF-8 bytes, saying how many lines are left out."""
    if len(text.encode()) <= most_bytes:
        return text
    lines = text.split("\n")
    for kept in range(len(lines) - 1, 0, -1):
        left = len(lines) - kept
        more = ngettext("… and %(count)d more, in your inbox.", "… and %(count)d more, in your inbox.", left)
        cut = "\n".join([*lines[:kept], more % {"count": left}])
        if len(cut.encode()) <= most_bytes:
            return cut
    return lines[0].encode()[: most_bytes - 3].decode(errors="ignore") + "…"
