"""Random histories of a practice's recognition, full of edges.

Belongs here: making histories, whose days lie on and beside the ends of months and
quarters and of every time frame of the manual. Does not belong here: what follows from
them (reference.py).

Hypothesis gives each history its choices as bytes, zero being always the plainest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

T = TypeVar("T")
BYTES = 120
FIRST_DAY = date(2014, 2, 14)
LAST_DAY = date(2019, 6, 30)
RECOVERY = ("recognized", "recognition_transmitted")
# What may come next. The plain ways come first and more than once.
WAYS: tuple[tuple[str, ...], ...] = (
    RECOVERY,
    ("lapsed",),
    ("engagement_submitted", "transmitted_to_payers"),
    ("not_attained",),
    ("postponed", "lapsed"),
    ("lapsed", "action_plan_submitted"),
    ("postponed", "action_plan_submitted", "lapsed"),
    ("lapsed", "extension_fee_paid", *RECOVERY),
    ("lapsed", "extension_fee_paid"),
    ("postponed", "not_attained"),
    ("not_attained", "action_plan_submitted"),
    ("not_attained", "extension_fee_paid"),
    ("not_attained", "extension_fee_paid", *RECOVERY),
    ("lapsed", "action_plan_submitted", *RECOVERY),
    ("lapsed", "extension_fee_paid", "not_attained"),
    ("lapsed", "progress_attested"),
    ("action_plan_submitted",),
    ("extension_fee_paid",),
    ("recognized",),
    ("recognition_transmitted",),
    ("engagement_submitted",),
    ("transmitted_to_payers",),
    ("not_attained", "lapsed"),
    ("progress_attested",),
    ("postponed",),
    ("interim_survey",),
)
# Days to the next event: what the manual counts, and the days beside it.
GAPS = (
    *(7, 40, 200, 0, 1, 14, 15, 16, 29, 30, 31, 89, 90, 91, 120, 364, 365, 366, 500),
    *(3, 60, 92, 180, 700),
)
# Where the day is moved to then.
SNAPS = ("", "", "month start", "month end", "quarter end", "quarter start", "")


@dataclass(frozen=True)
class Event:
    """A landed event of recognition."""

    day: date
    name: str
    standard: str = ""
    level: str = ""
    is_whole_plan: bool = False


@dataclass(frozen=True)
class History:
    """The events of a practice, and the years in which it had an initiative."""

    practice_id: str
    events: tuple[Event, ...]
    years: tuple[int, ...]

    def text(self) -> str:
        """The history, to be read by a person."""
        lines = [f"{self.practice_id}, initiatives of {self.years}"]
        lines += [
            f"    {event.day} {event.name} {event.standard} {event.level}"
            f"{' whole' if event.is_whole_plan else ''}"
            for event in self.events
        ]
        return "\n".join(lines)


def snapped(day: date, snap: str) -> date:
    """The first or last day of the day's month or quarter."""
    months = 3 if "quarter" in snap else 1
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    if "start" in snap:
        return first
    if "end" in snap:
        return (first + timedelta(days=31 * months)).replace(day=1) - timedelta(days=1)
    return day


class Maker:
    """Makes a history of its bytes."""

    def __init__(self, number: int, data: bytes) -> None:
        self.number = number
        self.data = data
        self.place = 0

    def pick(self, choices: Sequence[T]) -> T:
        """The next choice."""
        byte = self.data[self.place] if self.place < len(self.data) else 0
        self.place += 1
        return choices[byte % len(choices)]

    def make(self) -> History:
        """The history: a start, then some ways, each with days between its events."""
        day = FIRST_DAY + timedelta(days=self.pick(range(200)))
        names = list(self.pick((RECOVERY, WAYS[2], RECOVERY, (), WAYS[2], WAYS[-4])))
        for _ in range(self.pick((2, 1, 3, 4, 5, 6))):
            names += self.pick(WAYS)
        events: dict[tuple[date, str], Event] = {}
        for name in names:
            standard = self.pick(("2014", "2017"))
            event = Event(
                day=day,
                name=name,
                standard=standard,
                level=self.pick(("3", "1", "2", "")) if standard == "2014" else "",
                is_whole_plan=(
                    name == "action_plan_submitted" and self.pick((1, 1, 0)) == 1
                ),
            )
            if day <= LAST_DAY:
                events.setdefault((day, name), event)
            moved = snapped(day + timedelta(days=self.pick(GAPS)), self.pick(SNAPS))
            day = max(day, moved)
        years = self.pick((ALL_YEARS, ALL_YEARS, ALL_YEARS, (2015, 2018), ()))
        return History(f"P{self.number:05d}", tuple(events.values()), years)


