"""Says of a drop what has landed, and what is missing for which mart.

Belongs here: landing a drop beside every release, the landing gate on it, and what its
absent tables leave out. Does not belong here: how a file is read (landing.py), what is
checked (gates.py, seed rows), or what makes a mart (the dbt graph).

Nothing is transformed, so that a stranger learns within seconds what a refresh would
say first. A mart lacks a landed table when the table is among what it is made from and
has no rows; a measure, when it reads the table (seed measure_data_needs). What that
means is said by the contract, table by table (`without`).
"""

from __future__ import annotations

import csv
import re
import tempfile
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from orchestration.contract import Table, landing_contract
from orchestration.errors import LandingError
from orchestration.gates import CHECKS_SEED, CheckResult, run_gate
from orchestration.landing import (
    Findings,
    files_of_drop,
    header_of,
    land_absent_tables,
    land_table,
    quoted,
)
from orchestration.payment_graph import ancestors
from orchestration.quarantine import shown_path

GATE = "landing"
NEEDS_SEED = CHECKS_SEED.with_name("measure_data_needs.csv")
REFERENCE_NAME = re.compile(r"\breference\.(\w+)")
WIDTH, INDENT = 88, "      "

Node = Mapping[str, Any]


@dataclass
class TableReport:
    """One table of the contract in a drop.

    files: paths within the drop. rows: None when it could not be read. problem: why it
    could not. left_out: optional columns that no file has. renamed: columns that came
    under another accepted name.
    """

    name: str
    files: list[str] = field(default_factory=list)
    rows: int | None = 0
    problem: str = ""
    left_out: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_missing(self) -> bool:
        """Whether nothing of it can be used."""
        return not self.rows


@dataclass
class Validation:
    """What a drop would do to a refresh.

    tables: all of the contract. results: the landing gate's, of tables that were read.
    measures: landed tables that have no rows, by the measure that reads them. marts:
    the same by published table, by its name. empty_marts: of those, the tables without
    which a published table has no rows itself (`rows_from` of its YAML).
    """

    tables: list[TableReport]
    results: list[CheckResult]
    measures: dict[str, tuple[str, ...]]
    marts: dict[str, tuple[str, ...]]
    empty_marts: dict[str, tuple[str, ...]]

    @property
    def stops(self) -> list[str]:
        """Why a refresh would publish nothing; empty when it could."""
        unread = [table.problem for table in self.tables if table.problem]
        return unread + [each.message() for each in self.results if each.stops]

    @property
    def warnings(self) -> list[str]:
        """What a person should read although a refresh would go on."""
        return [each.message() for each in self.results if each.warns]


def validate(drop: Path, nodes: Mapping[str, Node]) -> Validation:
    """Lands a drop in a temporary file and holds the landing gate against it.

    Args:
        drop: the directory; only read.
        nodes: the dbt manifest's nodes.

    Raises:
        LandingError: the directory is not there, or holds no landed table.
    """
    contract = landing_contract()
    files, findings = files_of_drop(drop, contract)
    with tempfile.TemporaryDirectory(prefix="blueprint-validate-") as folder:
        database = Path(folder) / "blueprint.duckdb"
        with duckdb.connect(str(database)) as connection:
            connection.execute("set enable_progress_bar = false")
            connection.execute("create schema landing")
            tables = [
                table_report(
                    connection, table, files.get(table.name, []), drop, findings
                )
                for table in contract.values()
            ]
            land_absent_tables(connection, contract)
            load_reference(connection, nodes)
        results = run_gate(database, GATE, None, findings)
    unread = {table.name for table in tables if table.problem}
    missing = {table.name for table in tables if table.is_missing}
    return Validation(
        tables,
        [each for each in results if each.table.rpartition(".")[2] not in unread],
        {
            measure: tuple(sorted(needed & missing))
            for measure, needed in needs_of_measures().items()
        },
        {
            mart: tuple(name for name in contract if name in landed & missing)
            for mart, landed in landed_tables_of_marts(nodes).items()
        },
        {
            node["alias"]: tuple(rows_from(node))
            for node in marts_of(nodes).values()
            if rows_from(node) and missing.issuperset(rows_from(node))
        },
    )


