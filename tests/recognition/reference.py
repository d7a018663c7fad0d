"""What the manual makes of a history of recognition, read event by event.

Belongs here: the rules in plain Python (E-03, E-04, E-07, F-00, H-01 to H-10, D18,
D21 to D26, D69), written from the rules and not from the models. The figures stand here
as the manual prints them, and not in the seeds, because they are what is promised. Does
not belong here: running the models (build.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from tests.recognition.histories import Event, History

BODY, ATTESTATION = "body_2018", "attestation_2015"
FIRST_MONTH, LAST_MONTH = date(2014, 1, 1), date(2020, 12, 1)
# On one day what ends comes first, then what ends nothing, then what starts.
PLACES = {
    "postponed": 0,
    "lapsed": 1,
    "not_attained": 2,
    "engagement_submitted": 4,
    "transmitted_to_payers": 5,
    "recognition_transmitted": 6,
    "recognized": 7,
}
OTHERS = 3
ENGAGING = ("engagement_submitted", "transmitted_to_payers")
RECOGNISING = ("recognized", "recognition_transmitted")
TELLING = ("transmitted_to_payers", "recognition_transmitted")
QUARTERS_OF_A_LAPSE = ("1", "1", "0.75", "0.5", "0.25", "0")
QUARTERS_OF_A_MISS = ("1", "0.75", "0.5", "0.25", "0")


def months_on(day: date, months: int) -> date:
    """The day so many months later, or the last of its month."""
    index = day.year * 12 + day.month - 1 + months
    first = date(index // 12, index % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return min(first + timedelta(days=day.day - 1), last)


def month_start(day: date) -> date:
    """The first of the month."""
    return day.replace(day=1)


def month_end(day: date) -> date:
    """The last of the month."""
    return months_on(month_start(day), 1) - timedelta(days=1)


def quarter(day: date) -> int:
    """The quarter, counted through the years."""
    return day.year * 4 + (day.month - 1) // 3


def quarter_end(index: int) -> date:
    """The last day of a quarter."""
    return month_end(date(index // 4, index % 4 * 3 + 3, 1))


def month_after(day: date) -> date:
    """The first of the month strictly after a day."""
    return months_on(month_start(day), 1)


def month_on_or_after(day: date) -> date:
    """The first of a month that is the day or follows it."""
    return day if day.day == 1 else month_after(day)


@dataclass
class Failure:
    """A day on which nothing stands any more.

    start, place, until: places of the last start before it, of itself, and of the last
    start before the next failure. attained: the recognition that follows.
    """

    start: int
    place: int
    event: Event
    is_lapse: bool
    is_annual: bool
    until: int = 10_000
    attained: tuple[int, date] | None = None

    @property
    def day(self) -> date:
        """The day of the failure."""
        return self.event.day


@dataclass(frozen=True)
class Month:
    """What holds in a month."""

    status: str
    rate_month: date | None
    recoup_date: date | None
    factor: Decimal


class Reading:
    """A history, read under a policy."""

    def __init__(self, history: History, policy: str = BODY) -> None:
        self.policy = policy
        self.years = set(history.years)
        self.events = sorted(
            history.events,
            key=lambda e: (e.day, PLACES.get(e.name, OTHERS), e.name),
        )
        self.failures: list[Failure] = []
        self.tellings: list[tuple[int, date]] = []
        self.walk()
        for failure, following in pairwise(self.failures):
            failure.until = following.start
        self.ends = [self.endings(failure) for failure in self.failures]
        self.pay_starts = [(place, month_after(day)) for place, day in self.tellings]
        self.team_start = min(
            (month_on_or_after(day) for _, day in self.tellings), default=None
        )

    def walk(self) -> None:
        """Goes through the events, keeping what stands."""
        is_recognised, engaged_on = False, None
        start, is_failed = -1, True
        recognition: Event | None = None
        for place, event in enumerate(self.events):
            name = event.name
            if name in TELLING:
                self.tellings.append((place, event.day))
            if name in RECOGNISING:
                is_recognised, engaged_on, recognition = True, None, event
                for failure in self.failures:
                    failure.attained = failure.attained or (place, event.day)
            elif name == "engagement_submitted":
                engaged_on = event.day
            elif name == "transmitted_to_payers":
                engaged_on = engaged_on or event.day
            if name in RECOGNISING + ENGAGING:
                start, is_failed = place, False
            fails = False
            if name == "lapsed" and is_recognised:
                is_recognised = False
                fails = engaged_on is None or event.day > months_on(engaged_on, 12)
            elif name == "not_attained" and engaged_on is not None:
                engaged_on = None
                fails = not is_recognised and not is_failed
            if fails:
                standard = (recognition or event).standard
                level = (recognition or event).level or event.level
                is_annual = standard == "2017" or level == "3"
                self.failures.append(
                    Failure(start, place, event, name == "lapsed", is_annual)
                )
                is_failed = True

    def named(self, name: str, after: int, before: int) -> list[tuple[int, Event]]:
        """Events of a name between two places."""
        return [
            (place, event)
            for place, event in enumerate(self.events)
            if event.name == name and after < place < before
        ]

    # What a failure ends ----------------------------------------------------------

    def plan_due(self, failure: Failure) -> date:
        """H-01: 15 days after postponing, else 30 after NCQA's time was missed."""
        if self.policy == ATTESTATION and failure.is_lapse:
            return quarter_end(quarter(failure.day))
        since = (failure.start, failure.place + 1)
        for _, event in self.named("postponed", *since):
            return event.day + timedelta(days=15)
        for _, event in self.named("not_attained", *since):
            return event.day + timedelta(days=30)
        return failure.day + timedelta(days=30)

    def has_plan(self, failure: Failure) -> bool:
        """H-01, H-02: a plan with all elements, in time, and of this failure."""
        return any(
            event.is_whole_plan and event.day <= self.plan_due(failure)
            for place, event in self.named("action_plan_submitted", -1, 10_000)
            if self.owner(place, event) is failure
        )

    def owner(self, place: int, plan: Event) -> Failure | None:
        """The first failure whose time a plan falls into."""
        for failure in self.failures:
            is_due = plan.day <= self.plan_due(failure)
            if failure.start < place and (place < failure.until or is_due):
                return failure
        return None

    def endings(self, failure: Failure) -> tuple[date, date | None]:
        """The last day of the PPPM, and of the team's payment if it ends at once."""
        if self.policy == ATTESTATION and failure.is_lapse:
            own = quarter(failure.day)
            ends = [quarter_end(own + 5)]
            if not self.has_plan(failure):
                ends.append(quarter_end(own + 1))
            attested = {
                quarter(event.day)
                for _, event in self.named("progress_attested", -1, 10_000)
            }
            ends += [quarter_end(own + n) for n in (2, 4) if own + n not in attested]
            return min(ends), min(ends)
        if self.has_plan(failure):
            return month_end(failure.day), None
        anchor = failure.day if failure.is_lapse else self.decline_day(failure)
        return month_end(failure.day), quarter_end(quarter(anchor))

    def decline_day(self, failure: Failure) -> date:
        """The day from whose quarter a missed first recognition is counted."""
        return max(failure.day, self.plan_due(failure))

    def fee(self, failure: Failure) -> date | None:
        """The day on which extra time was paid for."""
        until = failure.until
        if failure.attained:
            until = min(until, failure.attained[0])
        fees = self.named("extension_fee_paid", failure.start, until)
        return fees[0][1].day if fees else None

    def extra_time_ends(self, failure: Failure, fee: date) -> date:
        """H-08: 90 days in annual reporting, else three months."""
        if failure.is_lapse and failure.is_annual:
            return fee + timedelta(days=90)
        return months_on(fee, 3)

    # What holds in a month --------------------------------------------------------

    def month(self, first: date) -> Month:
        """The status of a month and the part of the team's payment that stands."""
        status, rate_month, recoup_date = self.pay(first)
        takes_part = self.takes_part(first)
        if status in ("paid", "extended") and not takes_part:
            status, rate_month, recoup_date = "suspended", None, None
        factor = self.factor(first) if takes_part else Decimal(0)
        return Month(status, rate_month, recoup_date, factor)

    def takes_part(self, first: date) -> bool:
        """D69: an initiative this year or last, or a start within the year."""
        if {first.year, first.year - 1} & self.years:
            return True
        starts = [month for _, month in self.pay_starts]
        return bool(starts) and min(starts).year == first.year

    def pay(self, first: date) -> tuple[str, date | None, date | None]:
        """The medical home's month: status, rate month, recoup date."""
        started = [place for place, month in self.pay_starts if month <= first]
        if not started:
            return "not_started", None, None
        for failure, (end, _) in reversed(
            [*zip(self.failures, self.ends, strict=True)]
        ):
            if failure.attained and failure.attained[1] <= end:
                continue
            if end >= first:
                continue
            if max(started) > failure.place:
                return "paid", None, None
            return self.extra_time(failure, end, first)
        return "paid", None, None

    def extra_time(
        self, failure: Failure, end: date, first: date
    ) -> tuple[str, date | None, date | None]:
        """H-07, H-08: extended from the month of the fee, while the extra time runs."""
        fee = self.fee(failure)
        if fee is None or first < month_start(fee):
            return "lapsed", None, None
        last = self.extra_time_ends(failure, fee)
        is_won = failure.attained is not None and failure.attained[1] <= last
        if is_won:
            return "extended", month_start(end), None
        told = [
            event.day
            for _, event in self.named("not_attained", failure.place, 10_000)
            if fee <= event.day <= last
        ]
        if first > month_end(min([*told, last])):
            return "lapsed", None, None
        recoup_date = last + timedelta(days=1) if last > end else None
        return "extended", month_start(end), recoup_date

    def factor(self, first: date) -> Decimal:
        """F-00, H-04 to H-06: the least that any failure leaves, until recognition."""
        if self.team_start is None or first < self.team_start:
            return Decimal(0)
        left = [
            self.left(failure, end, first)
            for failure, (_, end) in zip(self.failures, self.ends, strict=True)
        ]
        return min([Decimal(1), *left])

    def left(self, failure: Failure, end: date | None, first: date) -> Decimal:
        """What one failure leaves of the team's payment, which may end on a day."""
        if failure.attained and first >= month_on_or_after(failure.attained[1]):
            return Decimal(1)
        if end is not None and first > end:
            return Decimal(0)
        if self.policy == ATTESTATION and failure.is_lapse:
            return Decimal(1)
        ladder = QUARTERS_OF_A_LAPSE if failure.is_lapse else QUARTERS_OF_A_MISS
        anchor = failure.day if failure.is_lapse else self.decline_day(failure)
        steps = quarter(first) - quarter(anchor)
        return Decimal(ladder[max(0, min(steps, len(ladder) - 1))])


def all_months(last: date = LAST_MONTH) -> list[date]:
    """The months that are read."""
    months = [FIRST_MONTH]
    while months[-1] < last:
        months.append(months_on(months[-1], 1))
    return months
