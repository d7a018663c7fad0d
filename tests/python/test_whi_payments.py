"""Payments of the Women's Health Initiative against plain Python, in random practices.

Belongs here: the clamp, the floor, the order of joining and the split of an amount
(K-03 to K-07, K-12, D38 to D40, D44 to D47), worked out a second time from the rules,
to the cent, for many practices at once. Does not belong here: golden values
(models/unit_tests/payments_whi.yml), or who is attributed.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.settings import BuildPaths
from tests.faults.replay import Recording, Replay

pytestmark = pytest.mark.slow

MONTHS = [date(2018, number, 1) for number in range(1, 7)]
# Months begin at 0; a practice that began before the run has a start below it.
BEFORE = -1
FLOOR_BELOW, TEAM_RATE, TEAM_FLOOR = 600, Fraction("5.42"), Fraction(3250)
CAPACITY = {
    True: (Fraction("4.42"), Fraction(927), Fraction(3387)),
    False: (Fraction("11.87"), Fraction(5163), Fraction(16184)),
}
TABLES = {
    "int_calendar__payment_months": "payment_month date",
    "int_payments__whi_sides": "practice_id varchar, program varchar, start_month date",
    "int_payments__whi_months": (
        "payment_month date, practice_id varchar, program varchar, as_of_date date, "
        "start_month date, status varchar, cht_factor decimal(5, 4)"
    ),
    "int_payments__whi_counts": (
        "payment_month date, payer varchar, practice_id varchar, as_of_date date, "
        "paid_period varchar, payment_due_date date, is_whole boolean, "
        "joined_month date, women bigint, whi_women bigint, prior_whi_women bigint, "
        "is_small boolean, is_prior_small boolean"
    ),
    "stg_practice": (
        "practice_id varchar, is_340b boolean, start_date date, end_date date"
    ),
    "stg_payment_override": (
        "practice_id varchar, component varchar, month_from date, month_to date, "
        "amount_usd decimal(18, 2)"
    ),
    "int_program__practices_as_of": (
        "as_of_date date, practice_id varchar, practice_type varchar, "
        "is_340b boolean, administrative_entity_id varchar"
    ),
    "int_program__rosters_as_of": (
        "as_of_date date, program varchar, practice_id varchar, npi varchar, "
        "start_date date, credential varchar, is_board_certified_obgyn boolean"
    ),
    "stg_practice_provider": (
        "program varchar, practice_id varchar, npi varchar, start_date date, "
        "fte decimal(18, 4)"
    ),
}
AS_OF = date(2017, 12, 31)
Key = tuple[date, str, str]


@dataclass(frozen=True)
class Payer:
    """A payer of one practice: the month it joined in, and its women by month."""

    joined: int | None
    women: tuple[int, ...]
    prior: tuple[int, ...]


@dataclass(frozen=True)
class Practice:
    """A practice, the months in which its sides start, and what pays its team."""

    is_340b: bool
    whi_start: int
    pcmh_start: int | None
    fte: str
    set_amount: int | None
    factor: str
    payers: tuple[Payer, ...]

    @property
    def start(self) -> int:
        """The first month of any side."""
        starts = (self.whi_start, self.pcmh_start)
        return min(start for start in starts if start is not None)

    def taking_part(self, month: int) -> dict[str, Payer]:
        """Payers that take part in a month, by name."""
        return {
            f"payer {number}": payer
            for number, payer in enumerate(self.payers)
            if payer.joined is None or payer.joined <= month
        }


women = st.one_of(
    st.integers(0, 12),
    st.integers(0, 900),
    st.sampled_from([209, 210, 299, 300, 434, 435, 599, 600, 766, 767, 1363, 1364]),
)
six_months = st.tuples(*[women] * len(MONTHS))
payers = st.builds(
    Payer,
    joined=st.sampled_from([None, None, None, 0, 1, 3, 4]),
    women=six_months,
    prior=six_months,
)
practices = st.builds(
    Practice,
    is_340b=st.booleans(),
    whi_start=st.sampled_from([BEFORE, 0, 1, 3]),
    pcmh_start=st.sampled_from([None, None, BEFORE, 0, 1, 3, 5]),
    fte=st.sampled_from(["0", "0.2", "0.5", "0.9", "1", "2.6"]),
    set_amount=st.one_of(st.none(), st.integers(0, 500_000)),
    factor=st.sampled_from(["1", "1", "0.75", "0.5", "0.25", "0"]),
    payers=st.lists(payers, min_size=1, max_size=4).map(tuple),
)


def to_cent(amount: Fraction) -> Decimal:
    """An amount to the cent, half a cent away from zero."""
    exact = Decimal(amount.numerator) / Decimal(amount.denominator)
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


def split(amount: Decimal, shares: Mapping[str, int]) -> dict[str, Decimal]:
    """An amount in proportion, with the odd cents to the largest share."""
    whole = sum(shares.values())
    parts = {p: to_cent(Fraction(amount) * n / whole) for p, n in shares.items()}
    largest = min(shares, key=lambda payer: (-shares[payer], payer))
    parts[largest] += amount - sum(parts.values())
    return parts


def capacity(practice: Practice) -> Iterator[tuple[int, str, str, Decimal]]:
    """Month, payer, basis and amount of each payment for capacity."""
    rate, floor, ceiling = CAPACITY[practice.is_340b]
    earlier: Fraction | None = None
    sides = {practice.whi_start, practice.pcmh_start}
    for month in range(len(MONTHS)):
        if month < practice.start:
            continue
        counts = {
            payer: of.women[month]
            for payer, of in practice.taking_part(month).items()
            if of.women[month]
        }
        total = sum(counts.values())
        whole = min(max(rate * total, floor), ceiling)
        if earlier is None:
            if not counts:
                continue
            if practice.start >= 0:
                if rate * total < floor or rate * total > ceiling:
                    basis = "floor" if rate * total < floor else "ceiling"
                    for payer, part in split(to_cent(whole), counts).items():
                        yield month, payer, basis, part
                else:
                    for payer, count in counts.items():
                        yield month, payer, "linear", to_cent(rate * count)
            earlier = whole
        elif month in sides and counts:
            due = to_cent(max(whole - earlier, Fraction(0)))
            for payer, part in split(due, counts).items():
                yield month, payer, "adjustment", part
            earlier = max(earlier, whole)
        else:
            new = {
                payer: count
                for payer, count in counts.items()
                if practice.taking_part(month)[payer].joined == month
            }
            if new:
                most = rate * sum(new.values())
                due = to_cent(max(min(whole - earlier, most), Fraction(0)))
                for payer, part in split(due, new).items():
                    yield month, payer, "new_payer", part
                earlier = max(earlier, whole)


def team(practice: Practice) -> Iterator[tuple[int, str, str, Decimal]]:
    """Month, payer, basis and amount of each payment to the team."""
    factor = Fraction(practice.factor)
    for month in range(max(practice.whi_start, 0), len(MONTHS)):
        taking_part = practice.taking_part(month)
        now = {payer: of.women[month] for payer, of in taking_part.items()}
        before = {payer: of.prior[month] for payer, of in taking_part.items()}
        linear = TEAM_RATE * sum(now.values())
        if practice.set_amount is not None:
            guaranteed = Fraction(practice.set_amount, 100)
        elif practice.pcmh_start is None and sum(now.values()) < FLOOR_BELOW:
            guaranteed = TEAM_FLOOR * min(Fraction(practice.fte), Fraction(1))
        else:
            guaranteed = Fraction(0)
        if guaranteed <= linear:
            for payer, count in now.items():
                if count:
                    yield month, payer, "linear", to_cent(TEAM_RATE * count * factor)
            continue
        is_later_quarter = practice.whi_start // 3 < month // 3
        base = before if is_later_quarter and sum(before.values()) else now
        shares = {payer: count for payer, count in base.items() if count}
        if shares:
            basis = "floor" if practice.set_amount is None else "override"
            for payer, part in split(to_cent(guaranteed * factor), shares).items():
                yield month, payer, basis, part


def first_day(month: int) -> date:
    """The first day of a month of the run, or one before it."""
    return MONTHS[month] if month >= 0 else date(2017, 12, 1)


def rows_of(worlds: Sequence[Practice]) -> dict[str, list[tuple]]:
    """The tables that the models read."""
    rows: dict[str, list[tuple]] = {table: [] for table in TABLES}
    rows["int_calendar__payment_months"] = [(month,) for month in MONTHS]
    for number, practice in enumerate(worlds):
        name = f"P{number}"
        sides = {"whi": practice.whi_start, "pcmh": practice.pcmh_start}
        for side, start in sides.items():
            if start is None:
                continue
            rows["int_payments__whi_sides"].append((name, side, first_day(start)))
            for month in range(max(start, 0), len(MONTHS)):
                rows["int_payments__whi_months"].append(
                    (MONTHS[month], name, side, AS_OF, first_day(start), "paid")
                    + (practice.factor,)
                )
            rows["int_program__rosters_as_of"].append(
                (AS_OF, side, name, side, AS_OF, "MD", True)
            )
            rows["stg_practice_provider"].append(
                (side, name, side, AS_OF, practice.fte)
            )
        for month in range(max(practice.start, 0), len(MONTHS)):
            for payer, of in practice.taking_part(month).items():
                since = None if of.joined is None else MONTHS[of.joined]
                rows["int_payments__whi_counts"].append(
                    (MONTHS[month], payer, name, AS_OF, "2018-01", None, True, since)
                    + (of.women[month], of.women[month], of.prior[month], False, False)
                )
        rows["stg_practice"].append((name, practice.is_340b, None, None))
        rows["int_program__practices_as_of"].append(
            (AS_OF, name, "whi", practice.is_340b, "AE")
        )
        if practice.set_amount is not None:
            amount = Decimal(practice.set_amount) / 100
            rows["stg_payment_override"].append(
                (name, "whi_cht", MONTHS[0], None, amount)
            )
    return rows


class Warehouse:
    """The two models, as dbt compiled them, on tables made by hand."""

    def __init__(self, recording: Recording, folder: Path) -> None:
        paths = BuildPaths(folder)
        Replay(recording, folder).load_reference(paths)
        self.connection = duckdb.connect(str(paths.database))
        self.sql = {
            statement.name: statement.sql
            for statement in recording.statements["transform"]
            if statement.kind == "model"
        }
        for schema in ("staging", "intermediate"):
            self.connection.execute(f"create schema {schema}")
        for table, columns in TABLES.items():
            self.connection.execute(f"create table {schema_of(table)} ({columns})")

    def fill(self, worlds: Sequence[Practice]) -> None:
        """Puts the tables of some practices in the place of the last ones."""
        for table, rows in rows_of(worlds).items():
            self.connection.execute(f"delete from {schema_of(table)}")
            if rows:
                marks = ", ".join(["?"] * len(rows[0]))
                values = ", ".join([f"({marks})"] * len(rows))
                flat = [value for row in rows for value in row]
                self.connection.execute(
                    f"insert into {schema_of(table)} values {values}", flat
                )

    def payments(self, model: str) -> dict[Key, tuple[str, Decimal]]:
        """Basis and amount of each row of a model."""
        rows = self.connection.execute(
            "select payment_month, practice_id, payer, basis, amount "
            f"from ({self.sql[model]})"
        ).fetchall()
        found = {row[:3]: row[3:] for row in rows}
        assert len(found) == len(rows), "a month is paid twice"
        return found


def schema_of(table: str) -> str:
    """A table with its schema."""
    return f"{'staging' if table.startswith('stg_') else 'intermediate'}.{table}"


@pytest.fixture(scope="module")
def warehouse(recorded, tmp_path_factory) -> Warehouse:
    recording = pickle.loads(recorded[1].read_bytes())
    return Warehouse(recording, tmp_path_factory.mktemp("whi"))


@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(worlds=st.lists(practices, min_size=20, max_size=40))
def test_payments_are_those_of_the_rules_to_the_cent(warehouse, worlds):
    warehouse.fill(worlds)
    for model, reference in (
        ("int_payments__whi_capacity", capacity),
        ("int_payments__whi_cht", team),
    ):
        expected = {
            (MONTHS[month], f"P{number}", payer): (basis, amount)
            for number, practice in enumerate(worlds)
            for month, payer, basis, amount in reference(practice)
        }
        assert warehouse.payments(model) == expected