def table_report(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    files: Sequence[Path],
    drop: Path,
    findings: Findings,
) -> TableReport:
    """Lands one table; keeps its problem, so that those of others are told too."""
    report = TableReport(table.name, [str(path.relative_to(drop)) for path in files])
    try:
        headers = [header_of(connection, table, path, drop) for path in files]
        counts = land_table(connection, table, files, drop, findings)
    except LandingError as error:
        report.problem, report.rows = str(error), None
        connection.execute(f"drop table if exists landing.{quoted(table.name)}")
        return report
    report.rows = sum(counts.values())
    if headers:
        named = {name: own for each in headers for name, own in each.names.items()}
        report.left_out = tuple(c.name for c in table.columns if c.name not in named)
        report.renamed = {
            name: own.strip()
            for name, own in named.items()
            if own.strip().lower() != name
        }
    return report


def load_reference(
    connection: duckdb.DuckDBPyConnection, nodes: Mapping[str, Node]
) -> None:
    """Loads the reference seeds that the landing gate reads, with their types."""
    wanted = {CHECKS_SEED.stem, *REFERENCE_NAME.findall(CHECKS_SEED.read_text())}
    connection.execute("create schema reference")
    for name in sorted(wanted):
        node = nodes[f"seed.blueprint.{name}"]
        types = node["config"]["column_types"]
        path = CHECKS_SEED.with_name(f"{name}.csv")
        with path.open(newline="", encoding="utf-8") as file:
            columns = next(csv.reader(file))
        seed = connection.read_csv(
            str(path),
            header=True,
            dtype={column: types.get(column, "varchar") for column in columns},
        )
        seed.create(f"reference.{name}")


def needs_of_measures(seed: Path = NEEDS_SEED) -> dict[str, set[str]]:
    """The landed tables that each measure reads, by its id."""
    needs: dict[str, set[str]] = {}
    with seed.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            needs.setdefault(row["measure_id"], set()).add(row["landed_table"])
    return needs


def marts_of(nodes: Mapping[str, Node]) -> dict[str, Node]:
    """The published tables, by the unique id of their models."""
    return {
        unique_id: node
        for unique_id, node in nodes.items()
        if node["resource_type"] == "model" and node["schema"] == "marts"
    }


def rows_from(node: Node) -> Sequence[str]:
    """Landed tables of which a published table needs one to have rows; often none."""
    meta = node["config"].get("meta") or {}
    return meta.get("rows_from", ())


def landed_tables_of_marts(nodes: Mapping[str, Node]) -> dict[str, set[str]]:
    """The landed tables that each published table is made from, by its name."""
    landed = {}
    for unique_id, node in marts_of(nodes).items():
        sources = (nodes[name] for name in ancestors(nodes, [unique_id]))
        landed[node["alias"]] = {
            source["alias"] for source in sources if source["schema"] == "landing"
        }
    return dict(sorted(landed.items()))


# What is printed ---------------------------------------------------------------------


def show(drop: Path) -> int:
    """Prints what a drop would do; returns 0 when a refresh could begin, else 1.

    Raises:
        LandingError: the directory is not there, or holds no landed table.
    """
    from orchestration.dbt_runner import ensure_manifest

    found = validate(drop, ensure_manifest()["nodes"])
    print("\n".join(lines_of(found, shown_path(drop))))
    return 1 if found.stops else 0


def lines_of(found: Validation, shown: str) -> list[str]:
    """The report for a terminal."""
    here = sum(1 for table in found.tables if table.files)
    lines = [f"{shown}: {here} of {len(found.tables)} landed tables", "", "Tables"]
    for table in found.tables:
        lines += table_lines(table, landing_contract()[table.name])
    lines += ["", *measure_lines(found.measures)]
    lines += ["", *([] if found.stops else mart_lines(found))]
    if found.warnings:
        lines += ["", "Warnings (a refresh goes on, and says them again in gates.html)"]
        for text in found.warnings:
            lines += filled(text, "  ", "      ")
    if found.stops:
        lines += ["", "STOP: a refresh would publish nothing, until this is mended"]
        for text in found.stops:
            lines += filled(text, "  ", "      ")
    else:
        lines += ["", f"A refresh can begin: make refresh LANDING={shown}"]
    return lines


