"""Holds a release against its manifest, wherever it lies and whoever asks.

Belongs here: recomputing what manifest.json says of files, tables, inputs and policy,
and saying what holds and what does not. Does not belong here: writing a release, or how
its fingerprints are made (publish.py).

A release may come from anywhere, so nothing in it is trusted: no path is made of its
text (the manifest's names are looked up among the files that are there), its databases
reach no other file, and what is shown of it is fit for a line. Nothing is written.

What this cannot show: that the manifest is the publisher's own. Who can change a
release can change its manifest too, so its fingerprint is shown, to be compared with
the one that the publisher gave in another way.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import duckdb
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from orchestration.contract import landing_contract
from orchestration.errors import LandingError, ReleaseError
from orchestration.landing import (
    files_of_drop,
    fingerprint,
    first_line,
    printable,
    quoted,
)
from orchestration.publish import (
    INPUTS,
    MANIFEST_FILE,
    PUBLIC,
    PUBLIC_FILE,
    RESTRICTED,
    RESTRICTED_FILE,
    SCHEMAS,
    columns_of,
    content_hash,
    count_rows,
    hash_of,
    input_hashes,
    parquet_file,
    parquet_relation,
    quiet_connection,
    seal_of,
)
from orchestration.settings import PROJECT, Settings

# What is checked, in the order in which it is said.
RULES = {
    "manifest": "manifest.json can be read and is complete",
    "listed": "the files are those that the manifest names",
    "bytes": "each file has its size and SHA-256",
    "tables": "each DuckDB table has its columns, rows and contents",
    "parquet": "each Parquet file holds what its table holds",
    "mode": "only its owner reads the restricted file",
    "hashes": "inputs_hash and parameters_hash follow from what is listed",
    "policy": "the policy is that of this checkout",
    "drop": "the landed files are those that were read",
}
HOLDS, NOTE, FAULT = "holds", "note", "fault"
LINES_SHOWN = 20
# A parameter of a run, not policy.
RUN_VARIABLES = {"as_of_date"}

CHANGED = (
    "Copy it again from where it was published; if it is the same there, it was "
    "changed after publishing: refresh anew."
)
NOT_ITS_OWN = "The manifest was changed after publishing: get the publisher's own."
OTHER_DROP = "Name the drop that this release was made of, or refresh with this one."


@dataclass(frozen=True)
class Finding:
    """What came of checking one thing.

    rule: a key of RULES. subject: the file, table or parameter. outcome: holds; note
    (a person should know it, and the release may still be what its manifest says); or
    fault. expected, found, remedy: for a line; mostly empty when the rule holds.
    """

    rule: str
    subject: str
    outcome: str = HOLDS
    expected: str = ""
    found: str = ""
    remedy: str = ""

    def line(self) -> str:
        """What was expected, what was found, and what to do."""
        return (
            f"{self.outcome.upper():<5}  {self.subject}: expected {self.expected}, "
            f"found {self.found}. {self.remedy}"
        ).rstrip()


def fault(
    rule: str, subject: str, expected: str, found: str, remedy: str = CHANGED
) -> Finding:
    """Something that is not as the manifest says."""
    return Finding(rule, subject, FAULT, expected, found, remedy)


# The manifest --------------------------------------------------------------------

Count = Annotated[int, Field(ge=0)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Part(BaseModel):
    """A part of a manifest; what else it holds is left unread."""

    model_config = ConfigDict(strict=True, extra="ignore")


class FileRecord(Part):
    """A file of the release: its size and its SHA-256."""

    bytes: Count
    sha256: Sha256


class TableRecord(Part):
    """A table of the release; columns: name to type."""

    rows: Count
    content_hash: Sha256
    columns: dict[str, str]


class LandedFileRecord(Part):
    """A file of the drop, by its path in there."""

    path: str
    size: Count
    sha256: Sha256


class LandedTableRecord(Part):
    """A landed table and its files."""

    name: str
    files: list[LandedFileRecord]


class InputsRecord(Part):
    """What landed."""

    tables: list[LandedTableRecord]


class ParametersRecord(Part):
    """Variables of the run, and the SHA-256 of each reference seed."""

    variables: dict[str, Any]
    reference_seeds: dict[str, str]


class Manifest(Part):
    """What a release says about itself, as far as it can be verified."""

    release_id: str
    as_of: str
    created_at: str
    duckdb_version: str
    parameters: ParametersRecord
    parameters_hash: Sha256
    inputs: InputsRecord
    inputs_hash: Sha256
    tables: dict[str, TableRecord]
    files: dict[str, FileRecord]


def read_manifest(folder: Path) -> tuple[dict[str, Any], Manifest | None, Finding]:
    """The manifest as it is written, as it is understood, and whether it is whole."""
    path = folder / MANIFEST_FILE
    remedy = "Copy the release again, with its manifest, from where it was published."
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        manifest = Manifest.model_validate(raw)
        said = f"{printable(manifest.release_id)}, as of {printable(manifest.as_of)}"
        return raw, manifest, Finding("manifest", MANIFEST_FILE, found=said)
    except ValidationError as error:
        faults = [
            f"{'.'.join(printable(str(part)) for part in entry['loc'])} "
            f"({entry['msg'].lower()})"
            for entry in error.errors()
        ]
        more = len(faults) - 3
        found = "; ".join(faults[:3]) + (f"; and {more:,} more" if more > 0 else "")
        remedy = (
            "It was changed, or another version of the project wrote it: verify it "
            "with that version, or refresh anew."
        )
    except OSError as error:
        found = str(error.strerror)
    except (ValueError, RecursionError) as error:
        found = f"no JSON ({first_line(error)})"
    whole = fault("manifest", MANIFEST_FILE, "a whole manifest", found, remedy)
    return {}, None, whole


# Files ---------------------------------------------------------------------------


def files_there(folder: Path) -> dict[str, Path]:
    """Everything below a folder that is no folder, by relative path; links unfollowed.

    Raises:
        OSError: a folder cannot be listed.
    """

    def refuse(error: OSError) -> None:
        raise error

    there = {}
    for parent, folders, files in os.walk(folder, onerror=refuse):
        links = [name for name in folders if Path(parent, name).is_symlink()]
        for name in (*files, *links):
            path = Path(parent, name)
            there[path.relative_to(folder).as_posix()] = path
    return there


def short(digest: str) -> str:
    """The beginning of a fingerprint, enough to tell two apart."""
    return f"{printable(digest[:12])}…"


def compare_file(
    rule: str, shown: str, path: Path, size: int, digest: str, remedy: str = CHANGED
) -> Finding:
    """Holds one file against its size in bytes and its SHA-256."""
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            found = "a link" if stat.S_ISLNK(status.st_mode) else "no regular file"
            return fault(rule, shown, "a file", found, remedy)
        if status.st_size != size:
            return fault(rule, shown, f"{size:,} bytes", f"{status.st_size:,}", remedy)
        actual = fingerprint(path)
    except OSError as error:
        why = f"one that cannot be read ({error.strerror})"
        return fault(rule, shown, "a readable file", why, remedy)
    if actual != digest:
        return fault(rule, shown, f"SHA-256 {short(digest)}", short(actual), remedy)
    return Finding(rule, shown)


def is_readable(path: Path) -> bool:
    """Whether this user may read the file."""
    try:
        with path.open("rb"):
            return True
    except OSError:
        return False


def file_findings(manifest: Manifest, there: Mapping[str, Path]) -> list[Finding]:
    """Whether the release's files are the manifest's, and as they were published.

    A restricted file that is not there, or not for this user to read, is left to
    `restricted_finding`.
    """
    findings = []
    for name, record in manifest.files.items():
        shown = printable(name, 200)
        if name not in there:
            if name != RESTRICTED_FILE:
                findings.append(fault("listed", shown, "a file", "nothing"))
            continue
        findings.append(Finding("listed", shown))
        if name == RESTRICTED_FILE and not is_readable(there[name]):
            continue
        findings.append(
            compare_file("bytes", shown, there[name], record.bytes, record.sha256)
        )
    findings += [
        fault(
            "listed",
            printable(name, 200),
            "nothing of this name",
            "a file that the manifest does not name",
            "Remove it, or find out who put it there: a release is never added to.",
        )
        for name in sorted(set(there) - set(manifest.files) - {MANIFEST_FILE})
    ]
    return findings


def restricted_finding(manifest: Manifest, path: Path | None) -> Finding:
    """Whether the restricted file is its owner's alone; path: None when it is absent.

    A copy that is handed out has none, and who is not its owner cannot read it: both
    are right, and leave its tables unchecked.
    """
    tables = sum(not label.startswith(f"{PUBLIC}.") for label in manifest.tables)
    unchecked = f"Its {tables:,} tables were not checked."
    if path is None:
        return Finding(
            "mode",
            RESTRICTED_FILE,
            NOTE,
            "the file or a copy without it",
            "a copy without it, as is handed out",
            unchecked,
        )
    mode = stat.S_IMODE(path.lstat().st_mode)
    if mode & 0o077:
        return fault(
            "mode",
            RESTRICTED_FILE,
            "mode 0600",
            f"mode {mode:04o}, which lets others at people's data",
            f"Run `chmod 600 {RESTRICTED_FILE}` there, and ask who has read it.",
        )
    if not is_readable(path):
        return Finding(
            "mode",
            RESTRICTED_FILE,
            NOTE,
            "a file for its owner alone",
            "one that this user may not read",
            f"{unchecked} Its owner can check them.",
        )
    return Finding("mode", RESTRICTED_FILE)


# Tables --------------------------------------------------------------------------


def engine_remedy(manifest: Manifest) -> str:
    """What to do about contents that differ; another engine may write numbers so."""
    if manifest.duckdb_version == duckdb.__version__:
        return CHANGED
    return (
        f"{CHANGED} It was made with DuckDB {printable(manifest.duckdb_version)}, and "
        f"this is {duckdb.__version__}: first verify it with that version."
    )


def compare_table(
    rule: str,
    shown: str,
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    expected: TableRecord,
    remedy: str,
    seal: str = "",
) -> Finding:
    """Holds a table or a Parquet file against columns, rows and contents.

    remedy: what to do when only the contents differ. seal: of the table's fingerprint.
    """
    try:
        columns = columns_of(connection, relation)
        if list(columns.items()) != list(expected.columns.items()):
            theirs = f"columns {columns_text(expected.columns, columns)}"
            return fault(rule, shown, theirs, columns_text(columns, expected.columns))
        rows = count_rows(connection, relation)
        if rows != expected.rows:
            return fault(rule, shown, f"{expected.rows:,} rows", f"{rows:,}")
        contents = content_hash(connection, relation, seal)
    except (duckdb.Error, RuntimeError) as error:
        why = f"what cannot be read ({first_line(error)})"
        return fault(rule, shown, "a table", why)
    if contents != expected.content_hash:
        found = f"{short(contents)} (the same number of rows, other values)"
        said = f"contents {short(expected.content_hash)}"
        return fault(rule, shown, said, found, remedy)
    return Finding(rule, shown)


def columns_text(columns: Mapping[str, str], others: Mapping[str, str]) -> str:
    """The columns that others lack or have with another type; else all, in order."""
    differing = [
        f"{printable(name)} {printable(kind)}"
        for name, kind in columns.items()
        if others.get(name) != kind
    ]
    shown = differing or [printable(name) for name in columns]
    more = len(shown) - 5
    text = ", ".join(shown[:5]) + (f" and {more:,} more" if more > 0 else "")
    if differing or set(others) - set(columns):
        return text if differing else "no others"
    return f"{text} in this order"


def relations_of(
    connection: duckdb.DuckDBPyConnection,
) -> dict[str, tuple[str, str, str]]:
    """Tables and views of a file: schema, name, and which of both, by label."""
    return {
        f"{schema}.{name}": (schema, name, kind)
        for schema, name, kind in connection.execute(
            """
            select schema_name, table_name, 'table' from duckdb_tables()
            where not internal
            union all
            select schema_name, view_name, 'view' from duckdb_views()
            where not internal
            """
        ).fetchall()
    }


def database_findings(
    manifest: Manifest, path: Path, schemas: Sequence[str]
) -> list[Finding]:
    """Holds every table of one DuckDB file against the manifest.

    Args:
        manifest: what the release says.
        path: the file; it is there and can be read.
        schemas: whose tables it holds.
    """
    expected = {
        label: record
        for label, record in manifest.tables.items()
        if label.partition(".")[0] in schemas
    }
    remedy = engine_remedy(manifest)
    findings = []
    try:
        with quiet_connection(path) as connection:
            # The file may be anybody's: nothing in it may reach for another.
            connection.execute("set enable_external_access = false")
            there = relations_of(connection)
            seal = seal_of(connection, schemas[0])
            for label, record in expected.items():
                shown = printable(label)
                found_schema, name, kind = there.get(label, ("", "", "nothing"))
                if kind != "table":
                    said = f"a table in {path.name}"
                    findings.append(fault("tables", shown, said, kind))
                    continue
                relation = f"{quoted(found_schema)}.{quoted(name)}"
                findings.append(
                    compare_table(
                        "tables", shown, connection, relation, record, remedy, seal
                    )
                )
    except (duckdb.Error, RuntimeError) as error:
        why = f"what cannot be opened ({first_line(error)})"
        return [fault("tables", path.name, "a DuckDB file", why)]
    for label in sorted(set(there) - set(expected)):
        found = f"a {there[label][2]} in {path.name} that the manifest lacks"
        findings.append(
            fault("tables", printable(label), "nothing of this name", found)
        )
    return findings


def parquet_findings(
    manifest: Manifest, folder: Path, there: Mapping[str, Path]
) -> list[Finding]:
    """Holds the Parquet file of every public table against the table's record."""
    findings = []
    remedy = engine_remedy(manifest)
    with quiet_connection() as connection:
        for label, record in manifest.tables.items():
            if not label.startswith(f"{PUBLIC}."):
                continue
            name = parquet_file(folder, label).relative_to(folder).as_posix()
            shown = printable(name, 200)
            # Only what was found below the folder is opened, and no link.
            path = there.get(name)
            if path is None or not path.is_file() or path.is_symlink():
                said = f"the rows of {printable(label)}"
                findings.append(fault("parquet", shown, said, "no such file"))
                continue
            relation = parquet_relation(path)
            findings.append(
                compare_table("parquet", shown, connection, relation, record, remedy)
            )
    return findings


