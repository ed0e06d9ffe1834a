"""The lists, as tables: columns, their order, and how a cell is shown."""

from tracker.tables.assignments import OverdueTable, UnitTable
from tracker.tables.commitments import LedgerTable
from tracker.tables.speeches import SpeechTable

__all__ = ["LedgerTable", "OverdueTable", "SpeechTable", "UnitTable"]
