"""Attribution in plain Python, one person at a time, straight from a drop's rows.

Written from the text of the design ("Which claims count for whom, exactly", "Final
claims", and how claims are replayed as known then) and from the rules behind it, not
from the models, so that agreement between the two means something. It shares no code,
seed or table with the warehouse.

Belongs here: Appendix 3, Appendix 4, the WHI, and the counts that practices report, on
any as-of date and under both code policies. Does not belong here: bad rows, of which
the drops that it reads have none; movement between dates; counts of the attributed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from pathlib import Path

import duckdb

from tests.attribution.codes import procedure_codes, revenue_codes

Row = Mapping[str, str | None]

CUTOFF = timedelta(days=30)
PROGRAMS = ("pcmh", "whi")
APP3, APP4, WHI = "app3_commercial_medicaid", "app4_medicare", "app_whi"
ALGORITHMS = {
    "pcmh": {
        "commercial": APP3,
        "self-insured": APP3,
        "medicaid": APP3,
        "medicare": APP4,
    },
    "whi": {"commercial": WHI, "self-insured": WHI, "medicaid": WHI},
}
# What practices report of themselves: Appendix 2, and the same with the WHI's codes.
REPORTED = {"pcmh": "app2_total_unique", "whi": "app2_whi"}
FQHC, RHC = "federally qualified health center", "rural health clinic"
ADULT_CARE = {
    "internal medicine",
    "general medicine",
    "geriatric medicine",
    "family medicine",
    "nurse practitioner",
    "physician assistant",
    FQHC,
}
PRIMARY_CARE = ADULT_CARE | {"pediatrics", "naturopathic medicine", RHC}
SPECIALTIES = {APP3: PRIMARY_CARE, APP4: ADULT_CARE, "app2_total_unique": PRIMARY_CARE}
CREDENTIALS = {"MD", "DO", "NP", "CNM", "PA"}
# The taxonomy codes that the compared drops use (NUCC 24.0).
TAXONOMIES = {
    "207Q00000X": "family medicine",
    "207R00000X": "internal medicine",
    "175F00000X": "naturopathic medicine",
    "208000000X": "pediatrics",
    "207V00000X": "obstetrics and gynecology",
    "261QF0400X": FQHC,
    "261QR1300X": RHC,
}
HSA_ALIASES = {"Chittenden": "Burlington"}
# Medicare Advantage is a way of being covered by Medicare.
MEDICARE = {"medicare", "medicare-advantage"}
# A primary coverage of these keeps a dual from counting under Medicaid: a self-insured
# plan is a commercial payer's (rules, G-07 and A-02).
COMMERCIAL = {"commercial", "self-insured"}
LADDER = (
    ("most_claims", "fewer_claims"),
    ("most_recent", "earlier_last_visit"),
    ("most_service_dates", "fewer_service_dates"),
    ("most_lines", "fewer_lines"),
    ("lowest_practice_id", "higher_practice_id"),
)


@dataclass(frozen=True)
class Candidate:
    """A practice, or a group off the roster, that competed for a person."""

    practice_id: str
    rank: int
    lost_because: str | None
    claims: int
    service_dates: int
    lines: int
    first_visit_date: date
    last_visit_date: date


@dataclass(frozen=True)
class Evidence:
    """A claim that counted for a person at a practice."""

    practice_id: str
    claim_id: str
    service_date: date
    last_service_date: date
    codes: str
    service_dates: int
    lines: int


@dataclass(frozen=True)
class Answer:
    """What became of one person under one payer, in one program, on one as-of date."""

    is_eligible: bool
    reason: str
    practice_id: str | None = None
    hsa: str | None = None
    method: str = "none"
    decided_by: str | None = None
    qualifying_claims: int | None = None
    last_visit_date: date | None = None
    share_of_claims: Fraction | None = None
    is_majority: bool | None = None
    candidates: tuple[Candidate, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass
class Visit:
    """A line that counts, and where."""

    practice_id: str
    claim_id: str
    service_date: date
    codes: set[str]


@dataclass
class Line:
    """A line of a claim, with the days between which it was known to be so."""

    row: Row
    service_date: date
    known_from: date
    known_to: date


@dataclass
class Lines:
    """The qualifying lines of a person, and how far those came that do not count."""

    visits: list[Visit] = field(default_factory=list)
    have_qualified: bool = False
    have_reached: bool = False


class Drop:
    """The rows of a drop, as text by column, grouped as the steps ask for them."""

    def __init__(self, tables: Mapping[str, Iterable[Row]]) -> None:
        self.tables = {name: distinct(rows) for name, rows in tables.items()}
        self.coverage = self.grouped("eligibility", "person_id")
        self.policies = self.grouped("payer_policy", "payer")
        self.practices = self.grouped("practice", "practice_id")
        self.roster = self.grouped("practice_provider", "program")
        self.events = self.grouped("whi_participation", "practice_id")
        self.providers = {row["npi"]: row for row in self.rows("provider")}

    @classmethod
    def read(cls, folder: Path) -> Drop:
        """A drop from its directory."""
        names = ("eligibility", "medical_claim", "payer_policy", "practice")
        names += ("practice_provider", "provider", "whi_participation")
        return cls({name: read_table(folder, name) for name in names})

    def rows(self, table: str) -> list[Row]:
        """The rows of a table; none when it is absent."""
        return self.tables.get(table, [])

    def grouped(self, table: str, column: str) -> dict[str, list[Row]]:
        """The rows of a table by a column."""
        groups: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows(table):
            groups[str(row[column])].append(row)
        return groups

    @cached_property
    def lines(self) -> dict[str, list[Line]]:
        """Everyone's lines that are neither denied nor a reversal themselves."""
        by_line: dict[tuple, list[Row]] = defaultdict(list)
        replacements: dict[tuple, list[Row]] = defaultdict(list)
        for row in self.rows("medical_claim"):
            key = row["payer"], row["claim_id"], int(str(row["claim_line_number"]))
            by_line[key].append(row)
            if row.get("x_replaces_claim_id"):
                replacements[row["payer"], row["x_replaces_claim_id"]].append(row)
        lines: dict[str, list[Line]] = defaultdict(list)
        for (payer, claim_id, _), rows in by_line.items():
            for row in rows:
                if status(row) in ("04", "22"):
                    continue
                ends = [other for other in rows if supersedes(other, row)]
                ends += replacements[payer, claim_id]
                served = row.get("claim_line_start_date") or row["claim_start_date"]
                line = Line(
                    row=row,
                    service_date=date.fromisoformat(str(served)),
                    known_from=known_from(row),
                    known_to=min(map(known_from, ends), default=date.max),
                )
                lines[str(row["person_id"])].append(line)
        return lines