def table_findings(
    manifest: Manifest, folder: Path, there: Mapping[str, Path]
) -> list[Finding]:
    """Everything about tables: of both DuckDB files, and of Parquet."""
    findings = [
        fault(
            "tables",
            printable(label),
            f"a table of {', '.join(SCHEMAS)}",
            "another schema",
            NOT_ITS_OWN,
        )
        for label in manifest.tables
        if not label.startswith(tuple(f"{schema}." for schema in SCHEMAS))
    ]
    for name, schemas in (
        (PUBLIC_FILE, (PUBLIC,)),
        (RESTRICTED_FILE, (RESTRICTED, INPUTS)),
    ):
        path = there.get(name)
        if path and path.is_file() and not path.is_symlink() and is_readable(path):
            findings += database_findings(manifest, path, schemas)
        elif name == PUBLIC_FILE and name not in manifest.files:
            findings.append(fault("tables", name, "a DuckDB file", "nothing"))
    return findings + parquet_findings(manifest, folder, there)


# Inputs and policy ---------------------------------------------------------------


def hash_findings(raw: Mapping[str, Any], manifest: Manifest) -> list[Finding]:
    """Recomputes the two fingerprints that the manifest derives from its own lists."""
    derived = {
        "inputs_hash": (manifest.inputs_hash, hash_of(input_hashes(raw["inputs"]))),
        "parameters_hash": (manifest.parameters_hash, hash_of(raw["parameters"])),
    }
    return [
        Finding("hashes", name)
        if said == computed
        else fault("hashes", name, short(computed), short(said), NOT_ITS_OWN)
        for name, (said, computed) in derived.items()
    ]


