"""The floor: running floor.sql on a drop, and comparing its answers with a release.

Belongs here: landed files as the floor reads them, its process, and the comparison.
Does not belong here: any rule of attribution (floor.sql, the models), or how long
anything takes (measure.py).
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import duckdb
import yaml

from orchestration.contract import CONTRACT_FILE, Table, landing_contract
from orchestration.errors import StopError
from orchestration.landing import files_of_drop, land_table, literal, quoted
from orchestration.settings import PROJECT

FLOOR = Path(__file__).resolve().parent / "floor.sql"
REFERENCE = PROJECT / "seeds" / "reference"
# The floor is written for this algorithm; what others attribute is not compared.
ALGORITHM = "app3_commercial_medicaid"
FLOOR_TABLES = (
    "eligibility",
    "medical_claim",
    "practice",
    "practice_provider",
    "provider",
    "payer_policy",
)
DIFFERENCES_SHOWN = 5


class BenchError(StopError):
    """The benchmark cannot go on; the message says why."""


# Landed files as the floor reads them -------------------------------------------------


def carried_columns(table: Table) -> list[str]:
    """The columns of a landed table that the warehouse reads, in the contract's order.

    A value in another column is neither a fault nor part of a row's contents. They are
    read off the model that says so, so that there is one list.

    Raises:
        BenchError: the table has not one such model.
    """
    name = f"base_{table.name}.sql"
    models = list((PROJECT / "models" / "staging").glob(f"*/base/{name}"))
    if len(models) != 1:
        raise BenchError(f"{name}: one model expected, not {len(models)}")
    listed = re.search(r"columns=\[(.*?)\]", models[0].read_text("utf-8"), re.DOTALL)
    names = re.findall(r"'(\w+)'", listed[1]) if listed else None
    return [c.name for c in table.columns if names is None or c.name in names]


@lru_cache(maxsize=1)
def column_defaults() -> dict[str, dict[str, str]]:
    """What null stands for, by table and column (the contract's `default`)."""
    contract = yaml.safe_load(CONTRACT_FILE.read_text(encoding="utf-8"))["seeds"]
    return {
        seed["name"]: {
            column["name"]: str(column["config"]["meta"]["default"])
            for column in seed["columns"]
            if "default" in column["config"]["meta"]
        }
        for seed in contract
    }


def tidy_text(text: str) -> str:
    """SQL for a text without padding, null when blank.

    `trim` is ten times as dear as finding that there is nothing to trim: no space and,
    as bytes and characters are equally many, no wider one.
    """
    return (
        f"case when not contains({text}, ' ') and strlen({text}) = length({text}) "
        f"and {text} <> '' then {text} else nullif(trim({text}), '') end"
    )


def typed_select(table: Table, types: Mapping[str, str]) -> str:
    """A query for a landed table as floor.sql reads it.

    Args:
        table: the table's contract.
        types: DuckDB type of each column of landing.<table>.

    Returns:
        SQL for the carried columns in their contract types, and `is_sound`.
    """
    defaults = column_defaults()[table.name]
    carried = carried_columns(table)
    columns, conditions = [], []
    for column in table.columns:
        if column.name not in carried:
            continue
        name, landed = quoted(column.name), types[column.name]
        is_text = landed == "VARCHAR"
        text = name if is_text else f"cast({name} as varchar)"
        if column.type == "varchar":
            value = tidy_text(text)
        elif landed.lower() == column.type:
            value = name
        else:
            value = f"try_cast({name} as {column.type})"
            blank = tidy_text(name) if is_text else name
            conditions.append(f"({blank} is null or {value} is not null)")
            # A cast to integer rounds, so that half a claim line would become one.
            if column.type == "integer":
                conditions.append(
                    f"coalesce(try_cast({name} as double) = {value}, true)"
                )
        if column.required:
            conditions.append(f"{value} is not null")
        if column.name in defaults:
            default = f"cast({literal(defaults[column.name])} as {column.type})"
            value = f"coalesce({value}, {default})"
        columns.append(f"{value} as {name}")
    for group in table.groups():
        filled = (
            f"{tidy_text(f'cast({quoted(name)} as varchar)')} is not null"
            for name in group
        )
        conditions.append(f"({' or '.join(filled)})")
    is_sound = " and ".join(conditions) or "true"
    return (
        f"select {', '.join(columns)}, {is_sound} as is_sound "
        f"from landing.{quoted(table.name)}"
    )


def open_landing(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Makes the views landed_<table> that floor.sql reads.

    Parquet is read in place, CSV is loaded as text, and an absent table is empty, as in
    a refresh.

    Args:
        connection: gets a schema `landing` and the views.
        folder: the drop, one file or folder of files per table.

    Raises:
        LandingError: the drop breaks the contract.
    """
    contract = landing_contract()
    drop, _ = files_of_drop(folder, contract)
    connection.execute("create schema if not exists landing")
    for name in FLOOR_TABLES:
        land_table(connection, contract[name], drop.get(name, []), folder, [])
        described = connection.execute(f"describe landing.{quoted(name)}").fetchall()
        types = {row[0]: row[1] for row in described}
        connection.execute(
            f"create or replace view {quoted(f'landed_{name}')} as "
            f"{typed_select(contract[name], types)}"
        )


def landed_rows(folder: Path) -> dict[str, int]:
    """Rows of each landed table of a drop, those without files left out.

    Raises:
        LandingError: the drop breaks the contract.
    """
    contract = landing_contract()
    drop, _ = files_of_drop(folder, contract)
    rows = {}
    with duckdb.connect() as connection:
        connection.execute("create schema landing")
        for name, files in drop.items():
            counts = land_table(connection, contract[name], files, folder, [])
            rows[name] = sum(counts.values())
    return rows


# The floor ----------------------------------------------------------------------------


def run_floor(
    connection: duckdb.DuckDBPyConnection, as_of: date, cutoff_days: int
) -> float:
    """Attributes one as-of date by floor.sql; returns how many seconds it took.

    Args:
        connection: with the views of `open_landing`; gets `attribution` and
            `candidates`.
        as_of: the as-of date.
        cutoff_days: days after it until which claims are read as known.
    """
    started = time.perf_counter()
    for name, value in (
        ("reference", literal(str(REFERENCE))),
        ("algorithm", literal(ALGORITHM)),
        ("as_of", f"date '{as_of.isoformat()}'"),
        ("cutoff_days", str(int(cutoff_days))),
    ):
        connection.execute(f"set variable {name} = {value}")
    connection.execute(FLOOR.read_text(encoding="utf-8"))
    return time.perf_counter() - started


def floor_process(
    folder: Path, dates: Sequence[date], cutoff_days: int, kept: Path, said: Path
) -> None:
    """Runs the floor on each as-of date; the body of a process of its own.

    Args:
        folder: the drop.
        dates: as-of dates, in the order in which they are run.
        cutoff_days: see `run_floor`.
        kept: DuckDB file to make, for the answers of all dates with `as_of_date`.
        said: JSON file to make, with seconds in all and per date.
    """
    seconds: dict[str, float] = {}
    # Reading the contract's YAML takes longer than opening the drop, and is not timed.
    landing_contract(), column_defaults()
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        started = time.perf_counter()
        open_landing(connection, folder)
        opening = time.perf_counter() - started
        connection.execute(f"attach {literal(str(kept))} as kept")
        for as_of in dates:
            day = as_of.isoformat()
            seconds[day] = run_floor(connection, as_of, cutoff_days)
            if len(seconds) == 1:
                first_ended = time.time()
            for table in ("attribution", "candidates"):
                rows = f"select date '{day}' as as_of_date, * from {table}"
                connection.execute(
                    f"create table if not exists kept.{table} as from ({rows}) limit 0"
                )
                connection.execute(f"insert into kept.{table} {rows}")
    said.write_text(
        json.dumps({"opening": opening, "seconds": seconds, "first_ended": first_ended})
    )


def as_of_dates(
    connection: duckdb.DuckDBPyConnection, as_of: date | None, quarters: int
) -> list[date]:
    """The as-of dates of a refresh, its own first (models/intermediate/calendar).

    Args:
        connection: with the views of `open_landing`.
        as_of: the as-of date; None for the last quarter-end whose three months all have
            claims.
        quarters: how many quarter-ends before it count too.

    Raises:
        BenchError: no quarter has claims in all its months.
    """
    if as_of is None:
        row = connection.execute(
            """
            with months as (
                select distinct
                    date_trunc(
                        'month', coalesce(claim_line_start_date, claim_start_date)
                    ) as claim_month,
                from landed_medical_claim
                where is_sound
            ),

            full_quarters as (
                select date_trunc('quarter', claim_month) as quarter_start
                from months
                group by quarter_start
                having count(*) = 3
            )

            select last_day((max(quarter_start) + interval 2 months)::date)
            from full_quarters
            """
        ).fetchone()
        as_of = row[0] if row else None
    if as_of is None:
        raise BenchError("No quarter of the drop has claims in all its months.")
    rows = connection.execute(
        "select (date_trunc('quarter', ?::date) - to_months(3 * step) - interval 1 day)"
        "::date from range(?) as steps (step) order by step",
        [as_of, quarters],
    ).fetchall()
    return [as_of, *(row[0] for row in rows)]


# Comparing ----------------------------------------------------------------------------


@dataclass
class Comparison:
    """How the floor's rows of one table differ from the release's.

    rows: rows that either has. differing: those that differ or that one side lacks.
    examples: the first of them, in words.
    """

    table: str
    rows: int
    differing: int
    examples: list[str]


def compare_rows(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    floor: str,
    release: str,
    keys: Sequence[str],
    values: Sequence[str],
) -> Comparison:
    """Compares two relations row by row.

    Args:
        connection: where both are.
        table: what to call them.
        floor: SQL of the floor's rows, unique over `keys`.
        release: SQL of the release's rows, unique over `keys`.
        keys: columns that are never null.
        values: columns to compare.
    """
    sides = []
    for rows in (floor, release):
        packed = ", ".join(f"{name}: cast({name} as varchar)" for name in values)
        sides.append(f"select {', '.join(keys)}, {{{packed}}} as said from ({rows})")
    joined = (
        f"select {', '.join(keys)}, floor.said as floor, release.said as release "
        f"from ({sides[0]}) as floor full join ({sides[1]}) as release "
        f"using ({', '.join(keys)})"
    )
    counted = connection.execute(
        "select count(*), count(*) filter (where floor is distinct from release) "
        f"from ({joined})"
    ).fetchall()[0]
    found = connection.execute(
        f"select * from ({joined}) where floor is distinct from release "
        f"order by {', '.join(keys)} limit {DIFFERENCES_SHOWN}"
    ).fetchall()
    examples = []
    for row in found:
        key = " ".join(map(str, row[: len(keys)]))
        mine, theirs = row[len(keys) :]
        if mine is None or theirs is None:
            side = "the release" if mine is None else "the floor"
            examples.append(f"{table} {key}: only in {side}")
            continue
        parts = [
            f"{name} {mine[name]} by the floor, {theirs[name]} in the release"
            for name in values
            if mine[name] != theirs[name]
        ]
        examples.append(f"{table} {key}: {'; '.join(parts)}")
    return Comparison(table, int(counted[0]), int(counted[1]), examples)


def compare_with_release(floor: Path, release: Path) -> list[Comparison]:
    """Compares the floor's answers with those of a release.

    Args:
        floor: the DuckDB file that `floor_process` made.
        release: the release's blueprint_restricted.duckdb.

    Returns:
        One comparison for the people and one for the candidates, over the as-of dates
        and the types of payer that the floor is for.
    """
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(str(floor))} as floor (read_only)")
        connection.execute(f"attach {literal(str(release))} as release (read_only)")
        scopes = literal(str(REFERENCE / "attribution_algorithm_scopes.csv"))
        connection.execute(
            "create temp table attributed as "
            "select attribution.* from release.restricted.attribution "
            f"semi join (from read_csv({scopes}, all_varchar = true)) as scopes "
            "on attribution.program = scopes.program "
            "and attribution.payer_type = scopes.payer_type "
            f"and scopes.algorithm_id = {literal(ALGORITHM)}"
        )
        people = compare_rows(
            connection,
            "attribution",
            "from floor.attribution",
            "from attributed",
            ("as_of_date", "payer", "person_id"),
            (
                "practice_id",
                "method",
                "decided_by",
                "is_eligible",
                "qualifying_claims",
                "last_visit_date",
            ),
        )
        candidates = compare_rows(
            connection,
            "candidates",
            "from floor.candidates",
            "select candidates.* "
            "from release.restricted.attribution_candidates as candidates "
            "semi join attributed using (as_of_date, program, payer, person_id)",
            ("as_of_date", "payer", "person_id", "practice_id"),
            (
                "rank",
                "lost_because",
                "claims",
                "service_dates",
                "lines",
                "first_visit_date",
                "last_visit_date",
            ),
        )
    return [people, candidates]
