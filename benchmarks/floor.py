"""The floor: running its scripts on a drop or a build, and comparing their answers.

Belongs here: landed files and staged tables as the floor reads them, its process, and
the comparison. Does not belong here: any rule of attribution (floor.sql, the models),
or how memory is measured (measure.py).
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

HERE = Path(__file__).resolve().parent
# Once for all as-of dates: what is asked, what there is, from landed files or from
# staged tables, and the lines that may count. Then once per date.
POLICY = HERE / "floor_policy.sql"
LANDED = HERE / "floor_landed.sql"
STAGED = HERE / "floor_staged.sql"
CLAIMS = HERE / "floor_claims.sql"
FLOOR = HERE / "floor.sql"
ANSWERS = ("attribution", "candidates", "total_unique_patients")
REFERENCE = PROJECT / "seeds" / "reference"
FLOOR_TABLES = (
    "eligibility",
    "medical_claim",
    "practice",
    "practice_provider",
    "provider",
    "whi_participation",
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


def open_build(connection: duckdb.DuckDBPyConnection, build: Path) -> None:
    """Attaches a build whose tables are staged as floor_staged.sql reads it.

    Args:
        connection: gets the database `build`, read only.
        build: a refresh's DuckDB file.
    """
    connection.execute(f"attach {literal(str(build))} as build (read_only)")


def set_variables(
    connection: duckdb.DuckDBPyConnection, variables: Mapping[str, str]
) -> None:
    """Sets variables that the scripts read, each to an SQL expression."""
    for name, value in variables.items():
        connection.execute(f"set variable {name} = {value}")


def prepare_floor(
    connection: duckdb.DuckDBPyConnection,
    dates: Sequence[date],
    cutoff_days: int,
    source: Path = LANDED,
) -> float:
    """Reads once what the floor asks on any date; returns how many seconds it took.

    Args:
        connection: after `open_landing`, or after `open_build`.
        dates: the as-of dates.
        cutoff_days: days after an as-of date until which claims are read as known.
        source: LANDED or STAGED, as the connection was opened.
    """
    started = time.perf_counter()
    listed = ", ".join(f"date '{day.isoformat()}'" for day in dates)
    set_variables(
        connection,
        {
            "reference": literal(str(REFERENCE)),
            "as_of_dates": f"[{listed}]",
            "cutoff_days": str(int(cutoff_days)),
        },
    )
    for script in (POLICY, source, CLAIMS):
        connection.execute(script.read_text(encoding="utf-8"))
    return time.perf_counter() - started


def run_floor(connection: duckdb.DuckDBPyConnection, as_of: date) -> float:
    """Attributes one as-of date by floor.sql; returns how many seconds it took.

    Args:
        connection: after `prepare_floor`; gets the tables of ANSWERS.
        as_of: the as-of date, one of those that were prepared.
    """
    started = time.perf_counter()
    set_variables(connection, {"as_of": f"date '{as_of.isoformat()}'"})
    connection.execute(FLOOR.read_text(encoding="utf-8"))
    return time.perf_counter() - started


def floor_process(
    source: Path, dates: Sequence[date], cutoff_days: int, kept: Path, said: Path
) -> None:
    """Runs the floor on all as-of dates; the body of a process of its own.

    Args:
        source: a drop's folder, or the DuckDB file of a build that is staged.
        dates: as-of dates, in the order in which they are run.
        cutoff_days: see `prepare_floor`.
        kept: DuckDB file to make, for the answers of all dates with `as_of_date`.
        said: JSON file to make, with the seconds of each part.
    """
    seconds: dict[str, float] = {}
    # Reading the contract's YAML takes longer than opening the drop, and is not timed.
    landing_contract(), column_defaults()
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        started = time.perf_counter()
        if source.is_dir():
            open_landing(connection, source)
        else:
            open_build(connection, source)
        opening = time.perf_counter() - started
        script = LANDED if source.is_dir() else STAGED
        preparing = prepare_floor(connection, dates, cutoff_days, script)
        connection.execute(f"attach {literal(str(kept))} as kept")
        for as_of in dates:
            day = as_of.isoformat()
            seconds[day] = run_floor(connection, as_of)
            for table in ANSWERS:
                rows = f"select date '{day}' as as_of_date, * from {table}"
                connection.execute(
                    f"create table if not exists kept.{table} as from ({rows}) limit 0"
                )
                connection.execute(f"insert into kept.{table} {rows}")
    said.write_text(
        json.dumps({"opening": opening, "preparing": preparing, "seconds": seconds})
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


def compare_answers(floor: Path, warehouse: Path) -> list[Comparison]:
    """Compares the floor's answers with those of a release or a build.

    Args:
        floor: the DuckDB file that `floor_process` made.
        warehouse: a release's blueprint_restricted.duckdb, or a build's DuckDB file.

    Returns:
        One comparison each for the people, the candidates and the total unique
        patients, over all as-of dates.
    """
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(str(floor))} as floor (read_only)")
        connection.execute(f"attach {literal(str(warehouse))} as release (read_only)")
        person = ("as_of_date", "program", "payer", "person_id")
        return [
            compare_rows(
                connection,
                "attribution",
                "from floor.attribution",
                "from release.restricted.attribution",
                person,
                (
                    "practice_id",
                    "method",
                    "decided_by",
                    "is_eligible",
                    "qualifying_claims",
                    "last_visit_date",
                ),
            ),
            compare_rows(
                connection,
                "candidates",
                "from floor.candidates",
                "from release.restricted.attribution_candidates",
                (*person, "practice_id"),
                (
                    "rank",
                    "lost_because",
                    "claims",
                    "service_dates",
                    "lines",
                    "first_visit_date",
                    "last_visit_date",
                ),
            ),
            # Who was seen by nobody is not listed by the floor.
            compare_rows(
                connection,
                "total_unique_patients",
                "from floor.total_unique_patients",
                "from release.restricted.total_unique_patients where counted > 0",
                ("as_of_date", "program", "level", "entity_id"),
                ("counted",),
            ),
        ]
