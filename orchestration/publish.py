"""Writes a release: what is handed out, and what is kept apart.

Belongs here: copying finished tables from a build into the two DuckDB files, Parquet
and manifest.json of a release, and verifying them against the build and the contracts
of the marts. Does not belong here: suppression (the marts), checks (gates.py), the
switch (releases.py), or verifying a release that was published (verify.py).

`blueprint.duckdb` and `parquet/` hold the schema `marts`. The other file,
`blueprint_restricted.duckdb`, holds person-level tables and the unsuppressed twin of
every mart, and only its owner may read it; its schema `inputs` keeps what payments were
made from, so that a scenario can make them again. manifest.json is written last: it
names every other file with its size and SHA-256, and every table with its columns, rows
and a fingerprint of its contents.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
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
from orchestration.payment_graph import grain_of, payment_graph
from orchestration.releases import install_release, locked, verify_lease
from orchestration.settings import PROJECT, BuildPaths, Settings, dbt_variables

# Drivers lag behind DuckDB's own format; every reader since 1.0 reads this one.
STORAGE_VERSION = "v1.0.0"
PUBLIC, RESTRICTED, INPUTS = "marts", "restricted", "inputs"
SCHEMAS = (PUBLIC, RESTRICTED, INPUTS)
# The restricted table that lists everyone.
PEOPLE = "attribution"
PUBLIC_FILE, RESTRICTED_FILE = "blueprint.duckdb", "blueprint_restricted.duckdb"
PARQUET_FOLDER, MANIFEST_FILE = "parquet", "manifest.json"
FAULTS_SHOWN = 5


@dataclass(frozen=True)
class Published:
    """One table of a release and the build's relation that it is copied from.

    columns: description of each column. types: the type of each column by the enforced
    contract of the mart; empty when it has none.
    """

    schema: str
    name: str
    source_schema: str
    source_name: str
    grain: tuple[str, ...]
    description: str
    columns: Mapping[str, str]
    types: Mapping[str, str]

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
                types={
                    column["name"]: column.get("data_type") or ""
                    for column in node["columns"].values()
                }
                if node["config"].get("contract", {}).get("enforced")
                else {},
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
            table.types,
        )
        for table in tables
        if table.schema == PUBLIC and table.name not in twins
    ]
    return sorted(tables + copies, key=lambda table: table.label)


def published_inputs(manifest: Mapping[str, Any]) -> list[Published]:
    """What payments were made from, by the dbt manifest; kept for scenarios.

    Not a contract: which tables they are, and their columns, change with the models.
    """
    nodes = manifest["nodes"]
    return [
        Published(
            schema=INPUTS,
            name=nodes[unique_id]["alias"],
            source_schema=nodes[unique_id]["schema"],
            source_name=nodes[unique_id]["alias"],
            grain=grain_of(nodes[unique_id]),
            description=nodes[unique_id]["description"],
            columns={
                column["name"]: column["description"]
                for column in nodes[unique_id]["columns"].values()
            },
            types={},
        )
        for unique_id in payment_graph(manifest).inputs
    ]


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
    build: Path, path: Path, tables: list[Published], release: Path | None = None
) -> dict[str, int]:
    """Copies tables into a new DuckDB file, sorted by their grain and with comments.

    Args:
        build: the build file, read only.
        path: the file to make.
        tables: what goes in.
        release: the release's folder, for the same rows as Parquet; None for none.

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
        # One transaction: a comment of its own would wait for the disk each time.
        connection.execute("begin")
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
            if release:
                file = parquet_file(release, table.label)
                file.parent.mkdir(parents=True, exist_ok=True)
                connection.execute(
                    f"copy (select * from {source} order by {order}) "
                    f"to {literal(str(file))} (format parquet, compression zstd)"
                )
        connection.execute("commit")
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


