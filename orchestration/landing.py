"""Reads a drop: a directory with one file or folder of files per landed table.

Belongs here: finding a drop's files, comparing their headers with the contract, and
putting every table of the contract into the build file's `landing` schema. Does not
belong here: casting values or judging rows; that is staging (quarantine) and the gates.

What lands (design, section 3): CSV becomes a table of text; Parquet a view that keeps
its types and is not copied; an absent table an empty one. Each has exactly the
contract's columns in the contract's order, aliases renamed, absent optional columns
null. Text from a drop never becomes SQL: names are compared with the contract, columns
of a CSV are read by position, and paths are escaped literals.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import stat
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from orchestration.contract import Table
from orchestration.errors import LandingError

FORMATS = {".csv": "csv", ".parquet": "parquet"}
# A header is read before anything else, whole, and no further than this.
HEADER_BYTES = 1 << 20
HEADER_COLUMNS = 2_000
NAMES_SHOWN = 8
# Checks of the landing gate that are made while reading.
KNOWN_FILES = "drop_has_only_known_files"
KNOWN_COLUMNS = "drop_has_only_known_columns"
LINE_BREAKS = "files_end_with_a_line_break"
Findings = dict[str, list[str]]


@dataclass(frozen=True)
class LandedFile:
    """One file of a drop: relative path, size in bytes, fingerprint, rows."""

    path: str
    size: int
    modified_ns: int
    sha256: str
    rows: int


@dataclass
class LandedTable:
    """One table as it landed. A table without files is empty."""

    name: str
    rows: int = 0
    files: list[LandedFile] = field(default_factory=list)


@dataclass
class Landed:
    """What a run reads: every table, and what a person should know about it.

    findings: sentences by the check of the landing gate that they belong to.
    """

    source: str
    tables: list[LandedTable] = field(default_factory=list)
    findings: dict[str, list[str]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The same as plain values, for the manifest."""
        return asdict(self)


def landed_rows(record: Path) -> int:
    """Rows of all landed tables, by the file that keeps them; 0 before it is there."""
    if not record.exists():
        return 0
    tables = json.loads(record.read_text())["tables"]
    return sum(table["rows"] for table in tables)


@dataclass(frozen=True)
class Header:
    """The columns of one file, by the contract's names.

    positions: contract column to its position in the file. names: contract column to
    the file's own name for it. unknown: names that the contract does not have.
    """

    width: int
    positions: Mapping[str, int]
    names: Mapping[str, str]
    unknown: tuple[str, ...]


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def path_literal(path: Path) -> str:
    """A path as an SQL literal that means this file only, never a pattern."""
    return literal(re.sub(r"([*?\[])", r"[\1]", str(path)))


def printable(text: str, limit: int = 60) -> str:
    """Landed text, cut and escaped, fit for one line of a message."""
    shown = text if len(text) <= limit else text[:limit] + "…"
    return (
        shown.encode("unicode_escape").decode("ascii")
        if not (shown.isprintable())
        else shown
    )


def listed(names: Sequence[str]) -> str:
    """Names for a message: the first few, and how many more there are."""
    shown = ", ".join(printable(name) for name in names[:NAMES_SHOWN])
    more = len(names) - NAMES_SHOWN
    return f"{shown} and {more:,} more" if more > 0 else shown


# Finding files ---------------------------------------------------------------------


def regular_file(path: Path, root: Path) -> Path:
    """The path, if it is a readable regular file inside the drop.

    Raises:
        LandingError: it leads out of the drop, is no regular file or cannot be read.
    """
    shown = path.relative_to(root)
    resolved = path.resolve()
    if not resolved.is_relative_to(root.resolve()):
        raise LandingError(
            f"{shown}: leads out of the landing directory. Put the file itself there."
        )
    try:
        mode = resolved.stat().st_mode
        if not stat.S_ISREG(mode):
            raise LandingError(
                f"{shown}: is not a file. A table is a .csv or .parquet file, or a "
                "folder of them."
            )
        with resolved.open("rb"):
            pass
    except OSError as error:
        raise LandingError(
            f"{shown}: cannot be read ({error.strerror}). Correct the file or its "
            "permissions."
        ) from error
    return path


