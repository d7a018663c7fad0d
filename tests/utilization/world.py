"""A small state in which every practice has the same people, who use the same.

Belongs here: its landed rows, and the warehouse built from them, once and again after
changes to what is staged. Does not belong here: what then has to hold
(test_utilization_worlds.py).

Four practices have the same sixty people each: half with a commercial payer, half with
Medicaid, and of each half a third sick. People of a payer and state of health use
exactly the same, so that what is to be expected of them can be counted by hand. One
payer allows twice what the other does.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from tests.attribution.build import Build
from tests.faults.replay import Statement

AS_OF = date(2018, 6, 30)
PRACTICES = ("A", "B", "C", "D")
PAYERS: Mapping[str, tuple[str, int]] = {
    "blue": ("commercial", 2),
    "green": ("medicaid", 1),
}
WELL, SICK = 20, 10
# Heart failure, which the grouper of the case mix knows.
BURDEN = "I5022"
# What the tests read, in the schema restricted.
MARTS = ("trui", "trui_members")

Row = dict[str, str]


def npi(number: int) -> str:
    """The National Provider Identifier of a number, with its check digit (Luhn)."""
    digits = f"1{number:08d}"
    total = 24
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled // 10 + doubled % 10
    return f"{digits}{-total % 10}"


def provider_of(practice: str) -> str:
    """The NPI that gives and bills everything of a practice."""
    return npi(100 + PRACTICES.index(practice))


def people() -> Iterator[tuple[str, str, str, bool]]:
    """Person, practice, payer and whether the person is sick, for everybody."""
    for practice in PRACTICES:
        for payer in PAYERS:
            for number in range(WELL + SICK):
                is_sick = number >= WELL
                kind = "sick" if is_sick else "well"
                yield (
                    f"{practice}-{payer}-{kind}-{number:02d}",
                    practice,
                    payer,
                    is_sick,
                )


class Rows:
    """Landed rows of claims, numbered as they come."""

    def __init__(self) -> None:
        self.medical: list[Row] = []
        self.fills: list[Row] = []

    def line(
        self, person: str, practice: str, payer: str, day: date, usd: int, **values: str
    ) -> None:
        """A claim of one line, allowed and paid at the payer's level of prices."""
        amount = str(usd * PAYERS[payer][1])
        number = len(self.medical)
        self.medical.append(
            {
                "claim_id": f"C{number:05d}",
                "claim_line_number": "1",
                "claim_type": "professional",
                "person_id": person,
                "payer": payer,
                "claim_start_date": str(day),
                "claim_end_date": str(day),
                "paid_date": str(day + timedelta(days=20)),
                "place_of_service_code": "11",
                "rendering_npi": provider_of(practice),
                "billing_npi": provider_of(practice),
                "service_unit_quantity": "1",
                "paid_amount": amount,
                "allowed_amount": amount,
                "diagnosis_code_1": "Z0000",
                **values,
            }
        )

    def fill(self, person: str, payer: str, day: date, usd: int) -> None:
        """Thirty tablets."""
        amount = str(usd * PAYERS[payer][1])
        self.fills.append(
            {
                "claim_id": f"F{len(self.fills):05d}",
                "claim_line_number": "1",
                "person_id": person,
                "payer": payer,
                "dispensing_date": str(day),
                "paid_date": str(day),
                "ndc_code": "00071015523",
                "quantity": "30",
                "days_supply": "30",
                "paid_amount": amount,
                "allowed_amount": amount,
            }
        )


