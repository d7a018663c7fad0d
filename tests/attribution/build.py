"""The worlds in the warehouse, and where it differs from the reference.

Belongs here: building the marts of attribution from many worlds, with the statements
that dbt made once (tests/faults/replay.py), again with some of them changed, and the
comparison of both with the reference's answers, in the database. Does not belong here:
which statements to change (planted.py).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path

import duckdb

from orchestration.contract import landing_contract
from orchestration.landing import land_directory
from orchestration.settings import BuildPaths
from tests.attribution.reference import (
    PROGRAMS,
    Day,
    Drop,
    attribute,
    unique_patients,
)
from tests.faults.replay import Recording, Replay, Statement, at_date

KEY = ("as_of_date", "program", "payer", "person_id")
# What is compared, by mart of the schema restricted.
COMPARED: Mapping[str, tuple[str, ...]] = {
    "attribution": (
        *KEY,
        "is_eligible",
        "practice_id",
        "hsa",
        "method",
        "reason",
        "decided_by",
        "qualifying_claims",
        "last_visit_date",
        "share_of_claims",
        "is_majority",
    ),
    "attribution_candidates": (
        *KEY,
        "practice_id",
        "rank",
        "lost_because",
        "claims",
        "service_dates",
        "lines",
        "first_visit_date",
        "last_visit_date",
    ),
    "attribution_evidence": (
        *KEY,
        "practice_id",
        "claim_id",
        "service_date",
        "last_service_date",
        "codes",
        "service_dates",
        "lines",
    ),
    "total_unique_patients": ("as_of_date", "program", "level", "entity_id", "counted"),
}
# Where the rows that no model may read are told of.
QUARANTINE = "int_data_quality__quarantine"
SHARE = Decimal("0.000001")
# People by other readings of the manual, of whom the compared marts have no rows: they
# need not be built again.
OTHER_READINGS = {
    "int_attribution__affected_people",
    "int_attribution__alternative_visits",
}


def edited(statement: Statement, find: str, put: str) -> Statement:
    """A model with a part of its SQL changed, however that is broken into lines.

    Raises:
        AssertionError: the part is not there once.
    """
    pattern = r"\s+".join(map(re.escape, find.split()))
    sql, times = re.subn(pattern, lambda _: put, statement.sql)
    assert times == 1, f"{statement.name} has {times} times, not once: {find}"
    return replace(statement, sql=sql)


@dataclass(frozen=True)
class Difference:
    """A row that one of the two has and the other has not."""

    mart: str
    by: str
    row: tuple

    @property
    def world(self) -> str:
        """The prefix of the world's ids; empty for totals of all worlds."""
        named = [
            text for text in map(str, self.row) if text[:1] == "w" and "-" in text[:7]
        ]
        return named[0].partition("-")[0] if named else ""