def distinct(rows: Iterable[Row]) -> list[Row]:
    """The rows without exact duplicates."""
    return list({tuple(sorted(row.items())): row for row in rows}.values())


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


# Columns ---------------------------------------------------------------------------


def day(text: str | None) -> date | None:
    """A date written yyyy-mm-dd."""
    return date.fromisoformat(text) if text else None


def is_true(row: Row, column: str, *, default: bool = False) -> bool:
    """A flag as CSV or Parquet writes it."""
    text = row.get(column)
    return text in ("1", "true") if text else default


def is_in_force(row: Row, start: str, end: str, on: date) -> bool:
    """Whether a period holds on a day; a missing bound is open."""
    return (day(row.get(start)) or on) <= on <= (day(row.get(end)) or on)


def status(row: Row) -> str:
    """The claim status of a line; null means processed as primary."""
    return row.get("x_claim_status_code") or "01"


def version(row: Row) -> int:
    """The version of a line; null means the first."""
    return int(row.get("x_claim_version") or 1)


def known_from(row: Row) -> date:
    """When a row became known: its paid date, or always."""
    return day(row.get("paid_date")) or date.min


def supersedes(other: Row, row: Row) -> bool:
    """Whether a row ends another of its claim and line: a version, or a reversal."""
    is_reversal = status(other) == "22" and version(other) >= version(row)
    return version(other) > version(row) or is_reversal


def is_vermont(text: str | None) -> bool:
    """Whether a state is Vermont."""
    return text in ("VT", "Vermont")


