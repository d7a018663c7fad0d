"""Small worlds: a few people, practices, providers, payers and claims, full of edges.

Belongs here: making worlds, and writing them as one drop. A world is valid: keys are
unique, whoever is named exists, and every column is in the landing contract. Its ids
begin with its number, so that thousands of worlds land in one drop and share nothing.
Does not belong here: what becomes of the people (reference.py).

Hypothesis gives each world its choices as bytes, of which zero is always the plainest:
drawing them one by one would take longer than everything else that the worlds are for.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path
from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

T = TypeVar("T")
Row = dict[str, str | None]

# Each as-of date of the two builds, and the first day of its look-back.
LOOK_BACKS = {
    date(2018, 6, 30): date(2016, 7, 1),
    date(2018, 2, 28): date(2016, 3, 1),
    date(2018, 3, 31): date(2016, 4, 1),
    date(2017, 12, 31): date(2016, 1, 1),
    date(2017, 9, 30): date(2015, 10, 1),
    date(2017, 6, 30): date(2015, 7, 1),
}
CUTOFF_DAYS = 30
BYTES = 900

COLUMNS = {
    "eligibility": (
        "person_id gender birth_date death_date payer payer_type plan "
        "enrollment_start_date enrollment_end_date state x_primary_payer_flag "
        "x_employer_situs_state x_requires_pcp_selection x_selected_pcp_npi "
        "x_part_a_flag x_part_b_flag x_medicare_advantage_flag "
        "x_program_participation_flag"
    ),
    "medical_claim": (
        "claim_id claim_line_number claim_type person_id payer claim_start_date "
        "claim_line_start_date revenue_center_code hcpcs_code rendering_npi "
        "billing_npi facility_npi paid_date paid_amount x_claim_status_code "
        "x_claim_version x_replaces_claim_id"
    ),
    "practice": (
        "practice_id practice_name hsa administrative_entity_id practice_type "
        "is_fqhc is_rhc start_date end_date"
    ),
    "practice_provider": (
        "practice_id npi program specialty credential board_certified_obgyn "
        "is_primary_practice billing_npi start_date end_date"
    ),
    "provider": "npi specialty taxonomy_code credential entity_type",
    "whi_participation": "practice_id event_date event",
    "payer_policy": (
        "payer payer_type residence_rule participates_pcmh participates_whi "
        "effective_from effective_to"
    ),
}
# What tells rows of these tables apart; two rows may not agree on it.
KEYS = {
    "practice_provider": ("practice_id", "npi", "program", "start_date"),
    "eligibility": ("person_id", "payer", "plan", "enrollment_start_date"),
}
PAYERS = {
    "com": "commercial",
    "mcd": "medicaid",
    "mcr": "medicare",
    "slf": "self-insured",
    "alt": "commercial",
    "oth": "other",
}
# Office visits most often; codes of one appendix only; codes that began or ended in the
# look-backs; neighbours of the printed ranges.
PROCEDURES = ("99213", "99213", "99213", "99205", "99213", "99350", "99391", "99213")
OTHER_PROCEDURES = (
    ("G0438", "G0402", "G0404", "G0439", "99461", "99465", "99464", "G0403")
    + ("58300", "A4284", "59400", "87621", "J7297", "E0602", "85025", "58302")
    + ("99420", "96160", "96161", "G0202", "77067", "77057", "77065", "77052")
    + ("99406", "99410", "99200", "99346", "99357", "99466", "99355", "99308")
)
SPECIALTIES = (
    ("family medicine", "internal medicine", "nurse practitioner", "cardiology")
    + ("pediatrics", "naturopathic medicine", "207Q00000X", "207V00000X")
    + ("physician assistant", "geriatric medicine", "207RC0000X", "general medicine")
    + ("obstetrics and gynecology", "rural health clinic", "certified nurse midwife")
    + ("federally qualified health center",)
)
TAXONOMIES = (None, "207Q00000X", "208000000X", "175F00000X", "207RC0000X")
CREDENTIALS = ("MD", "NP", "CNM", "ND", None, "DO", "PA", "RN")


class Choices:
    """A world's choices, made by bytes; without bytes left, the plainest ones."""

    def __init__(self, data: bytes) -> None:
        self.bytes = iter(data)
        # In calm worlds few things are odd at once: most people pass most tests.
        self.oddity = self.one_of([0.4, 0.4, 1.0])

    def one_of(self, options: Sequence[T]) -> T:
        """One of equally likely options; the first is the plainest."""
        return options[next(self.bytes, 0) * len(options) // 256]

    def mostly(self, plain: T, *others: T, share: float = 0.15) -> T:
        """The plain option but for a share of the others."""
        byte, first = next(self.bytes, 0), round(256 * (1 - share * self.oddity))
        if byte < first:
            return plain
        return others[(byte - first) * len(others) // (256 - first)]


@dataclass
class World:
    """A small world, by landed table.

    number: what its ids begin with. focus: the as-of date around which its days lie.
    """

    number: int
    focus: date
    tables: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, table: str, **values: str | date | None) -> Row:
        """Adds a row, unless there is one with its key already; returns it."""
        row: Row = dict.fromkeys(COLUMNS[table].split())
        for column, value in values.items():
            row[column] = value.isoformat() if isinstance(value, date) else value
        rows = self.tables.setdefault(table, [])
        key = KEYS.get(table)
        if key:
            for other in rows:
                if all(other[column] == row[column] for column in key):
                    return other
        rows.append(row)
        return row

    def text(self) -> str:
        """Its rows, for people to read; columns that are blank throughout are left out.

        In a message, each table is a header and its rows.
        """
        lines = [f"world {self.number}, around {self.focus}"]
        for table, rows in self.tables.items():
            names = [name for name in rows[0] if any(row[name] for row in rows)]
            lines += ["", f"{table}: {' | '.join(names)}"]
            lines += [
                "    " + " | ".join(row[name] or "" for name in names) for row in rows
            ]
        return "\n".join(lines)


class Maker:
    """Makes one world of its choices."""

    def __init__(self, number: int, data: bytes) -> None:
        self.choose = Choices(data)
        focus = self.choose.one_of([*list(LOOK_BACKS)[:1] * 5, *LOOK_BACKS])
        self.world = World(number, focus)
        self.start = LOOK_BACKS[focus]
        self.practices: list[str] = []
        self.billers = [self.npi(71), self.npi(72)]
        self.facility = self.npi(81)
        self.people: list[str] = []
        self.claims: dict[str, int] = {}

    def id(self, name: str) -> str:
        """A name that no other world has."""
        return f"w{self.world.number:05d}-{name}"

    def npi(self, number: int) -> str:
        """Ten digits that no other world has."""
        return f"1{self.world.number:05d}{number:04d}"

    def near(self, days: int) -> date:
        """So many days after the as-of date."""
        return self.world.focus + timedelta(days=days)

    def make(self) -> World:
        """The world."""
        self.add_practices()
        self.add_providers()
        payers = self.add_people()
        self.add_policies(payers)
        return self.world

    # Practices and providers

    def add_practices(self) -> None:
        """One to four practices, some of which became something else."""
        choose = self.choose
        # As text P10 comes before P2.
        names = ["P10", "P2", "P3", "P1"][: choose.one_of([2, 3, 4, 3, 2, 1])]
        for name in names:
            practice_id = self.id(name)
            self.practices.append(practice_id)
            values = {
                "practice_id": practice_id,
                "practice_name": name,
                "hsa": choose.one_of(["Rutland", "Barre", "Burlington", "Chittenden"]),
                "administrative_entity_id": self.id("AE"),
                "practice_type": choose.one_of(["pcmh", "mixed", "whi", None]),
                "is_fqhc": choose.mostly(None, "1", "0", share=0.2),
                "is_rhc": choose.mostly(None, "1", "0", share=0.2),
            }
            changed = choose.mostly(None, self.near(0), self.near(1), share=0.2)
            if changed:
                before = changed - timedelta(days=1)
                self.world.add("practice", **values, end_date=before)
                values["practice_type"] = "mixed"
                values["is_fqhc"] = "0" if values["is_fqhc"] == "1" else "1"
                values["hsa"] = "Windsor"
            self.world.add("practice", **values, start_date=changed)
            attested = choose.one_of(
                ["2015-01-01", "2015-01-01", self.near(0), self.near(1), None]
            )
            if attested:
                self.event(practice_id, attested, "attestation_confirmed")
                if choose.mostly(False, True):
                    self.event(practice_id, self.near(-9), "lapsed")
            elif choose.one_of([False, True]):
                self.event(practice_id, "2015-02-01", "initiated")

    def event(self, practice_id: str, on: str | date, event: str) -> None:
        """An event of a practice in the WHI."""
        self.world.add(
            "whi_participation", practice_id=practice_id, event_date=on, event=event
        )

    def add_providers(self) -> None:
        """Two to five people, two groups and a facility, and where they are listed."""
        choose = self.choose
        self.providers = [
            self.npi(number) for number in range(1, choose.one_of([4, 5, 6, 3]))
        ]
        for npi in self.providers:
            if choose.mostly(True, False, share=0.1):
                specialty = choose.one_of(SPECIALTIES)
                taxonomy = None
                if choose.mostly(False, True, share=0.2):
                    specialty, taxonomy = None, choose.one_of(TAXONOMIES)
                self.world.add(
                    "provider",
                    npi=npi,
                    specialty=specialty,
                    taxonomy_code=taxonomy,
                    credential=choose.one_of(CREDENTIALS),
                    entity_type="1",
                )
            for program in ("pcmh", "whi"):
                self.add_rosters(npi, program)
        for npi in (*self.billers, self.facility):
            kind = choose.one_of([None, *SPECIALTIES[-2:] * 2, "family medicine"])
            self.world.add("provider", npi=npi, specialty=kind, entity_type="2")
            for program in ("pcmh", "whi"):
                if choose.mostly(False, True, share=0.2):
                    self.add_roster(npi, program)

    def add_rosters(self, npi: str, program: str) -> None:
        """The rows of somebody on a roster: none, one, two, or a move."""
        choose = self.choose
        kind = choose.one_of(["one", "two", "one", "none", "moved", "none", "two"])
        if kind == "moved":
            last = choose.one_of([self.near(-100), self.near(-1), self.near(0)])
            self.add_roster(npi, program, end=last)
            self.add_roster(npi, program, start=last + timedelta(days=1))
        elif kind != "none":
            self.add_roster(npi, program)
            if kind == "two":
                start = choose.one_of([date(2014, 1, 1), date(2013, 6, 1)])
                self.add_roster(npi, program, start=start)

    def add_roster(
        self,
        npi: str,
        program: str,
        start: date | None = None,
        end: date | None = None,
    ) -> None:
        """One row of a roster."""
        choose = self.choose
        starts = ["2014-01-01", self.near(0), self.near(1), "2012-01-01", "2013-01-01"]
        ends = [None, self.near(0), self.near(-1), self.near(60), "2011-12-31"]
        self.world.add(
            "practice_provider",
            practice_id=choose.one_of(self.practices),
            npi=npi,
            program=program,
            specialty=choose.mostly(None, *SPECIALTIES, share=0.3),
            credential=choose.mostly(None, *CREDENTIALS, share=0.5),
            board_certified_obgyn=choose.one_of(["1", None, "1", "0"]),
            is_primary_practice=choose.one_of([None, "1", "0"]),
            billing_npi=choose.one_of([None, *self.billers]),
            start_date=start or choose.mostly(*starts, share=0.35),
            end_date=end or choose.mostly(*ends, share=0.25),
        )

    # People

    def add_people(self) -> list[str]:
        """One to three people with their coverage and claims; returns the payers."""
        payers = []
        for number in range(self.choose.one_of([1, 2, 3])):
            person_id = self.id(f"person{number}")
            self.people.append(person_id)
            own = self.add_coverage(person_id)
            payers += own
            claims = [4, 3, 2, 5, 1, 6, 0, 7]
            if self.choose.one_of([False, True]):
                self.add_rivals(person_id, own[0])
                claims = [0, 1]
            for _ in range(self.choose.one_of(claims)):
                other = self.choose.mostly(None, *PAYERS, share=0.1)
                payer = other or self.choose.one_of(own)
                payers.append(payer)
                self.add_claim(person_id, payer)
        return sorted(set(payers))

    def born(self) -> date:
        """A birthday: of an adult, or on one side of an edge of the WHI's ages."""
        focus, next_day = self.world.focus, self.near(1)
        return self.choose.one_of(
            [
                date(1988, 3, 5),
                focus.replace(year=focus.year - 15),
                next_day.replace(year=next_day.year - 15),
                focus.replace(year=focus.year - 45),
                next_day.replace(year=next_day.year - 45),
                date(1991, 11, 30),
                date(1985, 1, 1),
                date(1990, 1, 1),
                self.choose.one_of([date(1950, 1, 1), date(2010, 6, 1)]),
            ]
        )

    def add_coverage(self, person_id: str) -> list[str]:
        """What a person is covered by; returns the payers, the main one first."""
        choose = self.choose
        kind = choose.one_of(
            ["one"] * 5 + ["one payer twice"] * 2 + ["dual"] * 2 + ["two payers"]
        )
        if kind == "dual":
            payers = ["mcd", "mcr"]
            if choose.one_of([False, True]):
                payers.append(choose.one_of(["com", "slf"]))
            payers[1] = choose.mostly("mcr", "oth")
        else:
            payers = [choose.one_of(["com", "mcd", "mcr", "slf", "com", "mcr"])]
            if kind == "two payers":
                payers.append(choose.one_of(["alt", "mcd", "mcr", "slf", "oth"]))
            elif kind == "one payer twice":
                payers += payers
        person = {
            "person_id": person_id,
            "gender": choose.mostly("female", "male", "unknown", share=0.2),
            "birth_date": self.born(),
            "death_date": choose.mostly(
                None, self.near(0), self.near(1), self.near(-1), share=0.12
            ),
        }
        starts = ["2015-01-01", self.near(0), self.near(1), "2014-01-01"]
        ends = [None, self.near(0), self.near(-1), self.near(90)]
        for number, payer in enumerate(payers):
            flag = choose.mostly(None, "0", "1", share=0.15)
            if kind == "dual" and payer == "mcd":
                flag = choose.mostly("0", "1")
            elif kind == "dual" and payer != "mcr":
                flag = choose.one_of([None, "0"])
            requires = choose.mostly(None, "1", "1", "0", share=0.5)
            selected = choose.one_of(
                [*self.in_two_practices(), *self.providers, None]
                + [self.npi(99), self.billers[0]]
            )
            payer_type = PAYERS[payer]
            if payer == "com":
                payer_type = choose.mostly("commercial", "self-insured")
            elif payer == "oth":
                payer_type = choose.one_of(["other", "medicare-advantage"])
            self.world.add(
                "eligibility",
                **person,
                payer=self.id(payer),
                payer_type=payer_type,
                plan=choose.mostly(["B", "A", "C"][number], None, share=0.1),
                enrollment_start_date=choose.mostly(*starts, share=0.2),
                enrollment_end_date=choose.mostly(*ends, share=0.2),
                state=choose.mostly("VT", "Vermont", "NH", None),
                x_primary_payer_flag=flag,
                x_employer_situs_state=choose.mostly("VT", "NH", None, "Vermont"),
                x_requires_pcp_selection=requires,
                x_selected_pcp_npi=selected if requires else None,
                x_part_a_flag=choose.mostly(None, "0", "1", share=0.1),
                x_part_b_flag=choose.mostly(None, "0", "1", share=0.1),
                x_medicare_advantage_flag=choose.mostly(None, "1", "0", share=0.1),
                x_program_participation_flag=choose.mostly(None, "0", "1", share=0.1),
            )
        return payers

    def add_policies(self, payers: Sequence[str]) -> None:
        """What the payers chose; some chose anew, and a few have said nothing."""
        choose = self.choose
        for payer in payers:
            values = {
                "payer": self.id(payer),
                "payer_type": PAYERS[payer],
                "residence_rule": choose.one_of(["residence", "situs", None]),
                "participates_pcmh": choose.mostly("1", "0", None),
                "participates_whi": choose.mostly("1", "0", None, share=0.2),
            }
            if choose.mostly(False, True, share=0.03):
                continue
            changed = choose.mostly(None, self.near(0), self.near(1))
            if changed:
                before = changed - timedelta(days=1)
                self.world.add("payer_policy", **values, effective_to=before)
                is_situs = values["residence_rule"] == "situs"
                values["residence_rule"] = "residence" if is_situs else "situs"
                flipped = choose.one_of(["participates_pcmh", "participates_whi"])
                values[flipped] = "0" if values[flipped] == "1" else "1"
            self.world.add("payer_policy", **values, effective_from=changed)

    # Claims

    def claim_id(self, payer: str) -> str:
        """The next number of a payer; two payers may use the same."""
        number = self.claims[payer] = self.claims.get(payer, 0) + 1
        return self.id(f"c{number}")

    def add_rivals(self, person_id: str, payer: str) -> None:
        """Visits to two providers who are equal as far as one step of the ladder."""
        choose = self.choose
        kind = choose.one_of(["id", "dates", "lines", "dates", "last visit", "claims"])
        days = {0: [-40, -100], 1: [-40, -100]}
        if kind == "dates":
            days[1] = [-40, -40]
        elif kind == "last visit":
            days[1] = [-41, -100]
        elif kind == "claims":
            days[1].append(-500)
        for rival, rendering in enumerate(choose.one_of(self.pairs())):
            billing = choose.one_of([None, *self.billers])
            for visit, distance in enumerate(days[rival]):
                line: Row = {
                    "claim_id": self.claim_id(payer),
                    "claim_type": "professional",
                    "person_id": person_id,
                    "payer": self.id(payer),
                    "claim_start_date": self.near(distance).isoformat(),
                    "hcpcs_code": "99213",
                    "rendering_npi": rendering,
                    "billing_npi": billing,
                }
                has_second = (kind, rival, visit) == ("lines", 1, 0)
                for number in ("1", "2")[: 1 + has_second]:
                    self.world.add("medical_claim", **line, claim_line_number=number)

    def pairs(self) -> list[tuple[str, str]]:
        """Pairs of providers, of different practices if there are any such."""
        practices = {
            npi: [row["practice_id"] for row in self.roster("pcmh", npi)]
            for npi in self.providers
        }
        every = list(permutations(self.providers, 2))
        return [
            (one, two) for one, two in every if practices[one][:1] != practices[two][:1]
        ] or every

    def roster(self, program: str, npi: str) -> list[Row]:
        """The rows of somebody on a roster, whenever they hold."""
        return [
            row
            for row in self.world.tables.get("practice_provider", [])
            if (row["program"], row["npi"]) == (program, npi)
        ]

    def in_two_practices(self) -> list[str]:
        """Providers who are on a roster with several practices."""
        return [
            npi
            for npi in self.providers
            for program in ("pcmh", "whi")
            if len({row["practice_id"] for row in self.roster(program, npi)}) > 1
        ]

    def add_claim(self, person_id: str, payer: str) -> None:
        """One claim of one to three lines, and what became of it."""
        choose = self.choose
        claim_id = self.claim_id(payer)
        served = choose.one_of(
            [self.near(-40)] * 3
            + [self.near(-100), self.near(-500)] * 2
            + [self.near(0), self.start]
            + [self.start - timedelta(days=1), self.near(1)]
        )
        paid = choose.mostly(served + timedelta(days=14), None, share=0.1)
        if choose.mostly(False, True):
            paid = self.near(CUTOFF_DAYS + choose.one_of([0, 1]))
        rendering = choose.mostly(
            choose.one_of(self.providers), None, self.npi(98), share=0.2
        )
        line: Row = {
            "claim_id": claim_id,
            "claim_line_number": "1",
            "claim_type": "professional",
            "person_id": person_id,
            "payer": self.id(payer),
            "claim_start_date": served.isoformat(),
            "hcpcs_code": choose.one_of(PROCEDURES),
            "rendering_npi": rendering,
            "billing_npi": choose.one_of([*self.billers, None]),
            "facility_npi": choose.one_of([None, None, self.facility]),
            "paid_date": paid.isoformat() if paid else None,
            "paid_amount": "100.00",
            "x_claim_status_code": choose.mostly(None, "01", "02"),
        }
        lines = self.lines_of(line, served)
        for row in [*lines, *self.afterwards(lines)]:
            self.world.add("medical_claim", **row)

    def lines_of(self, line: Row, served: date) -> list[Row]:
        """The lines of a claim that starts with a given line."""
        choose = self.choose
        kind = choose.one_of(
            ["visit"] * 6
            + ["other code"] * 3
            + ["clinic", "clinic and visit", "revenue and procedure", "not a clinic"]
            + ["three lines", "three lines", "two providers", "line dates"]
        )
        second = {**line, "claim_line_number": "2"}
        revenue = choose.one_of(["0521", "0525", "0522", "0510"])
        if kind == "other code":
            line["hcpcs_code"] = choose.one_of(OTHER_PROCEDURES)
        elif kind in ("clinic", "clinic and visit", "not a clinic"):
            line |= {"hcpcs_code": None, "revenue_center_code": revenue}
            line["claim_type"] = "institutional"
            if kind == "not a clinic":
                line["claim_type"] = choose.one_of(["professional", "other"])
            elif kind == "clinic and visit":
                return [line, second | {"claim_type": "institutional"}]
        elif kind == "revenue and procedure":
            line |= {"revenue_center_code": revenue, "claim_type": "institutional"}
        elif kind == "three lines":
            other_day = self.near(choose.one_of([-40, -41, -100]))
            second["claim_line_start_date"] = other_day.isoformat()
            return [line, second, {**line, "claim_line_number": "3"}]
        elif kind == "two providers":
            second["rendering_npi"] = choose.one_of(self.providers)
            return [line, second]
        elif kind == "line dates":
            # The line's date counts, on whichever side of an edge the claim's is.
            line["claim_line_start_date"] = choose.one_of(
                [self.start, self.start - timedelta(days=1), self.near(0), self.near(1)]
            ).isoformat()
        return [line]

    def afterwards(self, lines: list[Row]) -> list[Row]:
        """What the payer sent later about the lines of a claim."""
        choose = self.choose
        kind = choose.mostly(
            "",
            *(
                "denied",
                "reversed",
                "reversed",
                "void",
                "replaced",
                "version",
                "denied version",
            ),
            *("zero", "twice", "early reversal", "forwarded", "denied replacement"),
            share=0.6,
        )
        later = choose.one_of(
            [self.near(-5), self.near(CUTOFF_DAYS), self.near(CUTOFF_DAYS + 1), None]
        )
        first = lines[0]
        news: Row = {**first, "paid_date": later.isoformat() if later else None}
        renamed = {**news, "claim_id": f"{first['claim_id']}R"}
        names_it = {"x_replaces_claim_id": first["claim_id"]}
        if kind == "denied":
            first["x_claim_status_code"] = "04"
        elif kind == "zero":
            first["paid_amount"] = "0.00"
        elif kind == "forwarded":
            first["x_claim_status_code"] = choose.one_of(["20", "19"])
        elif kind == "reversed":
            first["x_claim_version"] = choose.one_of([None, "1", "2"])
            versions = [first["x_claim_version"], "3"]
            news["x_claim_version"] = choose.one_of(versions)
            return [news | {"x_claim_status_code": "22"}]
        elif kind == "early reversal":
            # Of a version before: it voids that one and not this.
            first["x_claim_version"] = "2"
            return [news | {"x_claim_status_code": "22", "x_claim_version": "1"}]
        elif kind == "void":
            return [renamed | names_it | {"x_claim_status_code": "22"}]
        elif kind == "denied replacement":
            return [renamed | names_it | {"x_claim_status_code": "04"}]
        elif kind == "replaced":
            renamed["rendering_npi"] = choose.one_of(self.providers)
            return [renamed | names_it]
        elif kind == "version":
            news["rendering_npi"] = choose.one_of(self.providers)
            return [news | {"x_claim_version": choose.one_of(["2", "10"])}]
        elif kind == "denied version":
            return [news | {"x_claim_version": "2", "x_claim_status_code": "04"}]
        elif kind == "twice":
            return [dict(first)]
        return []


def small_worlds(count: int) -> list[World]:
    """As many worlds, the same on each run."""
    found: list[World] = []

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


def tables_of(worlds: Sequence[World]) -> dict[str, list[Row]]:
    """The rows of many worlds, by landed table."""
    tables: dict[str, list[Row]] = {name: [] for name in COLUMNS}
    for world in worlds:
        for name, rows in world.tables.items():
            tables[name] += rows
    return tables


def write_drop(worlds: Sequence[World], folder: Path) -> None:
    """Writes many worlds as one drop of CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables_of(worlds).items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS[name].split(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
