"""The days on which the demo is tried: where months, years and weeks turn, and a leap day."""

import datetime as dt

DAYS = [
    dt.date(2026, 1, 1),
    dt.date(2026, 2, 28),
    dt.date(2026, 3, 31),
    dt.date(2026, 5, 1),
    dt.date(2026, 6, 7),
    dt.date(2026, 7, 30),
    dt.date(2026, 8, 19),
    dt.date(2026, 10, 1),
    dt.date(2026, 11, 22),
    dt.date(2026, 12, 31),
    dt.date(2028, 2, 29),
    dt.date(2028, 3, 1),
]
# To tell the whole story takes seconds, so it is told on fewer of them.
DAYS_TOLD = [day for day in DAYS if (day.month, day.day) in {(1, 1), (2, 29), (3, 31), (7, 30), (10, 1), (12, 31)}]