def policy_findings(manifest: Manifest, checkout: Path) -> list[Finding]:
    """Where the release's reference seeds and variables differ from a checkout's.

    A difference is no fault: the release was made under other policy, and says which.
    """
    project = yaml.safe_load((checkout / "dbt_project.yml").read_text(encoding="utf-8"))
    ours = {
        f"reference seed {path.stem}": fingerprint(path)
        for path in (checkout / "seeds" / "reference").rglob("*.csv")
    }
    theirs = {
        f"reference seed {name}": digest
        for name, digest in manifest.parameters.reference_seeds.items()
    }
    for variables, into in (
        (project.get("vars", {}), ours),
        (manifest.parameters.variables, theirs),
    ):
        into |= {
            f"variable {name}": repr(value)
            for name, value in variables.items()
            if name not in RUN_VARIABLES
        }

    def text(values: Mapping[str, str], name: str) -> str:
        if name not in values:
            return "none"
        is_seed = name.startswith("reference seed")
        return short(values[name]) if is_seed else printable(values[name])

    return [
        Finding("policy", printable(name))
        if ours.get(name) == theirs.get(name)
        else Finding(
            "policy",
            printable(name),
            NOTE,
            f"{text(ours, name)} as in this checkout",
            text(theirs, name),
            "The release was made under other policy than this checkout's.",
        )
        for name in sorted({*ours, *theirs})
    ]