def filled(text: str, first: str, others: str) -> list[str]:
    """A text in lines of the report's width."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=others,
        break_long_words=False,
        break_on_hyphens=False,
    )


def table_lines(report: TableReport, table: Table) -> list[str]:
    """One table: a line, then what it lacks."""
    name = f"  {report.name:<28}"
    if report.problem:
        return [f"{name}cannot be read: see STOP below"]
    if not report.files:
        return [f"{name}{'absent':>12}", *filled(table.without, INDENT, INDENT)]
    many = "1 file" if len(report.files) == 1 else f"{len(report.files)} files"
    lines = [f"{name}{report.rows or 0:>12,} rows  {many}"]
    if not report.rows:
        lines += filled(table.without, INDENT, INDENT)
    if report.renamed:
        pairs = (f"{own} as {column}" for column, own in report.renamed.items())
        lines += filled(f"read {', '.join(pairs)}", INDENT, INDENT + "  ")
    meanings = {c.name: c.null_means for c in table.columns if c.null_means}
    taken = [f"{n} (then: {meanings[n]})" for n in report.left_out if n in meanings]
    unknown = families([name for name in report.left_out if name not in meanings])
    for what, names in (("not there", taken), ("not there, unknown", unknown)):
        if names:
            lines += filled(f"{what}: {', '.join(names)}", INDENT, INDENT + "  ")
    return lines


def families(names: Sequence[str]) -> list[str]:
    """Names, with those that differ in a closing number as one: `code_2 to 25`."""
    numbers: dict[str, list[int]] = {}
    for name in names:
        stem, _, number = name.rpartition("_")
        if number.isdigit():
            numbers.setdefault(stem, []).append(int(number))
    shown = []
    for name in names:
        stem, _, number = name.rpartition("_")
        family = numbers.get(stem, []) if number.isdigit() else []
        if len(family) < 2:
            shown.append(name)
        elif int(number) == family[0]:
            shown.append(f"{name} to {family[-1]}")
    return shown


def measure_lines(measures: Mapping[str, Sequence[str]]) -> list[str]:
    """How many measures have what they read, and which have not, by what they lack."""
    lacking: dict[tuple[str, ...], list[str]] = {}
    for measure, missing in measures.items():
        if missing:
            lacking.setdefault(tuple(missing), []).append(measure)
    ready = len(measures) - sum(map(len, lacking.values()))
    many = len(measures)
    lines = [
        "Measures",
        f"  {ready} of {many} made of claims or records have their tables",
    ]
    for missing, names in sorted(lacking.items()):
        text = f"not ready, without {', '.join(missing)}: {', '.join(sorted(names))}"
        lines += filled(text, "  ", INDENT)
    return lines


def mart_lines(found: Validation) -> list[str]:
    """The marts by what they lack."""
    whole = [mart for mart, missing in found.marts.items() if not missing]
    empty = [mart for mart in found.marts if mart in found.empty_marts]
    lines = ["Marts", *filled(f"ready: {', '.join(whole)}", "  ", INDENT)]
    for mart in empty:
        text = f"no rows, without {', '.join(found.empty_marts[mart])}: {mart}"
        lines += filled(text, "  ", INDENT)
    lacking: dict[tuple[str, ...], list[str]] = {}
    for mart, missing in found.marts.items():
        if missing and mart not in empty:
            lacking.setdefault(missing, []).append(mart)
    for missing, names in sorted(lacking.items(), key=lambda item: len(item[0])):
        lines += filled(f"with gaps: {', '.join(names)}", "  ", INDENT)
        lines += filled(f"without {', '.join(missing)}", INDENT, INDENT)
    return lines