def full_years(born: date, on: date) -> int:
    """Somebody's age on a day."""
    had_birthday = (on.month, on.day) >= (born.month, born.day)
    return on.year - born.year - (not had_birthday)


def look_back_start(as_of: date) -> date:
    """The first day of the 24 calendar months that end with a month-end."""
    next_day = as_of + timedelta(days=1)
    return next_day.replace(year=next_day.year - 2)


def specialty_of(text: str | None) -> str | None:
    """A specialty in the manual's words, also from a taxonomy code."""
    return TAXONOMIES.get(text or "", text)


# One as-of date --------------------------------------------------------------------


class Day:
    """A drop as it stands on one as-of date, under one code policy."""

    def __init__(self, drop: Drop, as_of: date, code_policy: str = "verbatim") -> None:
        self.drop = drop
        self.as_of = as_of
        self.cutoff = as_of + CUTOFF
        self.code_policy = code_policy
        self.practices = {
            practice_id: row
            for practice_id, rows in drop.practices.items()
            for row in self.in_force(rows)
        }
        self.roster: dict[str, dict[str, list[Row]]] = {}
        for program in PROGRAMS:
            by_npi: dict[str, list[Row]] = defaultdict(list)
            for row in self.in_force(drop.roster[program]):
                by_npi[str(row["npi"])].append(row)
            self.roster[program] = by_npi
        self.billers: dict[str, str] = {}
        for row in self.in_force(drop.roster["pcmh"]):
            biller, practice_id = row.get("billing_npi"), str(row["practice_id"])
            if biller:
                known = self.billers.get(biller, practice_id)
                self.billers[biller] = min(known, practice_id)
        self.attested = {
            practice_id
            for practice_id, events in drop.events.items()
            for event in events
            if event["event"] == "attestation_confirmed"
            and str(event["event_date"]) <= as_of.isoformat()
        }

    def in_force(self, rows: Iterable[Row]) -> list[Row]:
        """The rows of practices or rosters that hold on the as-of date."""
        return [
            row
            for row in rows
            if is_in_force(row, "start_date", "end_date", self.as_of)
        ]

    # Step 1

    def coverages(self, person_id: str) -> list[Row]:
        """Every coverage of a person in force on the as-of date."""
        return [
            row
            for row in self.drop.coverage[person_id]
            if is_in_force(
                row, "enrollment_start_date", "enrollment_end_date", self.as_of
            )
            and (day(row.get("death_date")) or date.max) > self.as_of
        ]

    def coverage_by_payer(self, person_id: str) -> dict[str, Row]:
        """One coverage per payer: the latest start, then the first plan in order."""
        chosen: dict[str, Row] = {}
        rows = self.coverages(person_id)
        rows.sort(key=lambda row: (row.get("plan") is None, row.get("plan") or ""))
        rows.sort(key=lambda row: str(row["enrollment_start_date"]), reverse=True)
        for row in rows:
            chosen.setdefault(str(row["payer"]), row)
        return chosen

    def ineligible_because(
        self, program: str, row: Row, others: Sequence[Row]
    ) -> str | None:
        """The first test of step 1 that a coverage fails."""
        payer_type = str(row["payer_type"])
        policies = [
            policy
            for policy in self.drop.policies[str(row["payer"])]
            if is_in_force(policy, "effective_from", "effective_to", self.as_of)
        ]
        policy: Row = policies[0] if policies else {f"participates_{program}": "0"}
        state_reason, state = "not_vermont_resident", row.get("state")
        is_chosen_by_payer = payer_type not in ("medicaid", "medicare")
        if is_chosen_by_payer and policy.get("residence_rule") == "situs":
            state = row.get("x_employer_situs_state")
            state_reason = "employer_outside_vermont"
        is_medicare = payer_type == "medicare"
        has_both_parts = is_true(row, "x_part_a_flag", default=True) and is_true(
            row, "x_part_b_flag", default=True
        )
        age = full_years(date.fromisoformat(str(row["birth_date"])), self.as_of)
        # Whether the payer takes part where its policy leaves that blank.
        by_default = program == "pcmh"
        tests = (
            ("no_algorithm_for_payer_type", payer_type in ALGORITHMS[program]),
            ("not_primary_payer", is_counted_payer(program, row, others)),
            (state_reason, is_vermont(state)),
            (
                "payer_not_participating",
                is_true(policy, f"participates_{program}", default=by_default),
            ),
            (
                "plan_not_participating",
                is_true(row, "x_program_participation_flag", default=True),
            ),
            ("lacks_part_a_or_b", has_both_parts or not is_medicare),
            (
                "in_medicare_advantage",
                not (is_medicare and is_true(row, "x_medicare_advantage_flag")),
            ),
            ("not_female", program != "whi" or row["gender"] == "female"),
            ("outside_age_range", program != "whi" or 15 <= age <= 44),
        )
        return next((reason for reason, passes in tests if not passes), None)

    # Steps 3 to 5

    def lines_of(
        self, person_id: str, payer: str | None, program: str, algorithm: str
    ) -> Lines:
        """A person's lines that count, of one payer or of all."""
        found = Lines()
        first = look_back_start(self.as_of)
        for line in self.drop.lines[person_id]:
            row = line.row
            if payer not in (None, row["payer"]):
                continue
            if not line.known_from <= self.cutoff < line.known_to:
                continue
            if not first <= line.service_date <= self.as_of:
                continue
            codes = self.qualifying_codes(line, algorithm)
            if not codes:
                continue
            found.have_qualified = True
            match = self.matched_row(row, program)
            practice_id = str(match["practice_id"]) if match else None
            if match is None and algorithm == APP4:
                practice_id = self.biller(row)
            if practice_id is None:
                continue
            found.have_reached = True
            if self.is_counted(row, match, practice_id, algorithm):
                claim_id = str(row["claim_id"])
                found.visits.append(
                    Visit(practice_id, claim_id, line.service_date, codes)
                )
        return found

    def qualifying_codes(self, line: Line, algorithm: str) -> set[str]:
        """The codes of a line that an algorithm lists."""
        row, codes = line.row, set()
        procedures = procedure_codes(algorithm, self.code_policy, line.service_date)
        if row.get("hcpcs_code") in procedures:
            codes.add(str(row["hcpcs_code"]))
        is_institutional = row["claim_type"] == "institutional"
        if is_institutional and row.get("revenue_center_code") in revenue_codes(
            algorithm
        ):
            codes.add(str(row["revenue_center_code"]))
        return codes

    def matched_row(self, line: Row, program: str) -> Row | None:
        """Step 4: the roster row of the first NPI that has one in force."""
        for column in ("rendering_npi", "billing_npi", "facility_npi"):
            rows = self.roster[program].get(line.get(column) or "")
            if rows:
                billed = [
                    row
                    for row in rows
                    if row.get("billing_npi")
                    and row.get("billing_npi") == line.get("billing_npi")
                ]
                return preferred(billed or rows)
        return None

    def biller(self, line: Row) -> str | None:
        """Step 4 of Appendix 4: who stands for a line of nobody on the roster."""
        billing, rendering = line.get("billing_npi"), line.get("rendering_npi")
        if billing:
            return self.billers.get(billing, f"billing:{billing}")
        return f"rendering:{rendering}" if rendering else None

    def is_counted(
        self, line: Row, match: Row | None, practice_id: str, algorithm: str
    ) -> bool:
        """Step 5: whether the provider of a line is one that counts."""
        practice = self.practices.get(practice_id, {})
        if algorithm in (WHI, "app2_whi"):
            # A line of nobody on the WHI's roster came no further than step 4.
            roster_row: Row = match or {}
            return (
                self.provider_word(roster_row, "credential") in CREDENTIALS
                and practice_id in self.attested
                and (
                    practice.get("practice_type") != "mixed"
                    or is_true(roster_row, "board_certified_obgyn")
                )
            )
        source = match or {"npi": line.get("rendering_npi")}
        if self.provider_word(source, "specialty") in SPECIALTIES[algorithm]:
            return True
        if is_true(practice, "is_fqhc"):
            return True
        if is_true(practice, "is_rhc") and algorithm != APP4:
            return True
        npis = () if match else (line.get("billing_npi"), line.get("facility_npi"))
        return any(
            self.provider_word({"npi": npi}, "specialty") == FQHC for npi in npis
        )

    def provider_word(self, roster_row: Row, column: str) -> str | None:
        """A specialty or credential: the roster's, else the provider's."""
        provider = self.drop.providers.get(roster_row.get("npi"), {})
        word = roster_row.get(column) or provider.get(column)
        if column == "specialty":
            word = specialty_of(word or provider.get("taxonomy_code"))
        return word

    # Steps 2 and 6

    def answer(
        self, person_id: str, payer: str, program: str, covers: Mapping[str, Row]
    ) -> Answer:
        """What becomes of a person under a payer in a program."""
        row = covers[payer]
        reason = self.ineligible_because(program, row, list(covers.values()))
        if reason:
            return Answer(is_eligible=False, reason=reason)
        algorithm = ALGORITHMS[program][str(row["payer_type"])]
        selected = row.get("x_selected_pcp_npi")
        requires = is_true(row, "x_requires_pcp_selection")
        if algorithm != APP4 and requires and selected:
            return self.by_selection(person_id, payer, program, algorithm, selected)
        found = self.lines_of(person_id, payer, program, algorithm)
        if found.visits:
            return self.by_claims(found.visits)
        reason = "no_qualifying_claim"
        if found.have_reached:
            reason = "no_qualifying_provider"
        elif found.have_qualified:
            reason = "only_providers_off_roster"
        return Answer(is_eligible=True, reason=reason)

    def by_selection(
        self, person_id: str, payer: str, program: str, algorithm: str, npi: str
    ) -> Answer:
        """Step 2: the practice of the selected provider."""
        rows = [
            row
            for row in self.roster[program].get(npi, [])
            if program != "whi" or row["practice_id"] in self.attested
        ]
        practices = {str(row["practice_id"]) for row in rows}
        if not practices:
            return Answer(is_eligible=True, reason="selected_pcp_off_roster")
        visits: list[Visit] = []
        if len(practices) > 1:
            found = self.lines_of(person_id, payer, program, algorithm)
            visits = [visit for visit in found.visits if visit.practice_id in practices]
        if visits:
            return self.by_claims(visits, method="pcp_selection")
        practice_id = str(preferred(rows)["practice_id"])
        return Answer(
            is_eligible=True,
            reason="attributed",
            practice_id=practice_id,
            hsa=self.hsa_of(practice_id),
            method="pcp_selection",
            decided_by="selection",
        )

    def by_claims(self, visits: Sequence[Visit], method: str = "claims") -> Answer:
        """Step 6: the practice that wins, and where it left the second behind."""
        candidates = ranked(visits)
        first = candidates[0]
        off_roster = is_group(first.practice_id)
        claims = sum(candidate.claims for candidate in candidates)
        decided_by = "only_one"
        if len(candidates) > 1:
            lost = candidates[1].lost_because
            decided_by = next(won for won, reason in LADDER if reason == lost)
        if method == "pcp_selection":
            decided_by = "selection"
        return Answer(
            is_eligible=True,
            reason="non_blueprint_practice" if off_roster else "attributed",
            practice_id=None if off_roster else first.practice_id,
            hsa=None if off_roster else self.hsa_of(first.practice_id),
            method="none" if off_roster else method,
            decided_by=None if off_roster else decided_by,
            qualifying_claims=first.claims,
            last_visit_date=first.last_visit_date,
            share_of_claims=Fraction(first.claims, claims),
            is_majority=2 * first.claims > claims,
            candidates=candidates,
            evidence=evidence_of(visits),
        )

    def hsa_of(self, practice_id: str) -> str | None:
        """The HSA of a practice."""
        hsa = self.practices.get(practice_id, {}).get("hsa")
        return HSA_ALIASES.get(hsa or "", hsa)


