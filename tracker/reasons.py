"""Why the extractor took something for a commitment: the names of its rules as sentences for people."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

SENTENCES = {
    "deadline": gettext_noop("It names a day by which it is to be done."),
    "number": gettext_noop("It names a number that can be checked."),
}


def in_words(reasons: Iterable[str]) -> list[str]:
    """A sentence for each rule; a rule that has none yet is given by its name."""
    return [
        _(SENTENCES[reason]) if reason in SENTENCES else _("Rule “%(name)s”.") % {"name": reason.replace("_", " ")}
        for reason in reasons
    ]