def drop_findings(manifest: Manifest, landing: Path) -> list[Finding]:
    """Holds the files of a drop against those that the release was made of."""
    try:
        drop, _ = files_of_drop(landing, landing_contract())
    except LandingError as error:
        return [fault("drop", str(landing), "a drop", printable(str(error), 400), "")]
    there = {
        path.relative_to(landing).as_posix(): path
        for paths in drop.values()
        for path in paths
    }
    read = {
        file.path: (file.size, file.sha256)
        for table in manifest.inputs.tables
        for file in table.files
    }
    findings = []
    for name, expected in read.items():
        shown = printable(name, 200)
        if name in there:
            # A link within the drop is a way to name a file there.
            path = there[name].resolve()
            findings.append(compare_file("drop", shown, path, *expected, OTHER_DROP))
        else:
            findings.append(
                fault("drop", shown, "a landed file", "nothing", OTHER_DROP)
            )
    findings += [
        fault(
            "drop",
            printable(name, 200),
            "nothing of this name",
            "a landed file that the release did not read",
            OTHER_DROP,
        )
        for name in sorted(set(there) - set(read))
    ]
    return findings


# Everything ----------------------------------------------------------------------


def verify_release(
    folder: Path, landing: Path | None = None, checkout: Path = PROJECT
) -> list[Finding]:
    """Holds a release against its manifest; reads only, and prints nothing.

    Args:
        folder: the release, in place or copied.
        landing: the drop that it was made of; None leaves the drop unchecked.
        checkout: the project whose policy the release's is compared with.

    Returns:
        A finding per file, table, fingerprint and seed, in the order of RULES. The
        release is what its manifest says when none is a fault.

    Raises:
        OSError: the folder cannot be listed.
    """
    folder = folder.resolve()
    raw, manifest, whole = read_manifest(folder)
    if manifest is None:
        return [whole]
    there = files_there(folder)
    findings = [
        whole,
        *file_findings(manifest, there),
        *table_findings(manifest, folder, there),
        restricted_finding(manifest, there.get(RESTRICTED_FILE)),
        *hash_findings(raw, manifest),
        *policy_findings(manifest, checkout),
    ]
    if landing is not None:
        findings += drop_findings(manifest, landing)
    order = list(RULES)
    return sorted(findings, key=lambda finding: order.index(finding.rule))


