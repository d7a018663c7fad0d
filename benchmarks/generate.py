"""Generate the synthetic population, one file or folder per table of the contract.

The work is done by the SQL files beside this one; here are only the command line, the
order in which they run, and the writing of files. Nothing here knows a rule, a share or
a column. People are made in batches, so that memory does not grow with them.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import yaml

HERE = Path(__file__).resolve().parent
SEEDS = HERE.parent / "seeds"
CONTRACT = SEEDS / "landing" / "_landing.yml"
# made once, for every batch of people, and once after the last
BEFORE = ("program.sql",)
BATCH = ("population.sql", "care.sql", "claims.sql", "clinical.sql", "counts.sql")
AFTER = ("reports.sql",)
# the rows that are broken on purpose; they come with the first batch
FAULTS = "faults.sql"


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the command line; what is left out comes from parameters.sql."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, help="number of people")
    parser.add_argument("--seed", type=int, help="seed number: same seed, same bytes")
    parser.add_argument(
        "--out", type=Path, required=True, help="folder to write the tables to"
    )
    parser.add_argument(
        "--format", choices=("csv", "parquet"), default="csv", help="default: csv"
    )
    parser.add_argument(
        "--detail",
        choices=("brief", "full"),
        help="brief: one line per service (default); full: panels and hospital charges "
        "line by line, about five times as many lines for the same people and dollars",
    )
    parser.add_argument("--threads", type=int, help="DuckDB threads (default: all)")
    parser.add_argument("--memory", help="DuckDB memory limit, for instance 8GB")
    parser.add_argument("--quiet", action="store_true", help="print nothing")
    options = parser.parse_args(argv)
    if options.people is not None and options.people < 1:
        parser.error("--people must be at least 1")
    return options


def contract() -> list[dict[str, Any]]:
    """Return the tables of the landing contract, in its order."""
    return yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))["seeds"]


def run(connection: duckdb.DuckDBPyConnection, *scripts: str) -> None:
    """Run SQL files of this folder, in order."""
    for script in scripts:
        connection.execute((HERE / script).read_text(encoding="utf-8"))


def prepare(
    connection: duckdb.DuckDBPyConnection, **parameters: int | str | None
) -> None:
    """Set the parameters and build what every batch of people needs.

    Args:
        connection: an empty DuckDB database.
        parameters: values laid over the variables of parameters.sql; None leaves one.
    """
    run(connection, "parameters.sql")
    parameters |= {
        "reference": (SEEDS / "reference").as_posix(),
        "town_residents": (HERE / "town_residents.csv").as_posix(),
        "told_patients": (HERE / "told_patients.csv").as_posix(),
    }
    for name, value in parameters.items():
        if value is not None:
            quoted = str(value).replace("'", "''")
            literal = value if isinstance(value, int) else f"'{quoted}'"
            connection.execute(f"set variable {name} = {literal}")
    run(connection, *BEFORE)


def batches(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[int, int]]:
    """Build the people, batch by batch; yield (number from 1, how many batches)."""
    people, size = connection.execute(
        "select getvariable('people'), getvariable('batch_people')"
    ).fetchone()
    count = -(-people // size)
    for number in range(1, count + 1):
        last = min(number * size, people)
        connection.execute(f"set variable first_person = {(number - 1) * size + 1}")
        connection.execute(f"set variable last_person = {last}")
        run(connection, *BATCH)
        if number == 1:
            run(connection, FAULTS)
        yield number, count


def columns_of(
    connection: duckdb.DuckDBPyConnection, schema: str, table: str
) -> dict[str, str]:
    """Return the columns of a table with their types; empty if there is no table."""
    return dict(
        connection.execute(
            "select column_name, data_type from information_schema.columns "
            "where table_schema = ? and table_name = ? order by ordinal_position",
            [schema, table],
        ).fetchall()
    )


def write(
    connection: duckdb.DuckDBPyConnection,
    table: dict[str, Any],
    target: Path,
    *,
    with_faults: bool,
) -> int:
    """Write one table to `target`, sorted by its key, and return the number of rows.

    Broken rows are text. CSV carries them as they are; in Parquet, which has types,
    what cannot be typed becomes null.

    Raises:
        ValueError: the table has a column that the contract does not know.
    """
    name = table["name"]
    types = columns_of(connection, "landing", name)
    unknown = set(types) - {column["name"] for column in table["columns"]}
    if not types or unknown:
        message = f"{name}: no such table, or columns out of contract: {unknown}"
        raise ValueError(message)
    # names come from the contract, not from outside: S608 has nothing to guard
    if target.suffix == ".csv":
        rows = f"select columns(*)::varchar from landing.{name}"  # noqa: S608
        fault_columns = list(types)
        options = "format csv, header, delimiter ','"
    else:
        rows = f"from landing.{name}"
        fault_columns = [f"try_cast({c} as {t}) as {c}" for c, t in types.items()]
        options = "format parquet, compression zstd"
    if with_faults and columns_of(connection, "fault", name):
        faults = f"select {', '.join(fault_columns)} from fault.{name}"  # noqa: S608
        rows = f"{rows} union all {faults}"
    # rows alike in the key may differ elsewhere: every column takes part in the order
    key = [column for column in table["config"]["meta"]["key"] if column in types]
    order = ", ".join([*key, *(column for column in types if column not in key)])
    target.parent.mkdir(parents=True, exist_ok=True)
    path = target.as_posix().replace("'", "''")
    result = connection.execute(
        f"copy (from ({rows}) order by {order}) to '{path}' ({options})"
    )
    return result.fetchone()[0]


def generate(
    connection: duckdb.DuckDBPyConnection,
    out: Path,
    file_format: str,
    say: Callable[[str], None],
) -> dict[str, int]:
    """Write every table below `out`; return the rows of each, in the contract's order.

    A table of one batch is a file, `medical_claim.parquet`; of several it is a folder,
    `medical_claim/part-0001.parquet`. What an earlier drop left there is removed.
    """
    tables = contract()
    for table in tables:
        shutil.rmtree(out / table["name"], ignore_errors=True)
        for left in out.glob(f"{table['name']}.*"):
            if left.suffix in (".csv", ".parquet"):
                left.unlink()
    rows = dict.fromkeys((table["name"] for table in tables), 0)
    by_person = [
        table
        for table in tables
        if not columns_of(connection, "landing", table["name"])
    ]
    began = time.monotonic()
    for number, count in batches(connection):
        for table in by_person:
            name = table["name"]
            # the tables that reports.sql makes are not there yet
            if not columns_of(connection, "landing", name):
                continue
            file = f"{name}.{file_format}"
            if count > 1:
                file = f"{name}/part-{number:04}.{file_format}"
            rows[name] += write(connection, table, out / file, with_faults=number == 1)
            connection.execute(f"drop table landing.{name}")
        if count > 1:
            say(
                f"batch {number} of {count}: {rows['medical_claim']:,} medical lines "
                f"after {time.monotonic() - began:,.0f} s"
            )
    run(connection, *AFTER)
    for table in tables:
        name = table["name"]
        if columns_of(connection, "landing", name):
            rows[name] += write(
                connection, table, out / f"{name}.{file_format}", with_faults=True
            )
    return rows


def main(argv: list[str] | None = None) -> None:
    """Generate every table of the contract and print how many rows each has."""
    options = arguments(argv)
    options.out.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()

    def say(line: str) -> None:
        if not options.quiet:
            print(line, flush=True)

    with (
        tempfile.TemporaryDirectory(prefix="generate-") as spill,
        duckdb.connect() as connection,
    ):
        connection.execute(f"set temp_directory = '{spill}'")
        connection.execute("set preserve_insertion_order = false")
        if options.threads:
            connection.execute(f"set threads = {options.threads}")
        if options.memory:
            connection.execute("set memory_limit = ?", [options.memory])
        prepare(
            connection,
            people=options.people,
            seed=options.seed,
            detail=options.detail,
        )
        rows = generate(connection, options.out, options.format, say)
    for name, count in rows.items():
        say(f"{count:>12,}  {name}")
    say(f"{time.monotonic() - began:>12,.1f}  seconds")


if __name__ == "__main__":
    sys.exit(main())