def claims() -> Rows:
    """What everybody uses: visits and tests, and of the sick a stay and tablets."""
    rows = Rows()
    for person, practice, payer, is_sick in people():
        who = (person, practice, payer)
        if is_sick:
            rows.line(
                *who,
                date(2017, 3, 1),
                100,
                hcpcs_code="99213",
                diagnosis_code_1=BURDEN,
            )
        for month in range(8, 14 if is_sick else 10):
            day = date(2017 + month // 13, (month - 1) % 12 + 1, 6)
            rows.line(*who, day, 100, hcpcs_code="99213")
        rows.line(
            *who, date(2017, 9, 20), 12, hcpcs_code="80053", place_of_service_code="81"
        )
        if is_sick:
            rows.line(
                *who,
                date(2017, 10, 10),
                9000,
                claim_type="institutional",
                bill_type_code="111",
                revenue_center_code="0120",
                drg_code="291",
                admission_date="2017-10-10",
                discharge_date="2017-10-14",
                claim_end_date="2017-10-14",
                discharge_disposition_code="01",
                facility_npi=npi(900),
                billing_npi=npi(900),
                rendering_npi="",
                place_of_service_code="",
                diagnosis_code_1=BURDEN,
            )
            for month in (9, 10, 11):
                rows.fill(person, payer, date(2017, month, 15), 30)
        # Claims go on after the period, so that all of it has had its run-out.
        rows.line(*who, date(2018, 12, 3), 100, hcpcs_code="99213")
    # Somebody of each payer whom no practice has is seen every month, so that no month
    # of a payer is silent.
    for payer in PAYERS:
        for month in range(12):
            rows.line(
                f"visitor-{payer}",
                PRACTICES[0],
                payer,
                date(2017 + (month + 6) // 12, (month + 6) % 12 + 1, 20),
                100,
                hcpcs_code="99213",
                rendering_npi=npi(950),
                billing_npi=npi(950),
            )
    return rows


def landed() -> Mapping[str, Sequence[Row]]:
    """Every landed table of the world."""
    rows = claims()
    return {
        "eligibility": [
            {
                "person_id": person,
                "gender": "female",
                "birth_date": "1980-02-03",
                "payer": payer,
                "payer_type": PAYERS[payer][0],
                "enrollment_start_date": "2015-01-01",
                "state": "VT",
                "x_primary_payer_flag": "1",
            }
            for person, payer in [
                *((person, payer) for person, _, payer, _ in people()),
                *((f"visitor-{payer}", payer) for payer in PAYERS),
            ]
        ],
        "medical_claim": rows.medical,
        "pharmacy_claim": rows.fills,
        "practice": [
            {
                "practice_id": practice,
                "practice_name": f"Practice {practice}",
                "hsa": hsa,
                "administrative_entity_id": f"entity {practice}",
                "practice_type": "pcmh",
            }
            for practice, hsa in zip(
                PRACTICES, ("Barre", "Barre", "Rutland", "Rutland"), strict=True
            )
        ],
        "practice_provider": [
            {
                "practice_id": practice,
                "npi": provider_of(practice),
                "program": "pcmh",
                "specialty": "family medicine",
                "credential": "MD",
                "is_primary_practice": "1",
                "billing_npi": provider_of(practice),
                "start_date": "2014-01-01",
            }
            for practice in PRACTICES
        ],
        "provider": [
            {
                "npi": provider_of(practice),
                "specialty": "family medicine",
                "entity_type": "1",
            }
            for practice in PRACTICES
        ],
        "payer_policy": [
            {
                "payer": payer,
                "payer_type": payer_type,
                "residence_rule": "residence",
                "participates_pcmh": "1",
                "participates_whi": "0",
                "effective_from": "2013-01-01",
            }
            for payer, (payer_type, _) in PAYERS.items()
        ],
    }


def write_drop(folder: Path) -> None:
    """Writes the world as a drop of CSV files."""
    folder.mkdir(parents=True)
    for name, rows in landed().items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


class UtilizationBuild(Build):
    """The marts of utilization, built from a drop on one as-of date."""

    def is_wanted(self, statement: Statement) -> bool:
        """Whether the tests read a model."""
        return statement.schema == "restricted" and statement.name in MARTS

    @contextmanager
    def after(self, *changes: str) -> Iterator[None]:
        """The build after changes to staged rows, undone afterwards.

        Args:
            changes: SQL statements on tables of the schema staging.
        """
        built = [s for s in self.statements if s.schema != "staging"]
        self.connection.execute("begin")
        try:
            for change in changes:
                self.connection.execute(change)
            for statement in reversed(built):
                kind = "view" if statement.is_view else "table"
                self.connection.execute(
                    f'drop {kind} "{statement.schema}"."{statement.name}"'
                )
            for statement in built:
                self.run(statement)
            yield
        finally:
            self.connection.execute("rollback")

    def scores(self) -> dict[str, tuple]:
        """Observed and expected units and the index, by practice, all ages together."""
        rows = self.connection.execute(
            "select practice_id, observed, expected, trui from restricted.trui "
            "where age_group = 'all' order by practice_id"
        ).fetchall()
        return {row[0]: row[1:] for row in rows}

    def ask(self, query: str) -> list[tuple]:
        """The rows of a query."""
        return self.connection.execute(query).fetchall()
