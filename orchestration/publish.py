"""Writes a release: what is handed out, and what is kept apart.

Belongs here: copying finished tables from a build into the two DuckDB files, Parquet
and manifest.json of a release, and verifying them. Does not belong here: suppression
(the marts), checks (gates.py) or the switch (releases.py).

`blueprint.duckdb` and `parquet/` hold the schema `marts`. The other file,
`blueprint_restricted.duckdb`, holds person-level tables and the unsuppressed twin of
every mart, and only its owner may read it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from orchestration.errors import ReleaseError
from orchestration.gates import read_results
from orchestration.landing import fingerprint, literal, path_literal, quoted
from orchestration.releases import install_release, locked, verify_lease
from orchestration.settings import PROJECT, BuildPaths, Settings, dbt_variables

# Drivers lag behind DuckDB's own format; every reader since 1.0 reads this one.
STORAGE_VERSION = "v1.0.0"
PUBLIC, RESTRICTED = "marts", "restricted"


@dataclass(frozen=True)
class Published:
    """One table of a release and the build's relation that it is copied from."""

    schema: str
    name: str
    source_schema: str
    source_name: str
    grain: tuple[str, ...]
    description: str
    columns: Mapping[str, str]

    @property
    def label(self) -> str:
        """Its name in the manifest."""
        return f"{self.schema}.{self.name}"


def published_tables(manifest: Mapping[str, Any]) -> list[Published]:
    """What a release holds, by the dbt manifest: marts, and their restricted twins.

    A mart without a twin of its own is copied into the restricted file as it is.
    """
    tables = []
    for node in manifest["nodes"].values():
        if node["resource_type"] != "model" or node["schema"] not in (
            PUBLIC,
            RESTRICTED,
        ):
            continue
        if node["config"]["materialized"] == "ephemeral":
            continue
        tables.append(
            Published(
                schema=node["schema"],
                name=node["alias"],
                source_schema=node["schema"],
                source_name=node["alias"],
                grain=tuple(node["config"].get("meta", {}).get("grain", ())),
                description=node["description"],
                columns={
                    column["name"]: column["description"]
                    for column in node["columns"].values()
                },
            )
        )
    twins = {table.name for table in tables if table.schema == RESTRICTED}
    copies = [
        Published(
            RESTRICTED,
            table.name,
            PUBLIC,
            table.name,
            table.grain,
            table.description,
            table.columns,
        )
        for table in tables
        if table.schema == PUBLIC and table.name not in twins
    ]
    return sorted(tables + copies, key=lambda table: table.label)


# Writing -----------------------------------------------------------------------------


@contextmanager
def private_files() -> Iterator[None]:
    """New files are their owner's only, from the first byte."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def quiet_connection(database: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A connection that draws no progress bar across the run's own lines.

    database: a file to read; None for a database in memory.
    """
    if database is None:
        connection = duckdb.connect()
    else:
        connection = duckdb.connect(str(database), read_only=True)
    connection.execute("set enable_progress_bar = false")
    return connection


def write_database(
    build: Path, path: Path, tables: list[Published], parquet: Path | None
) -> dict[str, int]:
    """Copies tables into a new DuckDB file, sorted by their grain and with comments.

    Args:
        build: the build file, read only.
        path: the file to make.
        tables: what goes in.
        parquet: folder for the same rows as Parquet; None for none.

    Returns:
        Rows per table, by label, as counted in the build.
    """
    rows = {}
    with quiet_connection() as connection:
        connection.execute(f"attach {literal(str(build))} as build (read_only)")
        connection.execute(
            f"attach {literal(str(path))} as release "
            f"(storage_version {literal(STORAGE_VERSION)})"
        )
        for schema in sorted({table.schema for table in tables}):
            connection.execute(f"create schema release.{quoted(schema)}")
        for table in tables:
            source = f"build.{quoted(table.source_schema)}.{quoted(table.source_name)}"
            target = f"release.{quoted(table.schema)}.{quoted(table.name)}"
            order = ", ".join(map(quoted, table.grain)) or "all"
            connection.execute(
                f"create table {target} as select * from {source} order by {order}"
            )
            rows[table.label] = count_rows(connection, source)
            write_comments(connection, target, table)
            if parquet:
                file = parquet / table.schema / f"{table.name}.parquet"
                file.parent.mkdir(parents=True, exist_ok=True)
                connection.execute(
                    f"copy (select * from {source} order by {order}) "
                    f"to {literal(str(file))} (format parquet, compression zstd)"
                )
        connection.execute("checkpoint release")
        connection.execute("detach release")
    return rows