def files_of_drop(
    root: Path, contract: Mapping[str, Table]
) -> tuple[dict[str, list[Path]], Findings]:
    """The files of each landed table, and findings about what belongs to none.

    Raises:
        LandingError: the directory is absent or unreadable, holds no known table, or
            gives a table twice.
    """
    if not root.exists():
        raise LandingError(f"LANDING={root}: there is no such directory.")
    if not root.is_dir():
        raise LandingError(
            f"LANDING={root}: is a file. Name the directory that holds the tables."
        )
    try:
        entries = sorted(root.iterdir())
    except OSError as error:
        raise LandingError(
            f"LANDING={root}: cannot be read ({error.strerror})."
        ) from error
    sources: dict[str, list[Path]] = {}
    unknown = []
    for entry in entries:
        known = entry.stem if entry.suffix.lower() in FORMATS else entry.name
        if entry.name.startswith((".", "_")):
            continue
        if known not in contract or (entry.is_file() and entry.name == known):
            unknown.append(entry.name)
            continue
        if entry.is_dir() and entry.name != known:
            raise LandingError(
                f"{entry.name}: is a folder. Name a folder of files after its table, "
                f"{known}."
            )
        sources.setdefault(known, []).append(entry)
    if not sources:
        raise LandingError(
            f"LANDING={root}: holds none of the landed tables (such as "
            "eligibility.csv, medical_claim.parquet or a folder medical_claim/)."
        )
    findings: Findings = {}
    if unknown:
        note(findings, KNOWN_FILES, f"ignored, not a landed table: {listed(unknown)}")
    drop: dict[str, list[Path]] = {}
    for table in contract:
        given = sources.get(table, [])
        if len(given) > 1:
            raise LandingError(
                f"{table}: is given twice, as {' and '.join(p.name for p in given)}. "
                "Keep one."
            )
        if not given:
            continue
        if given[0].is_dir():
            drop[table] = files_of_folder(given[0], root, findings)
        else:
            drop[table] = [regular_file(given[0], root)]
    return drop, findings


def note(findings: Findings, check: str, sentence: str) -> None:
    """Adds a sentence to those of a check."""
    findings.setdefault(check, []).append(sentence)


def files_of_folder(folder: Path, root: Path, findings: Findings) -> list[Path]:
    """The files of a table that is given as a folder, sorted by name."""
    if not folder.resolve().is_relative_to(root.resolve()):
        raise LandingError(
            f"{folder.name}: leads out of the landing directory. Put the folder itself "
            "there."
        )
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise LandingError(
            f"{folder.name}: cannot be read ({error.strerror})."
        ) from error
    entries = [entry for entry in entries if not entry.name.startswith((".", "_"))]
    files = [entry for entry in entries if entry.suffix.lower() in FORMATS]
    if not files:
        raise LandingError(
            f"{folder.name}: the folder holds no .csv or .parquet file. Remove the "
            "folder if the table has no rows."
        )
    if len({entry.suffix.lower() for entry in files}) > 1:
        raise LandingError(
            f"{folder.name}: the folder holds both .csv and .parquet files, so rows "
            "may be given twice. Keep one kind."
        )
    others = [entry.name for entry in entries if entry not in files]
    if others:
        note(
            findings,
            KNOWN_FILES,
            f"{folder.name}: ignored, not data: {listed(others)}",
        )
    return [regular_file(entry, root) for entry in files]


# Headers ---------------------------------------------------------------------------