class Build:
    """The marts of attribution, built from a drop, in a DuckDB file of their own.

    recording: the statements. drop: the landed files. folder: where the file goes.
    as_of: the as-of date of the run. has_history: whether it computes the quarter-ends
    before it too.
    """

    def __init__(
        self,
        recording: Recording,
        drop: Path,
        folder: Path,
        as_of: date,
        *,
        has_history: bool = True,
    ) -> None:
        self.recording = recording
        self.as_of = as_of
        self.has_history = has_history
        self.replay = Replay(recording, folder)
        paths = BuildPaths(folder)
        folder.mkdir(parents=True)
        land_directory(drop, paths.database, landing_contract())
        self.replay.load_reference(paths)
        self.connection = duckdb.connect(str(paths.database))
        self.connection.execute("set timezone = 'UTC'")
        # On tables as small as these, threads wait for each other more than they help.
        self.connection.execute("set threads = 1")
        self.connection.execute("begin")
        for schema in ("staging", "intermediate", "marts", "restricted", "expected"):
            self.connection.execute(f"create schema if not exists {schema}")
        for statement in self.statements:
            self.run(statement)
        self.connection.execute("commit")

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """The models that the compared marts need, in dbt's order."""
        every = [
            statement
            for statements in self.recording.statements.values()
            for statement in statements
            if statement.kind == "model"
        ]
        needed = self.ancestors(
            statement.unique_id for statement in every if self.is_wanted(statement)
        )
        return tuple(
            self.parametrised(statement)
            for statement in every
            if statement.unique_id in needed
        )

    def is_wanted(self, statement: Statement) -> bool:
        """Whether the tests read a model, so that it and what it needs are built."""
        is_compared = statement.schema == "restricted" and statement.name in COMPARED
        return is_compared or statement.name == QUARANTINE

    def parametrised(self, statement: Statement) -> Statement:
        """A model with the parameters of this build."""
        if statement.name == "int_calendar__run":
            return at_date(statement, self.as_of)
        if statement.name == "int_calendar__as_of_dates" and not self.has_history:
            every_date = "from dates cross join algorithms"
            return edited(statement, every_date, f"{every_date} where is_run_as_of")
        return statement

    def ancestors(self, ids: Iterable[str]) -> set[str]:
        """The ids of nodes and of everything that they are built on."""
        parents = self.recording.manifest["parent_map"]
        wanted, found = set(ids), set()
        while wanted:
            found |= wanted
            wanted = {up for id_ in wanted for up in parents.get(id_, [])} - found
        return found

    @property
    def marts(self) -> list[str]:
        """The compared marts that the models have."""
        return [s.name for s in self.statements if s.schema == "restricted"]

    def run(self, statement: Statement) -> None:
        """Executes one statement.

        Raises:
            AssertionError: DuckDB refuses it.
        """
        node = self.replay.run(self.connection, statement)
        assert node.status == "success", node.message

    def between(self, model: str, marts: Collection[str]) -> Iterator[Statement]:
        """A model and those that are built on it, as far as marts need them."""
        needed = self.ancestors(
            statement.unique_id
            for statement in self.statements
            if statement.schema == "restricted" and statement.name in marts
        )
        parents = self.recording.manifest["parent_map"]
        changed: set[str] = set()
        for statement in self.statements:
            is_child = changed.intersection(parents[statement.unique_id])
            if statement.name in OTHER_READINGS:
                continue
            if statement.unique_id in needed and (statement.name == model or is_child):
                changed.add(statement.unique_id)
                yield statement

    @contextmanager
    def changed(
        self, model: str, find: str, put: str, marts: Collection[str] = tuple(COMPARED)
    ) -> Iterator[None]:
        """The build with one model's SQL changed, undone afterwards.

        Args:
            model: the model's name.
            find: a part of its SQL; line breaks and indents do not matter.
            put: what stands there instead.
            marts: those that are built again.
        """
        first, *others = self.between(model, marts)
        statements = [edited(first, find, put), *others]
        self.connection.execute("begin")
        try:
            for statement in reversed(statements):
                kind = "view" if statement.is_view else "table"
                self.connection.execute(
                    f'drop {kind} "{statement.schema}"."{statement.name}"'
                )
            for statement in statements:
                self.run(statement)
            yield
        finally:
            self.connection.execute("rollback")

    def as_of_dates(self) -> list[date]:
        """The as-of dates that the run computed."""
        rows = self.connection.execute(
            "select distinct as_of_date from restricted.attribution order by all"
        ).fetchall()
        return [row[0] for row in rows]

    def expect(self, drop: Drop, folder: Path, code_policy: str = "verbatim") -> None:
        """Puts the reference's answers beside the marts, in the schema expected."""
        rows = expected_rows(drop, self.as_of_dates(), code_policy)
        for mart in self.marts:
            path = folder / f"{mart}.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(rows[mart])
            columns = ", ".join(
                f'cast("{name}" as {self.type_of(mart, name)}) as "{name}"'
                for name in COMPARED[mart]
            )
            types = dict.fromkeys(COMPARED[mart], "varchar")
            self.connection.execute(
                f"create or replace table expected.{mart} as select {columns} "
                f"from read_csv('{path}', header = false, columns = {types})"
            )

    def type_of(self, mart: str, column: str) -> str:
        """The type of a mart's column."""
        row = self.connection.execute(
            "select data_type from duckdb_columns() where schema_name = 'restricted' "
            "and table_name = $1 and column_name = $2",
            [mart, column],
        ).fetchone()
        assert row, f"restricted.{mart} has no column {column}"
        return str(row[0])

    def only_in_one(self, mart: str) -> Iterator[tuple[str, str]]:
        """The queries of the rows that only the warehouse has, or only the reference.

        A practice that nobody visited may have a row of its own, which counts none.
        """
        names = ", ".join(f'"{name}"' for name in COMPARED[mart])
        where = "where counted > 0" if "counted" in COMPARED[mart] else ""
        here = f"select {names} from restricted.{mart} {where}"
        there = f"select {names} from expected.{mart}"
        yield "warehouse", f"{here} except all {there}"
        yield "reference", f"{there} except all {here}"

    def differences(self) -> list[Difference]:
        """Every such row of every mart."""
        return [
            Difference(mart, by, row)
            for mart in self.marts
            for by, query in self.only_in_one(mart)
            for row in self.connection.execute(query).fetchall()
        ]

    def differs(self, mart: str) -> bool:
        """Whether there is any such row of a mart."""
        return any(
            self.connection.execute(f"{query} limit 1").fetchone()
            for _, query in self.only_in_one(mart)
        )


def expected_rows(
    drop: Drop, as_of_dates: Sequence[date], code_policy: str
) -> dict[str, list[tuple]]:
    """The reference's answers, as the rows of the marts."""
    rows: dict[str, list[tuple]] = {mart: [] for mart in COMPARED}
    for as_of in as_of_dates:
        on = Day(drop, as_of, code_policy)
        for program in PROGRAMS:
            for (payer, person_id), answer in attribute(on, program).items():
                key = (as_of, program, payer, person_id)
                share = answer.share_of_claims
                rows["attribution"].append(
                    (
                        *key,
                        answer.is_eligible,
                        answer.practice_id,
                        answer.hsa,
                        answer.method,
                        answer.reason,
                        answer.decided_by,
                        answer.qualifying_claims,
                        answer.last_visit_date,
                        share
                        and (Decimal(share.numerator) / share.denominator).quantize(
                            SHARE
                        ),
                        answer.is_majority,
                    )
                )
                rows["attribution_candidates"] += [
                    (*key, *vars(candidate).values()) for candidate in answer.candidates
                ]
                rows["attribution_evidence"] += [
                    (*key, *vars(claim).values()) for claim in answer.evidence
                ]
            rows["total_unique_patients"] += [
                (as_of, program, level, entity_id, len(people))
                for (level, entity_id), people in unique_patients(on, program).items()
            ]
    return rows