def is_counted_payer(program: str, row: Row, others: Sequence[Row]) -> bool:
    """Whether a payer is primary, or counts for a dual in the WHI (D9).

    Args:
        program: pcmh or whi.
        row: the coverage.
        others: all coverages of the person on the day, one per payer.
    """
    if is_true(row, "x_primary_payer_flag", default=True):
        return True
    return (
        program == "whi"
        and row["payer_type"] == "medicaid"
        and any(other["payer_type"] in MEDICARE for other in others)
        and not any(
            other["payer_type"] in COMMERCIAL
            and is_true(other, "x_primary_payer_flag", default=True)
            for other in others
        )
    )


def is_group(practice_id: str) -> bool:
    """Whether a candidate is a group off the roster (D68)."""
    return practice_id.startswith(("billing:", "rendering:"))


def preferred(rows: Sequence[Row]) -> Row:
    """Of several roster rows: the main practice, the earliest start, the lowest id."""
    return min(
        rows,
        key=lambda row: (
            not is_true(row, "is_primary_practice"),
            str(row["start_date"]),
            str(row["practice_id"]),
        ),
    )


def ranked(visits: Sequence[Visit]) -> tuple[Candidate, ...]:
    """The practices that compete, the winner first."""
    by_practice: dict[str, list[Visit]] = defaultdict(list)
    for visit in visits:
        by_practice[visit.practice_id].append(visit)
    standings = {}
    for practice_id, own in by_practice.items():
        dates = {visit.service_date for visit in own}
        claims = len({visit.claim_id for visit in own})
        standings[practice_id] = (claims, max(dates), len(dates), len(own), min(dates))
    # The lowest id first, groups last: the stable sort keeps them so in a tie.
    order = sorted(standings, key=lambda name: (is_group(name), name))
    order.sort(key=lambda practice_id: standings[practice_id][:4], reverse=True)
    winner = standings[order[0]]
    candidates = []
    for rank, practice_id in enumerate(order, start=1):
        claims, last, dates, lines, first = standings[practice_id]
        lost = next(
            (
                reason
                for (_, reason), mine, best in zip(
                    LADDER, standings[practice_id][:4], winner[:4], strict=False
                )
                if mine != best
            ),
            LADDER[-1][1],
        )
        candidates.append(
            Candidate(
                practice_id=practice_id,
                rank=rank,
                lost_because=None if rank == 1 else lost,
                claims=claims,
                service_dates=dates,
                lines=lines,
                first_visit_date=first,
                last_visit_date=last,
            )
        )
    return tuple(candidates)


