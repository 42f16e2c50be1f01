"""How many days lie between two of which the year may be unknown."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from app.figures import Moment


def gaps(first: Moment, second: Moment) -> set[int]:
    """Days from the second day to the first; of an unknown year with a 29th of February and without.

    >>> sorted(gaps(Moment(None, 3, 1), Moment(None, 2, 27)))
    [2, 3]
    """
    found = set()
    for unknown in (2023, 2024):
        with suppress(ValueError):  # the year has no such day
            one, other = (
                date(
                    int(day.year) if day.year and day.year.isdigit() else unknown,
                    day.month or 0,
                    day.day or 0,
                )
                for day in (first, second)
            )
            found.add((one - other).days)
    return found
