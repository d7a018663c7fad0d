"""Generate the synthetic population, one file per table of the landing contract.

The work is done by the SQL files beside this one; here are only the command line, the
order in which they run, and the writing of files. Nothing here knows a rule, a share or
a column.
"""

import argparse
from pathlib import Path
from typing import Any

import duckdb
import yaml

HERE = Path(__file__).resolve().parent
CONTRACT = HERE.parent / "seeds" / "landing" / "_landing.yml"
SCRIPTS = ("program.sql", "population.sql", "claims.sql", "reports.sql")


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
    parser.add_argument("--threads", type=int, help="DuckDB threads (default: all)")
    return parser.parse_args(argv)


def contract() -> list[dict[str, Any]]:
    """Return the tables of the landing contract, in its order."""
    return yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))["seeds"]


def build(
    connection: duckdb.DuckDBPyConnection,
    people: int | None = None,
    seed: int | None = None,
) -> None:
    """Build schema `landing`, and `fault` beside it, in the connection's database."""
    connection.execute((HERE / "parameters.sql").read_text(encoding="utf-8"))
    for name, value in (("people", people), ("seed", seed)):
        if value is not None:
            connection.execute(f"set variable {name} = {int(value)}")
    for script in SCRIPTS:
        connection.execute((HERE / script).read_text(encoding="utf-8"))


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
    out: Path,
    file_format: str,
) -> int:
    """Write one table, sorted by its key, and return the number of rows.

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
    if file_format == "csv":
        rows = f"select columns(*)::varchar from landing.{name}"  # noqa: S608
        fault_columns = list(types)
    else:
        rows = f"from landing.{name}"
        fault_columns = [f"try_cast({c} as {t}) as {c}" for c, t in types.items()]
    if columns_of(connection, "fault", name):
        faults = f"select {', '.join(fault_columns)} from fault.{name}"  # noqa: S608
        rows = f"{rows} union all {faults}"
    # rows alike in the key may differ elsewhere: every column takes part in the order
    key = [column for column in table["config"]["meta"]["key"] if column in types]
    order = ", ".join([*key, *(column for column in types if column not in key)])
    options = "header, delimiter ','" if file_format == "csv" else "compression zstd"
    target = (out / f"{name}.{file_format}").as_posix().replace("'", "''")
    result = connection.execute(
        f"copy (from ({rows}) order by {order}) to '{target}' "
        f"(format {file_format}, {options})"
    )
    return result.fetchone()[0]


def main(argv: list[str] | None = None) -> None:
    """Generate every table of the contract and print how many rows each has."""
    options = arguments(argv)
    options.out.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        if options.threads:
            connection.execute(f"set threads = {options.threads}")
        build(connection, options.people, options.seed)
        for table in contract():
            rows = write(connection, table, options.out, options.format)
            print(f"{rows:>10,}  {table['name']}")


if __name__ == "__main__":
    main()