def verify(settings: Settings, release: Path | None, *, quiet: bool = False) -> int:
    """Verifies a release, says what came of it, and returns an exit code.

    Args:
        settings: the releases folder; its `current` is the default release. With a
            landing directory, the release's inputs are compared with it.
        release: another release; None for the current one.
        quiet: say only what is at fault.

    Returns:
        0 when the release is what its manifest says, else 1.

    Raises:
        ReleaseError: there is no such release.
    """
    folder = release or settings.releases / "current"
    if not folder.is_dir():
        hint = "Name a release." if release else "Run `make refresh` first."
        raise ReleaseError(f"{folder}: there is no release. {hint}")
    try:
        findings = verify_release(folder, settings.landing)
    except OSError as error:
        raise ReleaseError(
            f"{error.filename or folder}: cannot be read ({error.strerror}). Ask its "
            "owner to let you, or copy the release."
        ) from error
    faults = [finding for finding in findings if finding.outcome == FAULT]
    lines = detail_lines(findings, FAULT)
    if not quiet:
        lines = [
            *summary_lines(folder, findings),
            *detail_lines(findings, NOTE),
            *lines,
            closing_line(folder, faults),
        ]
    for line in lines:
        print(line)
    return 1 if faults else 0


# What a person reads -------------------------------------------------------------