def write_comments(
    connection: duckdb.DuckDBPyConnection, target: str, table: Published
) -> None:
    """Puts descriptions back, which `create table as` loses."""
    if table.description:
        connection.execute(f"comment on table {target} is {literal(table.description)}")
    there = {row[0] for row in connection.execute(f"describe {target}").fetchall()}
    for column, description in table.columns.items():
        if description and column in there:
            connection.execute(
                f"comment on column {target}.{quoted(column)} is {literal(description)}"
            )


def count_rows(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    """Rows of a relation."""
    row = connection.execute(f"select count(*) from {relation}").fetchone()
    return int(row[0]) if row else 0


def content_hash(connection: duckdb.DuckDBPyConnection, relation: str) -> str:
    """A fingerprint of a table's rows, whatever their order.

    The sums of both halves of every row's MD5: equal for equal bags of rows, whichever
    release they are in.
    """
    row = connection.execute(
        f"""
        select
            count(*),
            coalesce(sum(cast(md5_number_lower(row_text) as hugeint)), 0),
            coalesce(sum(cast(md5_number_upper(row_text) as hugeint)), 0)
        from (select cast(to_json(rows) as varchar) as row_text from {relation} as rows)
        """
    ).fetchone()
    return hashlib.sha256(repr(row).encode()).hexdigest()


# Verifying ---------------------------------------------------------------------------


def verify_database(
    path: Path, tables: list[Published], rows: Mapping[str, int]
) -> dict[str, str]:
    """Reopens a written file and compares it with the build.

    Returns:
        Content hash per table, by label.

    Raises:
        ReleaseError: a table is missing, has other rows, or there is one too many.
    """
    with quiet_connection(path) as connection:
        found = {
            f"{schema}.{name}"
            for schema, name in connection.execute(
                "select schema_name, table_name from duckdb_tables()"
            ).fetchall()
        }
        expected = {table.label for table in tables}
        if found != expected:
            raise ReleaseError(
                f"{path.name} does not hold the tables that it should: "
                f"{', '.join(sorted(found ^ expected))}. Nothing was published."
            )
        hashes = {}
        for table in tables:
            relation = f"{quoted(table.schema)}.{quoted(table.name)}"
            written = count_rows(connection, relation)
            if written != rows[table.label]:
                raise ReleaseError(
                    f"{path.name}: {table.label} has {written:,} rows, the build "
                    f"{rows[table.label]:,}. Nothing was published."
                )
            hashes[table.label] = content_hash(connection, relation)
    return hashes


def verify_parquet(
    folder: Path, tables: list[Published], rows: Mapping[str, int]
) -> None:
    """Reopens the Parquet files and compares their rows with the build."""
    with quiet_connection() as connection:
        for table in tables:
            file = folder / table.schema / f"{table.name}.parquet"
            written = count_rows(connection, f"read_parquet([{path_literal(file)}])")
            if written != rows[table.label]:
                raise ReleaseError(
                    f"{file.name} has {written:,} rows, the build "
                    f"{rows[table.label]:,}. Nothing was published."
                )


def verify_inputs_unchanged(settings: Settings, inputs: Mapping[str, Any]) -> None:
    """Makes sure that the landed files are the ones that were fingerprinted.

    Parquet is read in place, so a file that is replaced during a run would mix drops.

    Raises:
        ReleaseError: a file has changed since it landed.
    """
    if settings.landing is None:
        return
    for table in inputs["tables"]:
        for file in table["files"]:
            path = settings.landing / file["path"]
            try:
                status = path.stat()
            except OSError:
                status = None
            if status is None or (status.st_size, status.st_mtime_ns) != (
                file["size"],
                file["modified_ns"],
            ):
                raise ReleaseError(
                    f"{file['path']}: changed while the run was reading it. Nothing "
                    "was published; run again when the drop is complete."
                )


# The release -------------------------------------------------------------------------


def code_version() -> dict[str, Any]:
    """The project's version and, in a clone, its commit and whether files differ."""

    def git(*arguments: str) -> str | None:
        try:
            result = subprocess.run(
                ["git", "-C", str(PROJECT), *arguments],  # noqa: S607 - found by PATH
                capture_output=True,
                text=True,
                check=True,
            )
        except (OSError, subprocess.CalledProcessError):
            return None
        return result.stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no")
    return {
        "commit": git("rev-parse", "HEAD"),
        "is_modified": None if changed is None else bool(changed),
    }


def parameters_of(settings: Settings, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What decides the contents besides the drop: variables and reference seeds."""
    import yaml

    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
    seeds = {
        node["name"]: fingerprint(PROJECT / node["original_file_path"])
        for node in manifest["nodes"].values()
        if node["resource_type"] == "seed" and node["schema"] == "reference"
    }
    return {
        "variables": {**project.get("vars", {}), **dbt_variables(settings)},
        "reference_seeds": dict(sorted(seeds.items())),
    }


def hash_of(value: object) -> str:
    """SHA-256 of a plain value, whatever the order of its keys."""
    text = json.dumps(value, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def input_hashes(inputs: Mapping[str, Any]) -> list[Any]:
    """What landed, by contents: each table with the SHA-256 of its files."""
    return [
        [table["name"], [file["sha256"] for file in table["files"]]]
        for table in inputs["tables"]
    ]


def run_dates(build: Path) -> dict[str, Any]:
    """The one row of intermediate.int_calendar__run, dates as text.

    Raises:
        ReleaseError: the run has no as-of date.
    """
    with duckdb.connect(str(build), read_only=True) as connection:
        row = connection.execute(
            "select as_of_date, paid_through_date, attribution_cutoff_date, "
            "is_provisional from intermediate.int_calendar__run"
        ).fetchone()
    if row is None or row[0] is None:
        raise ReleaseError(
            "The drop has no quarter whose three months all have claims, so there is "
            "no as-of date. Name one with AS_OF=yyyy-mm-dd."
        )
    return {
        "as_of": str(row[0]),
        "paid_through": None if row[1] is None else str(row[1]),
        "attribution_cutoff": None if row[2] is None else str(row[2]),
        "is_provisional": bool(row[3]),
    }


def publish(settings: Settings, paths: BuildPaths, run_id: str) -> Path:
    """Writes, verifies and installs a release; returns its folder.

    Args:
        settings: the run's settings.
        paths: the run's build, complete and checked.
        run_id: the run, which holds the lease.

    Raises:
        ReleaseError: what was written is not what was built.
        LeaseError: another run took over.
    """
    manifest = json.loads(paths.manifest.read_bytes())
    inputs = json.loads(paths.inputs.read_text())
    dates = run_dates(paths.database)
    created = datetime.now(timezone.utc)
    release_id = f"{created:%Y%m%dT%H%M%SZ}-{run_id[:8]}"
    folder = settings.releases / dates["as_of"]
    partial = folder / f".{release_id}.partial"
    tables = published_tables(manifest)
    with locked(settings.releases):
        verify_lease(settings.releases, run_id)
    try:
        folder.mkdir(exist_ok=True)
        with private_files():
            partial.mkdir()
            record = write_release(paths, partial, tables)
            verify_inputs_unchanged(settings, inputs)
            parameters = parameters_of(settings, manifest)
            record = {
                "release_id": release_id,
                **dates,
                "created_at": created.isoformat(timespec="seconds"),
                "run_id": run_id,
                "code_version": code_version(),
                "dbt_version": version("dbt-core"),
                "duckdb_version": duckdb.__version__,
                "storage_version": STORAGE_VERSION,
                "parameters": parameters,
                "parameters_hash": hash_of(parameters),
                "inputs": inputs,
                "inputs_hash": hash_of(input_hashes(inputs)),
                **record,
                "gates": [r.as_json() for r in read_results(paths.gates)],
            }
            (partial / "manifest.json").write_text(json.dumps(record, indent=1))
        open_to_readers(partial)
        install_release(settings.releases, run_id, partial, folder / release_id)
    except (OSError, duckdb.Error) as error:
        raise ReleaseError(
            f"The release could not be written ({error}). Nothing was published; "
            "`current` is as it was."
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder / release_id


def write_release(
    paths: BuildPaths, folder: Path, tables: list[Published]
) -> dict[str, Any]:
    """Writes and verifies the data files; returns rows and hashes per table."""
    public = [table for table in tables if table.schema == PUBLIC]
    restricted = [table for table in tables if table.schema == RESTRICTED]
    public_file = folder / "blueprint.duckdb"
    restricted_file = folder / "blueprint_restricted.duckdb"
    parquet = folder / "parquet"
    rows = write_database(paths.database, public_file, public, parquet)
    rows |= write_database(paths.database, restricted_file, restricted, None)
    hashes = verify_database(public_file, public, rows)
    hashes |= verify_database(restricted_file, restricted, rows)
    verify_parquet(parquet, public, rows)
    return {
        "tables": {
            table.label: {
                "rows": rows[table.label],
                "content_hash": hashes[table.label],
            }
            for table in tables
        }
    }


def open_to_readers(folder: Path) -> None:
    """Lets others read a release, except its restricted file."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    (folder / "blueprint_restricted.duckdb").chmod(0o600)
