"""The lists, as tables: columns, their order, and how a cell is shown."""

from tracker.tables.assignments import OverdueTable, UnitTable
from tracker.tables.commitments import LedgerTable

__all__ = ["LedgerTable", "OverdueTable", "UnitTable"]