def csv_header(path: Path, shown: str) -> list[str]:
    """The names in the first line of a CSV.

    Raises:
        LandingError: the file is empty, not UTF-8, or its header cannot be read.
    """
    with path.open("rb") as file:
        start = file.read(HEADER_BYTES)
    if not start.strip():
        raise LandingError(
            f"{shown}: is empty. A table without rows has a header line."
        )
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise LandingError(f"{shown}: is UTF-16. Save it as UTF-8.")
    # The last character may be cut by the end of the read.
    text = start.decode("utf-8-sig", errors="surrogateescape")
    if len(start) == HEADER_BYTES and b"\n" not in start and b"\r" not in start:
        columns = start.count(b",")
        raise LandingError(
            f"{shown}: its first line is longer than {HEADER_BYTES:,} bytes"
            + (f" (over {columns:,} columns)" if columns else "")
            + ", so it is no header. Is this the right file?"
        )
    try:
        header = next(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (csv.Error, StopIteration) as error:
        raise LandingError(
            f"{shown}: its header cannot be read ({error}). The first line names the "
            "columns, separated by commas."
        ) from error
    if len(header) > HEADER_COLUMNS:
        raise LandingError(
            f"{shown}: its header names {len(header):,} columns; no landed "
            f"table has over {HEADER_COLUMNS:,}. Is this the right file?"
        )
    for name in header:
        if not name.isascii() and any(
            "\udc80" <= letter <= "\udcff" for letter in name
        ):
            raise LandingError(f"{shown}: its header is not UTF-8. Save it as UTF-8.")
    return header


def parquet_header(
    connection: duckdb.DuckDBPyConnection, path: Path, shown: str
) -> list[str]:
    """The column names of a Parquet file.

    Raises:
        LandingError: the file is truncated or no Parquet.
    """
    schema = parquet_metadata(
        connection, path, shown, "name, coalesce(num_children, 0)", "parquet_schema"
    )
    names: list[str] = []
    # A depth-first listing: after the root, a node is followed by its descendants.
    nested = 0
    for name, children in schema[1:]:
        if nested:
            nested += children - 1
        else:
            names.append(name)
            nested = children
    return names


def parquet_rows(connection: duckdb.DuckDBPyConnection, path: Path, shown: str) -> int:
    """The rows that a Parquet file says it has.

    Raises:
        LandingError: the file is truncated or no Parquet.
    """
    rows = parquet_metadata(
        connection, path, shown, "num_rows", "parquet_file_metadata"
    )
    return int(rows[0][0])


def parquet_metadata(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    shown: str,
    columns: str,
    function: str,
) -> list[tuple[Any, ...]]:
    """What the end of a Parquet file says of it.

    Raises:
        LandingError: the file is truncated or no Parquet.
    """
    try:
        return connection.execute(
            f"select {columns} from {function}({path_literal(path)})"
        ).fetchall()
    except duckdb.Error as error:
        raise LandingError(
            f"{shown}: is not a whole Parquet file ({first_line(error)}). It may have "
            "been cut while copying: copy it again."
        ) from error


def first_line(error: Exception) -> str:
    """What an engine's message says, without its hints."""
    message = str(error).strip().splitlines()
    return printable(
        without_quotes(message[0]) if message else type(error).__name__, 200
    )


def without_quotes(message: str) -> str:
    """A message without what it quotes: landed values, and paths of this machine."""
    return re.sub(r"'[^']*'|\"[^\"]*\"", "'…'", message)


def match_header(table: Table, names: Sequence[str], shown: str) -> Header:
    """A file's columns by the contract's names; case and outer blanks do not matter.

    Raises:
        LandingError: a name occurs twice, a column comes under two names, or a required
            column is missing.
    """
    known = {n for column in table.columns for n in (column.name, *column.aliases)}
    if not known.intersection(name.strip().lower() for name in names):
        hint = ""
        if len(names) == 1 and re.search(r"[;|\t]", names[0]):
            hint = " Its fields are not separated by commas: save it with commas."
        raise LandingError(
            f"{shown}: its first line names no column of {table.name}, so it is no "
            "header." + (hint or " Put the names of the columns into the first line.")
        )
    positions: dict[str, int] = {}
    for position, name in enumerate(names):
        key = name.strip().lower()
        # Spreadsheets leave commas behind the last column.
        if key in positions and key:
            raise LandingError(
                f"{shown}: column {printable(key)!r} occurs twice in the header. Keep "
                "one."
            )
        positions[key] = position
    found: dict[str, int] = {}
    used = set()
    for column in table.columns:
        present = [n for n in (column.name, *column.aliases) if n in positions]
        if len(present) > 1:
            raise LandingError(
                f"{shown}: {' and '.join(present)} are the same column. Keep "
                f"{column.name}."
            )
        if present:
            found[column.name] = positions[present[0]]
            used.add(present[0])
    missing = [c for c in table.columns if c.required and c.name not in found]
    if missing:
        also = missing[0].aliases
        raise LandingError(
            f"{shown}: required column{'s' if len(missing) > 1 else ''} "
            f"{listed([c.name for c in missing])} missing"
            + (f" (also accepted: {', '.join(also)})" if also else "")
            + ". Add it to the file, or correct the header."
        )
    for group in table.groups():
        if not any(name in found for name in group):
            raise LandingError(
                f"{shown}: one of the columns {listed(group)} is required, and none is "
                "there. Add one to the file, or correct the header."
            )
    return Header(
        width=len(names),
        positions=found,
        names={name: names[position] for name, position in found.items()},
        unknown=tuple(
            name.strip() or "one without a name"
            for name in names
            if name.strip().lower() not in used
        ),
    )


def header_of(
    connection: duckdb.DuckDBPyConnection, table: Table, path: Path, root: Path
) -> Header:
    """A file's columns by the contract's names.

    Raises:
        LandingError: they cannot be read, or break the contract.
    """
    shown = str(path.relative_to(root))
    if FORMATS[path.suffix.lower()] == "parquet":
        return match_header(table, parquet_header(connection, path, shown), shown)
    return match_header(table, csv_header(path, shown), shown)


# Landing ---------------------------------------------------------------------------


def fingerprint(path: Path) -> str:
    """SHA-256 of the file's bytes, hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def landed_file(path: Path, root: Path, sha256: str, rows: int) -> LandedFile:
    """One file's record in the manifest."""
    status = path.stat()
    return LandedFile(
        path=str(path.relative_to(root)),
        size=status.st_size,
        modified_ns=status.st_mtime_ns,
        sha256=sha256,
        rows=rows,
    )


def land_directory(root: Path, database: Path, contract: Mapping[str, Table]) -> Landed:
    """Puts every table of the contract into the build file's `landing` schema.

    Args:
        root: the drop; nothing outside it is read.
        database: the build file; made when absent.
        contract: the tables by name.

    Returns:
        What landed, with rows and SHA-256 per file, and findings.

    Raises:
        LandingError: the drop breaks the contract; the message names file and column.
    """
    drop, findings = files_of_drop(root, contract)
    landed = Landed(source=root.name, findings=findings)
    paths = [path for files in drop.values() for path in files]
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        hashes = pool.map(fingerprint, paths)
        with duckdb.connect(str(database)) as connection:
            connection.execute("set enable_progress_bar = false")
            connection.execute("create schema if not exists landing")
            counts = {}
            for table in contract.values():
                files = drop.get(table.name, [])
                counts.update(land_table(connection, table, files, root, findings))
        digests = dict(zip(paths, hashes, strict=True))
    for table in contract:
        record = LandedTable(table)
        for path in drop.get(table, []):
            record.files.append(landed_file(path, root, digests[path], counts[path]))
        record.rows = sum(file.rows for file in record.files)
        landed.tables.append(record)
    return landed


def land_table(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    files: Sequence[Path],
    root: Path,
    findings: Findings,
) -> dict[Path, int]:
    """Makes `landing.<table>`; returns the rows of each file."""
    relation = f"landing.{quoted(table.name)}"
    unknown: dict[str, None] = {}
    counts: dict[Path, int] = {}
    columns = ", ".join(f"{quoted(c.name)} varchar" for c in table.columns)
    selects = []
    is_parquet = bool(files) and FORMATS[files[0].suffix.lower()] == "parquet"
    if not is_parquet:
        connection.execute(f"create or replace table {relation} ({columns})")
    for path in files:
        shown = str(path.relative_to(root))
        header = header_of(connection, table, path, root)
        unknown.update(dict.fromkeys(header.unknown))
        if is_parquet:
            counts[path] = parquet_rows(connection, path, shown)
            selects.append(parquet_select(table, header, path))
        else:
            counts[path] = insert_csv(
                connection, relation, table, header, path, shown, findings
            )
    if is_parquet:
        make_parquet_view(connection, table, selects, files, root)
    if unknown:
        note(
            findings,
            KNOWN_COLUMNS,
            f"{table.name}: ignored, not in the contract: {listed(list(unknown))}",
        )
    return counts


def make_parquet_view(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    selects: Sequence[str],
    files: Sequence[Path],
    root: Path,
) -> None:
    """Makes a table's view and reads every value once.

    The end of a Parquet file says what it holds, so that one whose middle is damaged
    looks whole until it is read.

    Raises:
        LandingError: a file is damaged, or files do not go together.
    """
    relation = f"landing.{quoted(table.name)}"
    counts = ", ".join(f"count({quoted(c.name)})" for c in table.columns)
    try:
        connection.execute(
            f"create or replace view {relation} as " + " union all ".join(selects)
        )
        connection.execute(f"select {counts} from {relation}").fetchall()
    except (duckdb.Error, RuntimeError) as error:
        for path, one in zip(files, selects, strict=True):
            try:
                connection.execute(f"select {counts} from ({one}) as file").fetchall()
            except (duckdb.Error, RuntimeError) as found:
                raise LandingError(
                    f"{path.relative_to(root)}: cannot be read ({first_line(found)}). "
                    "It was probably damaged while copying: copy it again."
                ) from found
        raise LandingError(
            f"{table.name}: its Parquet files cannot be read together "
            f"({first_line(error)}). Write a column with one type in all of them."
        ) from error


def parquet_select(table: Table, header: Header, path: Path) -> str:
    """A query for one Parquet file in the contract's columns and order."""
    columns = [
        f"{quoted(header.names[c.name])} as {quoted(c.name)}"
        if c.name in header.names
        else f"cast(null as varchar) as {quoted(c.name)}"
        for c in table.columns
    ]
    return (
        f"select {', '.join(columns)} from read_parquet([{path_literal(path)}], "
        "hive_partitioning = false, filename = false)"
    )


def insert_csv(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    table: Table,
    header: Header,
    path: Path,
    shown: str,
    findings: Findings,
) -> int:
    """Reads one CSV as text into the table; returns its rows.

    Raises:
        LandingError: a row has a wrong number of fields, a quote is left open, or the
            file is not UTF-8.
    """
    file_columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(header.width))
    present = [c.name for c in table.columns if c.name in header.positions]
    statement = (
        f"insert into {relation} ({', '.join(map(quoted, present))}) "
        f"select {', '.join(f'c{header.positions[name]}' for name in present)} "
        f"from read_csv([{path_literal(path)}], auto_detect = false, header = true, "
        f"columns = {{{file_columns}}}, delim = ',', quote = '\"', escape = '\"', "
        "null_padding = false, ignore_errors = false, strict_mode = true)"
    )
    try:
        rows = int(connection.execute(statement).fetchall()[0][0])
    except duckdb.Error as error:
        raise csv_error(error, path, shown) from error
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        if file.read(1) not in (b"\n", b"\r") and rows:
            note(
                findings,
                LINE_BREAKS,
                f"{shown}: does not end with a line break; if it was cut, its last "
                "value is too",
            )
    return rows


