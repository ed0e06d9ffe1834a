"""Why the extractor took something for a commitment: the names of its rules as sentences for people."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

SENTENCES = {
    "deadline": gettext_noop("It names a day or period by which it is to be done."),
    "number": gettext_noop("It names a number that is to be reached or kept."),
    "recurrence": gettext_noop("It names how often it is to be done."),
    "unit": gettext_noop("It charges a unit or a person with something to do."),
    "mechanism": gettext_noop("A mechanism or system is to be set up."),
    "register": gettext_noop("A list, register or archive is to be set up."),
    "document": gettext_noop("A plan, rule or other document is to be drawn up or issued."),
    "body": gettext_noop("A body or working group is to be formed."),
    "started": gettext_noop("A named project is to be started."),
    "built": gettext_noop("A named facility is to be completed or opened."),
    "finished": gettext_noop("A named task or project is to be finished."),
    "closed": gettext_noop("Something is to be closed down or removed."),
    "event": gettext_noop("A named event is to be held."),
    "listed": gettext_noop("Something is to be taken into a plan, list or assessment."),
    "covered": gettext_noop("All of a named set are to be covered."),
    "rule": gettext_noop("A named rule or way of working is to be put into practice."),
    "striven": gettext_noop("A definite result is to be striven for."),
    "forecast": gettext_noop("A progress report that announces a definite date."),
    "from-day": gettext_noop("It is to hold from a named day on."),
}


def in_words(reasons: Iterable[str]) -> list[str]:
    """A sentence for each rule; a rule that has none yet is given by its name."""
    return [
        _(SENTENCES[reason]) if reason in SENTENCES else _("Rule “%(name)s”.") % {"name": reason.replace("_", " ")}
        for reason in reasons
    ]


def how_sure(percent: int) -> str:
    """The confidence in words: what it says about findings of this kind."""
    if percent >= 90:
        return _("Very sure: of findings like this about %(percent)d in 100 are right.") % {"percent": percent}
    if percent >= 70:
        return _("Fairly sure: of findings like this about %(percent)d in 100 are right.") % {"percent": percent}
    return _("Unsure: of findings like this about %(percent)d in 100 are right. Look closely.") % {"percent": percent}