def evidence_of(visits: Sequence[Visit]) -> tuple[Evidence, ...]:
    """The claims that counted, by practice."""
    by_claim: dict[tuple[str, str], list[Visit]] = defaultdict(list)
    for visit in visits:
        by_claim[visit.practice_id, visit.claim_id].append(visit)
    rows = []
    for (practice_id, claim_id), own in sorted(by_claim.items()):
        dates = {visit.service_date for visit in own}
        codes = {code for visit in own for code in visit.codes}
        rows.append(
            Evidence(
                practice_id=practice_id,
                claim_id=claim_id,
                service_date=min(dates),
                last_service_date=max(dates),
                codes=", ".join(sorted(codes)),
                service_dates=len(dates),
                lines=len(own),
            )
        )
    return tuple(rows)


# Everyone --------------------------------------------------------------------------


def attribute(on: Day, program: str = "pcmh") -> dict[tuple[str, str], Answer]:
    """Everyone covered on a day, by payer and person.

    Args:
        on: a drop on an as-of date.
        program: pcmh or whi.
    """
    answers = {}
    for person_id in on.drop.coverage:
        covers = on.coverage_by_payer(person_id)
        for payer in covers:
            answers[payer, person_id] = on.answer(person_id, payer, program, covers)
    return answers


def unique_patients(on: Day, program: str = "pcmh") -> dict[tuple[str, str], set[str]]:
    """The total unique patients that practices would report (Appendix 2, D49).

    Args:
        on: a drop on an as-of date.
        program: pcmh or whi.

    Returns:
        The people by level (practice, hsa, state) and entity; the state is Vermont.
    """
    people: dict[tuple[str, str], set[str]] = defaultdict(set)
    for person_id in on.drop.coverage:
        if not any(is_vermont(row.get("state")) for row in on.coverages(person_id)):
            continue
        lines = on.lines_of(person_id, None, program, REPORTED[program])
        for visit in lines.visits:
            people["practice", visit.practice_id].add(person_id)
            people["hsa", str(on.hsa_of(visit.practice_id))].add(person_id)
            people["state", "Vermont"].add(person_id)
    return people