def columns_of(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    """The columns of a relation in their order, with the types that the engine says."""
    return {
        name: kind
        for name, kind, *_ in connection.execute(
            f"describe select * from {relation}"
        ).fetchall()
    }


def parquet_relation(file: Path) -> str:
    """A Parquet file as SQL; only its own columns, none that its path would give."""
    return f"read_parquet([{path_literal(file)}], hive_partitioning = false)"


def parquet_file(folder: Path, table: str) -> Path:
    """Where the Parquet of a table lies in a release.

    Args:
        folder: the release.
        table: its label, such as `marts.hsas`.
    """
    schema, _, name = table.partition(".")
    return folder / PARQUET_FOLDER / schema / f"{name}.parquet"


def content_hash(
    connection: duckdb.DuckDBPyConnection, relation: str, seal: str = ""
) -> str:
    """A fingerprint of a table's rows, whatever their order.

    The sums of both halves of every row's MD5: equal for equal bags of rows, whichever
    release they are in. seal: mixed in, for tables that are not handed out.
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
    return hashlib.sha256(f"{seal}{row!r}".encode()).hexdigest()


def seal_of(connection: duckdb.DuckDBPyConnection, schema: str) -> str:
    """What the fingerprints of a schema's tables are sealed with; empty for none.

    The manifest is handed out, and an unsuppressed count could be guessed until its
    table's fingerprint fits. So those of restricted tables depend on the list of people
    too, which nobody can guess and which is the same for the same contents.
    """
    there = connection.execute(
        "select 1 from duckdb_tables() where schema_name = $schema "
        "and table_name = $table",
        {"schema": RESTRICTED, "table": PEOPLE},
    ).fetchone()
    if schema == PUBLIC or there is None:
        return ""
    return content_hash(connection, f"{quoted(RESTRICTED)}.{quoted(PEOPLE)}")


# Verifying ---------------------------------------------------------------------------


def contract_faults(table: Published, found: Mapping[str, str]) -> list[str]:
    """How the columns of a written table differ from its mart's contract.

    Args:
        table: the table with its contract.
        found: type of each column, as readers find it.

    Returns:
        A sentence per column that is missing, too many, or of another type.
    """
    faults = []
    for column, declared in table.types.items():
        try:
            expected = str(duckdb.sqltype(declared))
        except duckdb.Error:
            expected = ""
        there = found.get(column, "no such column")
        if there != expected:
            faults.append(
                f"{table.label}, column {column}: found {there}, declared {declared}"
            )
    faults += [
        f"{table.label}, column {column}: found {kind}, declared nowhere"
        for column, kind in found.items()
        if column not in table.types
    ]
    return faults


def hold_against_contracts(file: str, faults: list[str]) -> None:
    """Stops when columns differ from the contracts of their marts.

    Args:
        file: where they were found.
        faults: what `contract_faults` said.

    Raises:
        ReleaseError: there is a fault.
    """
    if not faults:
        return
    more = len(faults) - FAULTS_SHOWN
    raise ReleaseError(
        f"{file} breaks the contract of a mart: {'; '.join(faults[:FAULTS_SHOWN])}"
        f"{f'; and {more:,} more' if more > 0 else ''}. Nothing was published; correct "
        "the model, or its contract in the YAML beside it and in CHANGELOG.md."
    )


def verify_database(
    path: Path, tables: list[Published], rows: Mapping[str, int]
) -> dict[str, dict[str, Any]]:
    """Reopens a written file and compares it with the build and with the contracts.

    Returns:
        Rows, content hash and columns with their types per table, by label.

    Raises:
        ReleaseError: a table is missing, there is one too many, or one has other rows
            or columns.
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
        record: dict[str, dict[str, Any]] = {}
        faults = []
        seals = {schema: seal_of(connection, schema) for schema in SCHEMAS}
        for table in tables:
            relation = f"{quoted(table.schema)}.{quoted(table.name)}"
            columns = columns_of(connection, relation)
            if table.schema != INPUTS:
                faults += contract_faults(table, columns)
            written = count_rows(connection, relation)
            if written != rows[table.label]:
                raise ReleaseError(
                    f"{path.name}: {table.label} has {written:,} rows, the build "
                    f"{rows[table.label]:,}. Nothing was published."
                )
            record[table.label] = {
                "rows": written,
                "content_hash": content_hash(connection, relation, seals[table.schema]),
                "columns": columns,
            }
    hold_against_contracts(path.name, faults)
    return record


def verify_parquet(
    release: Path, tables: list[Published], record: Mapping[str, Mapping[str, Any]]
) -> None:
    """Reopens the Parquet files: the contract's columns, and the rows of their tables.

    Args:
        release: the release's folder.
        tables: the tables that have a file.
        record: what `verify_database` returned.

    Raises:
        ReleaseError: a file has other columns, rows or values than its table.
    """
    faults = []
    with quiet_connection() as connection:
        for table in tables:
            file = parquet_file(release, table.label)
            relation = parquet_relation(file)
            expected = record[table.label]
            differing = contract_faults(table, columns_of(connection, relation))
            faults += differing
            written = count_rows(connection, relation)
            if written != expected["rows"]:
                raise ReleaseError(
                    f"{file.name} has {written:,} rows, the build "
                    f"{expected['rows']:,}. Nothing was published."
                )
            # Another type changes every value, and is the better thing to say.
            if not differing and (
                content_hash(connection, relation) != expected["content_hash"]
            ):
                raise ReleaseError(
                    f"{file.name} does not hold the values of {table.label} in "
                    f"{PUBLIC_FILE}. Nothing was published; run again, and report it "
                    "if it stays."
                )
    hold_against_contracts(f"{PARQUET_FOLDER}/", faults)


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


def publish(
    settings: Settings,
    paths: BuildPaths,
    run_id: str,
    report: Callable[[str, Path], None],
) -> Path:
    """Writes, verifies and installs a release; returns its folder.

    Args:
        settings: the run's settings.
        paths: the run's build, complete and checked.
        run_id: the run, which holds the lease.
        report: writes the report of a release, by its id, into a folder; the manifest
            names every file that is there afterwards.

    Raises:
        ReleaseError: what was written is not what was built, or breaks a contract.
        LeaseError: another run took over.
    """
    manifest = json.loads(paths.manifest.read_bytes())
    inputs = json.loads(paths.inputs.read_text())
    dates = run_dates(paths.database)
    created = datetime.now(timezone.utc)
    release_id = f"{created:%Y%m%dT%H%M%SZ}-{run_id[:8]}"
    folder = settings.releases / dates["as_of"]
    partial = folder / f".{release_id}.partial"
    tables = published_tables(manifest) + published_inputs(manifest)
    with locked(settings.releases):
        verify_lease(settings.releases, run_id)
    try:
        folder.mkdir(exist_ok=True)
        with private_files():
            partial.mkdir()
            record = write_release(paths, partial, tables)
            verify_inputs_unchanged(settings, inputs)
            report(release_id, partial)
            parameters = parameters_of(settings, manifest)
            record = {
                "release_id": release_id,
                "job": settings.kind.job,
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
                "gates": [r.as_json() for r in read_results(paths.checks)],
            }
            record["files"] = files_of(partial)
            (partial / MANIFEST_FILE).write_text(json.dumps(record, indent=1))
        open_to_readers(partial)
        install_release(
            settings.releases,
            run_id,
            partial,
            folder / release_id,
            settings.kind.link,
        )
    except (OSError, duckdb.Error) as error:
        raise ReleaseError(
            f"The release could not be written ({error}). Nothing was published; "
            f"`{settings.kind.link}` is as it was."
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder / release_id


def write_release(
    paths: BuildPaths, folder: Path, tables: list[Published]
) -> dict[str, Any]:
    """Writes and verifies the data files; returns what the manifest says of tables."""
    public = [table for table in tables if table.schema == PUBLIC]
    restricted = [table for table in tables if table.schema != PUBLIC]
    rows = write_database(paths.database, folder / PUBLIC_FILE, public, folder)
    rows |= write_database(paths.database, folder / RESTRICTED_FILE, restricted)
    record = verify_database(folder / PUBLIC_FILE, public, rows)
    record |= verify_database(folder / RESTRICTED_FILE, restricted, rows)
    verify_parquet(folder, public, record)
    return {"tables": {table.label: record[table.label] for table in tables}}


def files_of(folder: Path) -> dict[str, dict[str, Any]]:
    """Every file of a release but its manifest: size in bytes and SHA-256, by path."""
    return {
        path.relative_to(folder).as_posix(): {
            "bytes": path.stat().st_size,
            "sha256": fingerprint(path),
        }
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / MANIFEST_FILE
    }


def open_to_readers(folder: Path) -> None:
    """Lets others read a release, except its restricted file.

    The folder is opened last, and the restricted file at no moment.
    """
    (folder / RESTRICTED_FILE).chmod(0o600)
    for path in sorted(folder.rglob("*"), reverse=True):
        if path != folder / RESTRICTED_FILE:
            path.chmod(0o755 if path.is_dir() else 0o644)
    folder.chmod(0o755)
