"""The Parquet folder holds what the database holds, whoever reads it.

Spark is not in the lock (400 MB): its test runs where pyspark and Java are, and is
skipped elsewhere.
"""

import datetime
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas
import pytest

from orchestration.releases import acquire_lease, install_release, prepare_folder
from orchestration.settings import PROJECT

HAS_SPARK = importlib.util.find_spec("pyspark") and shutil.which("java")


def facts(values: list[Any]) -> tuple:
    """What must be equal of a column: nulls, and the sum or the ends of the rest."""
    told = [value for value in values if value is not None]
    if not told:
        return len(values), 0
    if isinstance(told[0], bool) or not isinstance(told[0], (int, float, Decimal)):
        return len(values), len(told), type(told[0]), min(told), max(told)
    if isinstance(told[0], float):
        return len(values), len(told), float, round(sum(told), 6)
    # Decimals and integers add up exactly.
    return len(values), len(told), type(told[0]), sum(told)


def of_database(release: Path) -> dict[str, dict[str, tuple]]:
    """The facts of every published table, by table and column."""
    with duckdb.connect(
        str(release / "blueprint.duckdb"), read_only=True
    ) as connection:
        names = [
            name
            for (name,) in connection.execute(
                "select table_name from information_schema.tables "
                "where table_schema = 'marts' order by table_name"
            ).fetchall()
        ]
        held = {}
        for name in names:
            answer = connection.execute(f'select * from marts."{name}"')
            columns = [column[0] for column in answer.description]
            rows = answer.fetchall()
            held[name] = {
                column: facts([row[at] for row in rows])
                for at, column in enumerate(columns)
            }
    return held


def by_pandas(path: Path) -> dict[str, list[Any]]:
    pytest.importorskip("pyarrow", reason="pandas reads Parquet with pyarrow")
    frame = pandas.read_parquet(path, dtype_backend="pyarrow")
    return {name: frame[name].array.__arrow_array__().to_pylist() for name in frame}


def by_polars(path: Path) -> dict[str, list[Any]]:
    polars = pytest.importorskip("polars", reason="Polars is in the dev group")
    return polars.read_parquet(path).to_dict(as_series=False)


def read_by(
    read: Callable[[Path], dict[str, list[Any]]], release: Path
) -> dict[str, dict[str, tuple]]:
    return {
        path.stem: {column: facts(values) for column, values in read(path).items()}
        for path in sorted((release / "parquet" / "marts").glob("*.parquet"))
    }


@pytest.mark.slow
@pytest.mark.parametrize("read", [by_pandas, by_polars])
def test_parquet_says_what_the_database_says(refreshed, read):
    held = of_database(refreshed.current())
    assert sum(len(columns) for columns in held.values()) > 400
    assert read_by(read, refreshed.current()) == held


@pytest.mark.slow
@pytest.mark.skipif(
    not HAS_SPARK,
    reason="no pyspark or no Java: pip install pyspark, and Java 17",
)
def test_spark_reads_what_the_database_says(refreshed):
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .getOrCreate()
    )

    def by_spark(path: Path) -> dict[str, list[Any]]:
        frame = session.read.parquet(str(path))
        rows = frame.collect()
        return {
            name: [row[at] for row in rows] for at, name in enumerate(frame.columns)
        }

    try:
        assert read_by(by_spark, refreshed.current()) == of_database(
            refreshed.current()
        )
    finally:
        session.stop()


@pytest.mark.slow
def test_amounts_are_decimals_and_days_are_dates_in_parquet(refreshed):
    path = refreshed.current() / "parquet" / "marts" / "pcmh_payments.parquet"
    values = by_pandas(path)
    assert {type(value) for value in values["amount"] if value is not None} == {Decimal}
    assert {type(value) for value in values["payment_month"]} == {datetime.date}


# A reader while releases are published ----------------------------------------------

# Opens the current release, holds a transaction, and answers once for each line that
# it is sent, from a table that it has not read yet, so that DuckDB has nothing of it in
# memory. In the end it opens the current release anew.
READER = """
import sys
import duckdb
path = sys.argv[1] + "/current/blueprint.duckdb"
def release(connection, table):
    return connection.execute(
        "select min(value % 10), count(distinct value % 10), count(*) "
        f"from marts.held_{table}"
    ).fetchone()
with duckdb.connect(path, read_only=True) as held:
    held.execute("begin transaction")
    print(*release(held, 1), flush=True)
    for table in sys.stdin:
        print(*release(held, int(table)), flush=True)
    held.execute("commit")
with duckdb.connect(path, read_only=True) as anew:
    print(*release(anew, 1), flush=True)
"""
ROWS = 200_000


def publish(releases: Path, number: int) -> None:
    """Publishes a database of three tables whose rows all end in the release."""
    name = f"release-{number}"
    folder = releases / "2018-06-30" / f".{name}.partial"
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "blueprint.duckdb")) as connection:
        connection.execute("create schema marts")
        for table in (1, 2, 3):
            connection.execute(
                f"create table marts.held_{table} as "
                f"select hash(range) % 100000 * 10 + {number} as value "
                f"from range({ROWS})"
            )
    install_release(releases, "run", folder, releases / "2018-06-30" / name)


def test_a_reader_keeps_its_release_and_stops_no_other(tmp_path):
    releases = tmp_path / "releases"
    prepare_folder(releases)
    acquire_lease(releases, "run")
    publish(releases, 1)
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(releases)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        seen = [reader.stdout.readline().split()]
        for number in (2, 3):
            publish(releases, number)
            reader.stdin.write(f"{number}\n")
            reader.stdin.flush()
            seen.append(reader.stdout.readline().split())
        last, _ = reader.communicate(timeout=30)
    finally:
        reader.kill()
    # Its release from beginning to end, whole; the newest only when opened anew.
    assert seen == [["1", "1", str(ROWS)]] * 3
    assert last.split() == ["3", "1", str(ROWS)]
