"""Text to commitments. Pure Python: no Django, no clock, and no I/O but its own weights, read once.

    from datetime import date
    from speeches.extraction import extract

    for found in extract("确保5月1日前全面竣工。", delivered_on=date(2026, 1, 8)):
        print(found.quote, found.deadline.last_day)     # 2026-04-30

`extract` recognises and resolves. Without a date (`delivered_on=None`) it only recognises: each deadline
carries a symbol (`deadline.value`) that does not depend on the day of the speech. Later `resolve(commitment,
delivered_on=…, lexicon=…)` gives the same commitment with `last_day` filled in, and `resolve_value(symbol, …)`
does it for a symbol that was stored by itself. Neither reads the text again.

`find_deadlines`, `find_recurrences`, `find_targets` and `find_units` give the parts by themselves, with offsets
in the text they were given, whether or not a commitment stands around them.
"""

from speeches.extraction.deadlines import find_deadlines
from speeches.extraction.engine import extract
from speeches.extraction.model import (
    Commitment,
    Deadline,
    Lexicon,
    OfficeDate,
    Recurrence,
    Target,
    UnitMention,
)
from speeches.extraction.recurrences import find_recurrences
from speeches.extraction.targets import find_targets
from speeches.extraction.units import find_units
from speeches.extraction.values import resolve, resolve_deadline, resolve_value

__all__ = [
    "Commitment",
    "Deadline",
    "Lexicon",
    "OfficeDate",
    "Recurrence",
    "Target",
    "UnitMention",
    "extract",
    "find_deadlines",
    "find_recurrences",
    "find_targets",
    "find_units",
    "resolve",
    "resolve_deadline",
    "resolve_value",
]
