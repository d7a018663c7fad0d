"""Appendix 3 attribution a second time, in plain Python, straight from a drop.

Written from the text of the design ("Which claims count for whom, exactly", steps 1 to
6), not from the models, so that agreement between the two means something. It reads the
files of a drop, follows one person at a time, and shares no code, seed or table with
the warehouse.

Belongs here: what the overlay's drop needs. Does not belong here: PCP selections,
reversals, versions and denials, which that drop has none of; a drop that has them is
refused.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import duckdb

Row = Mapping[str, str | None]

# Appendix 3, step 4, as the manual prints it.
PROCEDURE_CODES = """
    99201-99205 99211-99215 99241-99245 99304-99306 99307-99310 99324-99328
    99334-99337 99341-99345 99347-99350 99354-99354 99355-99355 99358-99358
    99359-99359 99381-99387 99391-99397 99401-99404 99406-99409 99411-99412
    99420-99420 99429-99429 99460-99463 99464-99464 99465-99465
"""
REVENUE_CODES = {"0521", "0522", "0525"}
PRIMARY_CARE = {
    "internal medicine",
    "general medicine",
    "geriatric medicine",
    "family medicine",
    "pediatrics",
    "naturopathic medicine",
    "nurse practitioner",
    "physician assistant",
    "federally qualified health center",
    "rural health clinic",
}
TAXONOMIES = {"207R00000X": "internal medicine"}
PAYER_TYPES = {"commercial", "medicaid", "self-insured"}
CUTOFF = timedelta(days=30)
NOT_COVERED = {
    "x_primary_payer_flag",
    "x_program_participation_flag",
    "x_requires_pcp_selection",
    "x_selected_pcp_npi",
    "x_claim_status_code",
    "x_claim_version",
    "x_replaces_claim_id",
    "plan",
}
LADDER = ("most_claims", "most_recent", "most_service_dates", "most_lines")


@dataclass(frozen=True)
class Person:
    """What became of one person under one payer on one as-of date."""

    is_eligible: bool
    practice_id: str | None = None
    qualifying_claims: int | None = None
    last_visit_date: date | None = None
    decided_by: str | None = None


@dataclass
class Visits:
    """The lines of one person that count for one practice."""

    claims: set[str] = field(default_factory=set)
    dates: set[date] = field(default_factory=set)
    lines: int = 0

    def rank(self) -> tuple[int, date, int, int]:
        """What practices compete with, the strongest first."""
        return len(self.claims), max(self.dates), len(self.dates), self.lines


def files_of(drop: Path, table: str) -> list[Path]:
    """The files of one table of a drop; none when it is absent."""
    folder = sorted((drop / table).glob("*.*"))
    single = [drop / f"{table}.csv", drop / f"{table}.parquet"]
    return folder + [path for path in single if path.is_file()]


def read_table(drop: Path, table: str) -> list[dict[str, str | None]]:
    """The rows of one table as text, blanks as None, `patient_id` as `person_id`."""
    rows = []
    # A connection of its own: the shared one may hold somebody's unfinished result.
    with duckdb.connect() as connection:
        for path in files_of(drop, table):
            if path.suffix == ".csv":
                relation = connection.read_csv(str(path), all_varchar=True)
            else:
                relation = connection.read_parquet(str(path))
            names = [n.replace("patient_id", "person_id") for n in relation.columns]
            texts = relation.select("cast(columns(*) as varchar)").fetchall()
            rows += [
                {n: v or None for n, v in zip(names, text, strict=True)}
                for text in texts
            ]
    return rows


def day(text: str | None) -> date | None:
    """A date written yyyy-mm-dd."""
    return date.fromisoformat(text) if text else None


def is_true(text: str | None) -> bool:
    """A flag as CSV or Parquet writes it."""
    return text in ("1", "true")


def is_in_force(on: date, start: str | None, end: str | None) -> bool:
    """Whether a period holds on a day; a missing bound is open."""
    return (day(start) or on) <= on <= (day(end) or on)


def procedure_codes() -> set[str]:
    """Every code of the printed ranges."""
    codes = set()
    for low, high in re.findall(r"(\d+)-(\d+)", PROCEDURE_CODES):
        codes |= {str(code) for code in range(int(low), int(high) + 1)}
    return codes


def window_start(as_of: date) -> date:
    """The first day of the 24 calendar months that end with a month-end."""
    next_day = as_of + timedelta(days=1)
    return next_day.replace(year=next_day.year - 2)


class Drop:
    """The rows of a drop, grouped as the steps ask for them."""

    def __init__(self, folder: Path) -> None:
        self.coverage: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in read_table(folder, "eligibility"):
            refuse_uncovered(row)
            self.coverage[str(row["payer"]), str(row["person_id"])].append(row)
        self.lines: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in read_table(folder, "medical_claim"):
            refuse_uncovered(row)
            self.lines[str(row["payer"]), str(row["person_id"])].append(row)
        self.roster: dict[str, list[Row]] = defaultdict(list)
        for row in read_table(folder, "practice_provider"):
            self.roster[str(row["npi"])].append(row)
        self.specialties = {
            row["npi"]: row["specialty"] or TAXONOMIES.get(row["taxonomy_code"] or "")
            for row in read_table(folder, "provider")
        }
        self.practices = {
            row["practice_id"]: row for row in read_table(folder, "practice")
        }
        self.policies = read_table(folder, "payer_policy")


def refuse_uncovered(row: Row) -> None:
    """Stops at a row that asks for a rule that is not written here."""
    asked = {name for name in NOT_COVERED if row.get(name)}
    if asked:
        raise ValueError(f"{sorted(asked)}: the reference has no rule for this")


def attribute(drop: Drop, as_of: date) -> dict[tuple[str, str], Person]:
    """Everyone covered on a day, by payer and person."""
    people = {}
    for key, spans in drop.coverage.items():
        span = span_in_force(spans, as_of)
        if span is None:
            continue
        if not is_eligible(drop, span, as_of):
            people[key] = Person(is_eligible=False)
            continue
        visits = visits_by_practice(drop, drop.lines[key], as_of)
        people[key] = winner(visits)
    return people


def span_in_force(spans: Sequence[Row], as_of: date) -> Row | None:
    """Step 1: the coverage in force, the latest start of several."""
    alive = [
        span
        for span in spans
        if is_in_force(
            as_of, span["enrollment_start_date"], span["enrollment_end_date"]
        )
        and (day(span["death_date"]) or date.max) > as_of
    ]
    return max(alive, key=lambda span: str(span["enrollment_start_date"]), default=None)


def is_eligible(drop: Drop, span: Row, as_of: date) -> bool:
    """Step 1: the tests, as far as this drop needs them."""
    policies = [
        policy
        for policy in drop.policies
        if policy["payer"] == span["payer"]
        and is_in_force(as_of, policy.get("effective_from"), policy.get("effective_to"))
    ]
    return (
        span["payer_type"] in PAYER_TYPES
        and span["state"] in ("VT", "Vermont")
        and len(policies) == 1
        and policies[0]["residence_rule"] == "residence"
        and is_true(policies[0]["participates_pcmh"])
    )


def visits_by_practice(
    drop: Drop, lines: Sequence[Row], as_of: date
) -> dict[str, Visits]:
    """Steps 3 to 5: the lines that count, by practice."""
    procedures = procedure_codes()
    visits: dict[str, Visits] = defaultdict(Visits)
    for line in lines:
        service_date = day(line["claim_line_start_date"] or line["claim_start_date"])
        if service_date is None or not window_start(as_of) <= service_date <= as_of:
            continue
        if (day(line["paid_date"]) or date.min) > as_of + CUTOFF:
            continue
        if line["hcpcs_code"] not in procedures and not (
            line["claim_type"] == "institutional"
            and line["revenue_center_code"] in REVENUE_CODES
        ):
            continue
        match = roster_row(drop, line, as_of)
        if match is None or not is_counted(drop, match):
            continue
        practice = visits[str(match["practice_id"])]
        practice.claims.add(str(line["claim_id"]))
        practice.dates.add(service_date)
        practice.lines += 1
    return visits


def roster_row(drop: Drop, line: Row, as_of: date) -> Row | None:
    """Step 4: the roster row of the first NPI that has one in force."""
    for column in ("rendering_npi", "billing_npi", "facility_npi"):
        rows = [
            row
            for row in drop.roster.get(line[column] or "", [])
            if row["program"] == "pcmh"
            and is_in_force(as_of, row["start_date"], row["end_date"])
        ]
        billed = [
            row
            for row in rows
            if row.get("billing_npi") and row.get("billing_npi") == line["billing_npi"]
        ]
        if rows:
            return min(
                billed or rows,
                key=lambda row: (
                    not is_true(row["is_primary_practice"]),
                    str(row["start_date"]),
                    str(row["practice_id"]),
                ),
            )
    return None


def is_counted(drop: Drop, match: Row) -> bool:
    """Step 5: a primary care specialty, or a health center or rural clinic."""
    practice = drop.practices[match["practice_id"]]
    specialty = match["specialty"] or drop.specialties.get(match["npi"])
    return (
        specialty in PRIMARY_CARE
        or is_true(practice.get("is_fqhc"))
        or is_true(practice.get("is_rhc"))
    )


def winner(visits: Mapping[str, Visits]) -> Person:
    """Step 6: the practice that wins, and at which step it left the second behind."""
    if not visits:
        return Person(is_eligible=True)
    # The lowest practice id first, so that the stable sort keeps it ahead in a tie.
    ranked = sorted(visits)
    ranked.sort(key=lambda practice_id: visits[practice_id].rank(), reverse=True)
    first = visits[ranked[0]]
    decided_by = "only_one"
    if len(ranked) > 1:
        pairs = zip(LADDER, first.rank(), visits[ranked[1]].rank(), strict=True)
        decided_by = next(
            (step for step, mine, other in pairs if mine != other),
            "lowest_practice_id",
        )
    return Person(
        is_eligible=True,
        practice_id=ranked[0],
        qualifying_claims=len(first.claims),
        last_visit_date=max(first.dates),
        decided_by=decided_by,
    )