def telling(start: date) -> tuple[Event, Event]:
    """Recognition at level 2, and its transmission on the same day."""
    return (
        Event(start, "recognized", "2014", "2"),
        Event(start, "recognition_transmitted", "2014", "2"),
    )


def engaging(start: date) -> tuple[Event, Event]:
    """Engagement, and its transmission on the same day."""
    return (
        Event(start, "engagement_submitted", "2017"),
        Event(start, "transmitted_to_payers", "2017"),
    )


ALL_YEARS = tuple(range(2013, 2024))
# Edges that chance seldom meets.
EDGES = (
    # A lapse on the last day of the engagement's year.
    (
        *telling(date(2014, 3, 5)),
        *engaging(date(2015, 6, 10)),
        Event(date(2016, 6, 10), "lapsed", "2014", "2"),
    ),
    # A lapse after it; that the engagement came to nothing is no second failure.
    (
        *telling(date(2014, 3, 5)),
        *engaging(date(2014, 6, 10)),
        Event(date(2015, 9, 10), "lapsed", "2014", "2"),
        Event(date(2015, 9, 20), "action_plan_submitted", is_whole_plan=True),
        Event(date(2016, 2, 10), "not_attained"),
    ),
    # Postponed twice: the plan is in time for the second alone.
    (
        *telling(date(2014, 3, 5)),
        Event(date(2016, 5, 20), "postponed"),
        Event(date(2016, 6, 5), "postponed"),
        Event(date(2016, 6, 18), "action_plan_submitted", is_whole_plan=True),
        Event(date(2016, 6, 25), "lapsed", "2014", "2"),
    ),
    # A plan in time for a lapse, after an engagement that came to nothing at once.
    (
        *telling(date(2014, 3, 5)),
        Event(date(2016, 6, 20), "lapsed", "2014", "2"),
        *engaging(date(2016, 6, 25)),
        Event(date(2016, 7, 5), "action_plan_submitted", is_whole_plan=True),
        Event(date(2016, 7, 15), "not_attained"),
    ),
    # Recognition on the last day of the month of the lapse, told later.
    (
        *telling(date(2014, 3, 5)),
        Event(date(2016, 6, 10), "lapsed", "2014", "2"),
        Event(date(2016, 6, 30), "recognized", "2017"),
        Event(date(2016, 7, 20), "recognition_transmitted", "2017"),
    ),
    # Recognition on the last day of the extra time, told later.
    (
        *telling(date(2014, 3, 5)),
        Event(date(2016, 6, 10), "lapsed", "2014", "2"),
        Event(date(2016, 7, 20), "extension_fee_paid"),
        Event(date(2016, 10, 20), "recognized", "2017"),
        Event(date(2016, 12, 20), "recognition_transmitted", "2017"),
    ),
)


def small_histories(count: int) -> list[History]:
    """The edges and so many histories, the same each time."""
    found = [
        History(f"P{number:05d}", events, ALL_YEARS)
        for number, events in enumerate(EDGES)
    ]

    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.binary(min_size=BYTES, max_size=BYTES))
    def collect(data: bytes) -> None:
        found.append(Maker(len(found), data).make())

    collect()
    return found
