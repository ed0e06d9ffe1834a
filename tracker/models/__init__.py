"""The data of the ledger. Rules that span rows live in the domain modules beside this package."""

from tracker.models.assignments import (
    Assignment,
    Evidence,
    ExtensionRequest,
    Measurement,
    Milestone,
    StatusUpdate,
    Transition,
)
from tracker.models.commitments import Commitment, Review, Series, Target
from tracker.models.feeds import CalendarFeed
from tracker.models.notices import Bulletin, Instruction
from tracker.models.office import OfficeSettings
from tracker.models.papers import ImportedRow, LedgerImport, PaperTemplate, ScoringRule, SupervisionNotice
from tracker.models.people import Delegation, Membership, User
from tracker.models.reminders import Address, Channel, Delivery, Message, Reminder
from tracker.models.search import SearchEntry
from tracker.models.tokens import ApiToken
from tracker.models.units import Unit, UnitAlias, UnitFigures
from tracker.models.views import SavedView

__all__ = [
    "Address",
    "ApiToken",
    "Assignment",
    "Bulletin",
    "CalendarFeed",
    "Channel",
    "Commitment",
    "Delegation",
    "Delivery",
    "Evidence",
    "ExtensionRequest",
    "ImportedRow",
    "Instruction",
    "LedgerImport",
    "Measurement",
    "Membership",
    "Message",
    "Milestone",
    "OfficeSettings",
    "PaperTemplate",
    "Reminder",
    "Review",
    "SavedView",
    "ScoringRule",
    "SearchEntry",
    "Series",
    "StatusUpdate",
    "SupervisionNotice",
    "Target",
    "Transition",
    "Unit",
    "UnitAlias",
    "UnitFigures",
    "User",
]