def summary_lines(folder: Path, findings: Sequence[Finding]) -> list[str]:
    """A row per rule: how many things were checked, and what came of it."""
    width = max(map(len, RULES.values()))
    said = [f.found for f in findings if f.rule == "manifest" and f.outcome == HOLDS]
    lines = [f"Release {''.join(said) or 'without a manifest'}", f"  {folder}"]
    for rule, text in RULES.items():
        outcomes = [f.outcome for f in findings if f.rule == rule]
        lines.append(
            f"  {text:<{width}}  {len(outcomes) or '':>5}  {counted(outcomes)}"
        )
    return lines


def counted(outcomes: Sequence[str]) -> str:
    """How the things under one rule came out, in words."""
    if not outcomes:
        return "not checked"
    faults, notes = outcomes.count(FAULT), outcomes.count(NOTE)
    said = [
        f"{count:,} {word}{'s' if count > 1 else ''}"
        for count, word in ((faults, FAULT), (notes, NOTE))
        if count
    ]
    return ", ".join(said) or HOLDS


def detail_lines(findings: Iterable[Finding], outcome: str) -> list[str]:
    """A line per finding of an outcome, by rule, the first few of each."""
    lines: list[str] = []
    chosen = [finding for finding in findings if finding.outcome == outcome]
    for rule in RULES:
        under = [finding for finding in chosen if finding.rule == rule]
        lines += [finding.line() for finding in under[:LINES_SHOWN]]
        if len(under) > LINES_SHOWN:
            more = len(under) - LINES_SHOWN
            lines.append(f"{outcome.upper():<5}  and {more:,} more: {RULES[rule]}")
    return lines


def closing_line(folder: Path, faults: Sequence[Finding]) -> str:
    """Whether the release is what its manifest says, and which manifest that is."""
    if not faults:
        digest = fingerprint(folder / MANIFEST_FILE)
        return (
            "The release is what its manifest says. SHA-256 of the manifest, to "
            f"compare with what the publisher gave:\n  {digest}"
        )
    count = f"{len(faults):,} fault{'s' if len(faults) > 1 else ''}"
    return f"The release is not what its manifest says: {count}."