def csv_error(error: duckdb.Error, path: Path, shown: str) -> LandingError:
    """The engine's complaint about a CSV as one line that names file and line."""
    message = str(error)
    line = re.search(r"CSV Error on Line: (\d+)", message)
    where = f"{shown}, line {int(line[1]):,}" if line else shown
    fields = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", message)
    if fields:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - 1))
            cut = file.read(1) not in (b"\n", b"\r")
        reason = (
            f"has {int(fields[2]):,} fields where the header has {int(fields[1]):,}"
        )
        if cut and int(fields[2]) < int(fields[1]):
            return LandingError(
                f"{where}: {reason}, and the file ends without a line break. It was "
                "probably cut while copying: copy it again."
            )
        return LandingError(
            f"{where}: {reason}. Correct the row; a value that holds a comma is quoted."
        )
    if "unterminated quote" in message:
        return LandingError(
            f"{where}: a quoted value does not end. The file was cut while copying, or "
            "a quote within a value is not doubled."
        )
    if "unicode" in message.lower() or "utf-8" in message.lower():
        return LandingError(f"{where}: is not UTF-8. Save the file as UTF-8.")
    if "state machine" in message:
        return LandingError(
            f"{where}: mixes line breaks or misplaces quotes, so rows cannot be told "
            "apart. Save it with one kind of line break."
        )
    return LandingError(f"{where}: cannot be read as CSV ({first_line(error)}).")


# The sample ------------------------------------------------------------------------


def sample_files(folder: Path, contract: Mapping[str, Table]) -> dict[str, Path]:
    """The sample's file per landed table."""
    return {
        name: folder / f"{name}.csv"
        for name in contract
        if (folder / f"{name}.csv").exists()
    }


def describe_sample(
    folder: Path, rows: Mapping[str, int], contract: Mapping[str, Table]
) -> Landed:
    """The record of a run on the sample seeds, which dbt has loaded."""
    landed = Landed(source="sample")
    for name, path in sample_files(folder, contract).items():
        count = rows.get(name, 0)
        file = landed_file(path, folder, fingerprint(path), count)
        landed.tables.append(LandedTable(name, count, [file]))
    return landed


def land_absent_tables(
    connection: duckdb.DuckDBPyConnection, contract: Mapping[str, Table]
) -> None:
    """Makes an empty table of text for each landed table that is not there."""
    connection.execute("create schema if not exists landing")
    for table in contract.values():
        columns = ", ".join(f"{quoted(c.name)} varchar" for c in table.columns)
        connection.execute(
            f"create table if not exists landing.{quoted(table.name)} ({columns})"
        )
