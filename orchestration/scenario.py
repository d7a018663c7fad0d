"""What if: payments by other policy, beside those of a release; nothing is published.

Belongs here: loading a release's inputs into a scratch folder, making payments from
them twice (by the release's policy and by the scenario's), and saying the difference.
Does not belong here: what a scenario may change (payment_graph.py) or how its file is
read (scenario_file.py).

Both sides are made by the same code from the same inputs, so that what differs is the
scenario's doing. Whether the first side is what the release published is said too.

What is shown is not suppressed. The restricted file is read, the scratch folder and the
file of OUT are their owner's only.
"""

from __future__ import annotations

import csv
import fcntl
import json
import os
import shutil
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from orchestration import progress
from orchestration.dbt_runner import (
    Invocation,
    ensure_manifest,
    freeze_project,
)
from orchestration.errors import BuildError, DataTestError, ReleaseError, ScenarioError
from orchestration.landing import fingerprint, literal, printable, quoted
from orchestration.payment_graph import PaymentGraph, PaymentTable, payment_graph
from orchestration.publish import (
    INPUTS,
    MANIFEST_FILE,
    RESTRICTED,
    RESTRICTED_FILE,
    private_files,
    quiet_connection,
)
from orchestration.quarantine import owner_only, shown_path
from orchestration.scenario_file import Policy, Scenario, check_names, read_scenario
from orchestration.settings import PROJECT, BuildPaths, Settings, dbt_arguments

# Where scenarios work: on the project's own disk, and not among the releases.
SCRATCH = PROJECT / "build" / "scenarios"
BEFORE, AFTER = "before", "after"
LINES_SHOWN = 40
# Where payees' names are, as far as a release has them.
PRACTICES, ENTITIES = "practices", "stg_administrative_entity"
ENTITY = "administrative_entity_id"
CSV_COLUMNS = (
    "payment",
    "payer",
    "payee_kind",
    "payee_id",
    "payee_name",
    "parent_organization",
    "payment_month",
    "before_usd",
    "after_usd",
    "difference_usd",
)


@dataclass(frozen=True)
class Cell:
    """What a payer owes a payee for a month, in dollars, before and after.

    payment: pcmh, cht, or whi with its component. kind: practice or entity.
    """

    payment: str
    payer: str
    kind: str
    payee: str
    name: str
    organization: str
    month: date
    before: Decimal
    after: Decimal

    @property
    def difference(self) -> Decimal:
        """What the scenario adds."""
        return self.after - self.before


# The command -------------------------------------------------------------------------


def scenario(
    settings: Settings,
    file: Path,
    *,
    release: Path | None = None,
    out: Path | None = None,
    top: int = LINES_SHOWN,
) -> int:
    """Reruns payments with a file's changes and prints what they do.

    Args:
        settings: names the releases folder.
        file: the scenario.
        release: another release than the current one.
        out: a CSV for every payee and month; None for none.
        top: lines of payees at most; 0 for all.

    Returns:
        0, an exit code.

    Raises:
        ScenarioError: the file asks for what cannot be done.
        ReleaseError: there is no release, or none that keeps its inputs.
        BuildError: a model cannot be made.
    """
    asked = read_scenario(file)
    if top < 0:
        raise ScenarioError(f"TOP={top} cannot be shown. Write 0 for all.")
    if out is not None:
        refuse_out(out, settings.releases)
    folder = (release or settings.releases / "current").resolve()
    described = release_manifest(folder, is_named=release is not None)
    manifest = ensure_manifest()
    graph = payment_graph(manifest)
    seeds = {
        node["name"]: node["schema"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "seed"
    }
    check_names(asked, graph, seeds)
    with (
        private_files(),
        scratch_folder(SCRATCH) as scratch,
        progress.Follower(scratch / "progress.jsonl"),
    ):
        variables = described["parameters"]["variables"]
        done = []
        for side in (BEFORE, AFTER):
            paths = BuildPaths(scratch / side)
            load_inputs(folder / RESTRICTED_FILE, paths, manifest, graph)
            if side == AFTER:
                done = change_policy(paths, asked)
                variables = {**variables, **typed_variables(asked, variables)}
            make_payments(side, paths, graph, manifest, variables, scratch)
        failing = hold_tests(asked, paths, manifest, graph, scratch)
        cells = compare(scratch, folder / RESTRICTED_FILE, graph)
        notes = differences_from_release(scratch, folder / RESTRICTED_FILE, graph)
    same = not notes
    notes += [*differences_of_project(described, manifest, graph), *failing]
    if out is not None:
        write_csv(out, cells)
    print("\n".join(report(asked, described, graph, done, same, notes, cells, top)))
    if out is not None:
        print(f"\n{shown_path(out)}: {len(cells):,} rows, not suppressed (mode 0600)")
    return 0


def refuse_out(out: Path, releases: Path) -> None:
    """Refuses a CSV among the releases, or where none can be.

    Raises:
        ScenarioError: it would be there.
    """
    place = out.resolve()
    if place.is_relative_to(releases.resolve()):
        raise ScenarioError(
            f"OUT={out}: a release is never added to. Name a file elsewhere."
        )
    if place.is_dir() or not place.parent.is_dir():
        raise ScenarioError(f"OUT={out}: name a file in a folder that is there.")


def release_manifest(folder: Path, *, is_named: bool) -> Mapping[str, Any]:
    """What a release says about itself.

    Raises:
        ReleaseError: there is none, or its manifest cannot be read.
    """
    if not folder.is_dir():
        hint = "Name a release." if is_named else "Run `make refresh` first."
        raise ReleaseError(f"{shown_path(folder)}: there is no release. {hint}")
    try:
        manifest: Mapping[str, Any] = json.loads(
            (folder / MANIFEST_FILE).read_text(encoding="utf-8")
        )
        for part in ("variables", "reference_seeds"):
            manifest["parameters"][part].items()
        for key in ("release_id", "as_of", "code_version"):
            manifest[key]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReleaseError(
            f"{shown_path(folder)}: its {MANIFEST_FILE} cannot be read. `make verify` "
            "says more."
        ) from error
    return manifest


# The scratch folder ------------------------------------------------------------------


@contextmanager
def scratch_folder(root: Path) -> Iterator[Path]:
    """A folder of this run alone, removed with it.

    A killed run leaves its folder. The lock that it held on it is gone with its
    process, so the next run can tell, and removes it.
    """
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        for folder in root.iterdir():
            if folder.is_dir():
                remove_abandoned(folder)
        mine = root / uuid.uuid4().hex
        mine.mkdir(mode=0o700)
        held = (mine / ".lock").open("w")
        fcntl.flock(held, fcntl.LOCK_EX)
    try:
        yield mine
    finally:
        shutil.rmtree(mine, ignore_errors=True)
        held.close()


def remove_abandoned(folder: Path) -> None:
    """Removes a scratch folder whose run is gone."""
    with suppress(OSError), (folder / ".lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)


# Making payments ---------------------------------------------------------------------


def load_inputs(
    restricted: Path,
    paths: BuildPaths,
    manifest: Mapping[str, Any],
    graph: PaymentGraph,
) -> None:
    """Puts a release's inputs where models look for them, in a new build.

    Raises:
        ReleaseError: the release does not keep them, or may not be read.
    """
    paths.logs.mkdir(parents=True)
    freeze_project(paths)
    with attached(paths.database, restricted) as connection:
        there = {
            row[0]
            for row in connection.execute(
                "select table_name from duckdb_tables() "
                "where database_name = 'release' and schema_name = $schema",
                {"schema": INPUTS},
            ).fetchall()
        }
        nodes = [manifest["nodes"][unique_id] for unique_id in graph.inputs]
        missing = [node["alias"] for node in nodes if node["alias"] not in there]
        if missing:
            raise ReleaseError(
                f"{shown_path(restricted.parent)}: it does not keep "
                f"{', '.join(missing[:3])}{' and more' if missing[3:] else ''}, which "
                "payments are made from today: other code made it. `make refresh` "
                "first."
            )
        for node in nodes:
            schema = quoted(node["schema"])
            name = quoted(node["alias"])
            connection.execute(f"create schema if not exists {schema}")
            connection.execute(
                f"create table {schema}.{name} as from release.{quoted(INPUTS)}.{name}"
            )


@contextmanager
def attached(database: Path | None, restricted: Path) -> Iterator[Any]:
    """A connection that sees a release's restricted file as `release`.

    Raises:
        ReleaseError: it cannot be opened.
        StopError: this user may not read it.
    """
    with owner_only(restricted):
        try:
            restricted.open("rb").close()
        except FileNotFoundError as error:
            raise ReleaseError(
                f"{shown_path(restricted)} is not there: a copy that is handed out "
                "lacks it. Name the release itself."
            ) from error
    try:
        connection = duckdb.connect(str(database) if database else ":memory:")
        connection.execute("set enable_progress_bar = false")
        connection.execute(f"attach {literal(str(restricted))} as release (read_only)")
    except duckdb.Error as error:
        raise ReleaseError(
            f"{shown_path(restricted)}: cannot be opened. `make verify` says more."
        ) from error
    with connection:
        yield connection


def change_policy(paths: BuildPaths, asked: Scenario) -> list[str]:
    """Changes the seeds of a build; says in a line each what was done."""
    with duckdb.connect(str(paths.database)) as connection:
        return Policy(connection, asked).apply()


def typed_variables(asked: Scenario, variables: Mapping[str, Any]) -> dict[str, Any]:
    """The variables of a scenario, as the types that they have.

    Raises:
        ScenarioError: a value is of another type.
    """
    found = {}
    for name, value in asked.variables.items():
        usual = variables.get(name)
        place = f"variable {printable(name)}"
        if isinstance(value, (list, dict)) != isinstance(usual, (list, dict)):
            raise asked.stop(place, f"write a value like {usual!r}.")
        if isinstance(usual, int):
            try:
                value = int(str(value))
            except ValueError as error:
                raise asked.stop(
                    place, f"{printable(str(value))} is no whole number."
                ) from error
        found[name] = value
    return found


def hold_tests(
    asked: Scenario,
    paths: BuildPaths,
    manifest: Mapping[str, Any],
    graph: PaymentGraph,
    scratch: Path,
) -> list[str]:
    """Holds the changed seeds against the project's tests of them.

    A column's own test (a key, a known value) must hold. A test of several tables says
    what holds of today's policy, which a scenario may mean to leave: it is a note.

    Raises:
        ScenarioError: a column's test fails.
    """
    changed = {graph.seeds[change.table] for change in asked.changes}
    tests = {
        unique_id: manifest["nodes"][unique_id]
        for unique_id, seeds in graph.tests.items()
        if seeds & changed
    }
    if not tests:
        return []
    invocation = Invocation(
        dbt_arguments(
            "test",
            select=tuple(sorted(node["name"] for node in tests.values())),
            exclude=(),
            settings=Settings(None, None, scratch),
            paths=paths,
        ),
        paths,
    )
    with suppress(DataTestError):
        follow("tests", invocation, manifest, scratch)
    failed = [tests[node.unique_id] for node in invocation.bad]
    own = sorted(node["name"] for node in failed if node.get("test_metadata"))
    if own:
        raise ScenarioError(
            f"{asked.path.name}: with its changes these tests of the seeds fail: "
            f"{', '.join(own)}. Correct the rows that it sets or adds."
        )
    return [
        f"With these changes the test {node['name']} fails"
        for node in sorted(failed, key=lambda node: str(node["name"]))
    ]


def make_payments(
    side: str,
    paths: BuildPaths,
    graph: PaymentGraph,
    manifest: Mapping[str, Any],
    variables: Mapping[str, Any],
    scratch: Path,
) -> None:
    """Makes the models of payments from a build's inputs, and checks their keys.

    Raises:
        BuildError: a model cannot be made.
        ScenarioError: policy rows overlap, so that a payment is there twice.
    """
    nodes = manifest["nodes"]
    arguments = dbt_arguments(
        "run",
        select=tuple(sorted(nodes[unique_id]["name"] for unique_id in graph.rerun)),
        exclude=(),
        settings=Settings(None, None, scratch),
        paths=paths,
    )
    invocation = Invocation([*arguments, "--vars", json.dumps(variables)], paths)
    try:
        follow(side, invocation, manifest, scratch)
    except BuildError as error:
        raise BuildError(
            f"The payments {'of the release' if side == BEFORE else 'of the scenario'} "
            f"cannot be made. {error}"
        ) from error
    with quiet_connection(paths.database) as connection:
        for table in graph.tables:
            key = ", ".join(map(quoted, table.grain))
            twice = connection.execute(
                f"select {key} from {relation_of(table)} group by {key} "
                "having count(*) > 1 order by all limit 1"
            ).fetchone()
            if twice:
                shown = ", ".join(
                    f"{column} {value}"
                    for column, value in zip(table.grain, twice, strict=True)
                )
                raise ScenarioError(
                    f"{table.name}: a payment is there twice ({shown}). Policy rows "
                    "are in force at the same time: end one with `effective_to` "
                    "before the other's `effective_from`."
                )


def relation_of(table: PaymentTable) -> str:
    """A payment table as SQL, as dbt makes it."""
    return f"{quoted(table.schema)}.{quoted(table.name)}"


def follow(
    stage: str, invocation: Invocation, manifest: Mapping[str, Any], scratch: Path
) -> None:
    """Runs dbt, with a line of progress for each node."""
    started = time.monotonic()
    progress.report(scratch / "progress.jsonl", stage, 0, 0, "dbt starts", 0.0)
    for number, node in enumerate(invocation, start=1):
        properties = manifest["nodes"].get(node.unique_id)
        progress.report(
            scratch / "progress.jsonl",
            stage,
            number,
            max(invocation.total, number),
            properties["alias"] if properties else node.unique_id,
            time.monotonic() - started,
        )


# Comparing ---------------------------------------------------------------------------


def compare(scratch: Path, restricted: Path, graph: PaymentGraph) -> list[Cell]:
    """What is owed on both sides, by payment, payer, payee and month."""
    with attached(None, restricted) as connection:
        attach_sides(connection, scratch)
        connection.execute(
            "create temp table sides (payment varchar, payer varchar, kind varchar, "
            "payee varchar, month date, side varchar, amount decimal(38, 2))"
        )
        for table in graph.tables:
            entity = quoted(ENTITY) if ENTITY in table.columns else "null"
            label = literal(table.name.removesuffix("_payments"))
            if "component" in table.grain:
                label = f"{label} || ' ' || {quoted('component')}"
            for side in (BEFORE, AFTER):
                connection.execute(
                    f"""
                    insert into sides
                    select
                        {label},
                        payer,
                        case when {entity} is null then 'practice' else 'entity' end,
                        coalesce({entity}, practice_id),
                        payment_month,
                        {literal(side)},
                        amount
                    from {quoted(side)}.{relation_of(table)}
                    """
                )
        rows = connection.execute(
            """
            select
                payment,
                payer,
                kind,
                payee,
                month,
                coalesce(sum(amount) filter (where side = 'before'), 0),
                coalesce(sum(amount) filter (where side = 'after'), 0)
            from sides
            group by payment, payer, kind, payee, month
            order by payment, kind, payee, payer, month
            """
        ).fetchall()
        names = names_of(connection)
    return [
        Cell(
            payment,
            payer,
            kind,
            payee,
            *names.get((kind, payee), ("", "")),
            month,
            before,
            after,
        )
        for payment, payer, kind, payee, month, before, after in rows
    ]


def attach_sides(connection: duckdb.DuckDBPyConnection, scratch: Path) -> None:
    """Shows a connection both builds, as `before` and `after`."""
    for side in (BEFORE, AFTER):
        file = literal(str(BuildPaths(scratch / side).database))
        connection.execute(f"attach {file} as {quoted(side)} (read_only)")


def names_of(
    connection: duckdb.DuckDBPyConnection,
) -> dict[tuple[str, str], tuple[str, str]]:
    """Name and parent organization of payees, as far as the release has them."""
    there = {
        (schema, name)
        for schema, name in connection.execute(
            "select schema_name, table_name from duckdb_tables() "
            "where database_name = 'release'"
        ).fetchall()
    }
    names = {}
    if (RESTRICTED, PRACTICES) in there:
        for practice, name, organization in connection.execute(
            "select practice_id, practice_name, parent_organization "
            "from release.restricted.practices"
        ).fetchall():
            names["practice", practice] = (name or "", organization or "")
    if (INPUTS, ENTITIES) in there:
        for entity, name in connection.execute(
            "select administrative_entity_id, any_value(administrative_entity_name) "
            "from release.inputs.stg_administrative_entity group by all"
        ).fetchall():
            names["entity", entity] = (name or "", "")
    return names


def differences_from_release(
    scratch: Path, restricted: Path, graph: PaymentGraph
) -> list[str]:
    """How the unchanged rerun differs from what the release published."""
    notes = []
    with attached(None, restricted) as connection:
        attach_sides(connection, scratch)
        for table in graph.tables:
            published = f"release.{quoted(RESTRICTED)}.{quoted(table.name)}"
            rerun = f"{quoted(BEFORE)}.{relation_of(table)}"
            try:
                row = connection.execute(
                    f"""
                    select count(*) from (
                        (from {published} except all from {rerun})
                        union all
                        (from {rerun} except all from {published})
                    )
                    """
                ).fetchone()
            except duckdb.Error:
                notes.append(f"The release has no {table.name} of today's form")
                continue
            if row and row[0]:
                notes.append(
                    f"The unchanged rerun differs from the release's {table.name} in "
                    f"{row[0]:,} rows"
                )
    return notes


def differences_of_project(
    described: Mapping[str, Any], manifest: Mapping[str, Any], graph: PaymentGraph
) -> list[str]:
    """Which code and policy of the project are not those of the release."""
    notes = []
    theirs = described["parameters"]["reference_seeds"]
    for name, unique_id in sorted(graph.seeds.items()):
        path = PROJECT / manifest["nodes"][unique_id]["original_file_path"]
        if theirs.get(name) != fingerprint(path):
            notes.append(
                f"{name} is not the release's here; both sides begin with the release's"
            )
    return notes


# Saying ------------------------------------------------------------------------------


def report(
    asked: Scenario,
    described: Mapping[str, Any],
    graph: PaymentGraph,
    done: Sequence[str],
    same: bool,
    notes: Sequence[str],
    cells: Sequence[Cell],
    top: int,
) -> list[str]:
    """What the scenario does, for the terminal."""
    months = [cell.month for cell in cells]
    lines = [
        f"Scenario   {printable(asked.name, 100)}",
        f"Release    {printable(described['release_id'])}, as of "
        f"{printable(described['as_of'])}; months {month(min(months))} to "
        f"{month(max(months))}"
        if months
        else f"Release    {printable(described['release_id'])}, without payments",
    ]
    if asked.description:
        lines.insert(1, f"           {printable(asked.description, 300)}")
    for line in done:
        lines.append(f"Changed    {line}")
    for name, value in asked.variables.items():
        lines.append(f"Changed    {printable(name)}: {printable(str(value))}")
    lines.append(
        f"Rerun      {len(graph.rerun)} models, twice"
        + ("; unchanged, they give the release to the cent" if same else "")
    )
    lines += [f"NOTE       {note}." for note in notes]
    lines.append("Published  nothing. Amounts are in dollars, and not suppressed.")
    if not any(cell.difference for cell in cells):
        return [*lines, "", "No payment differs."]
    lines += ["", *table(("payment",), grouped(cells, "payment"), total=True)]
    by_payer = sorted(cells, key=lambda cell: (cell.payer, cell.payment))
    lines += ["", *table(("payer", "payment"), grouped(by_payer, "payer", "payment"))]
    payees = {
        key: of_key
        for key, of_key in grouped(
            sorted(cells, key=lambda cell: (cell.organization or cell.name, cell.name)),
            *("kind", "payee", "name", "organization", "payer", "payment"),
        ).items()
        if any(cell.difference for cell in of_key)
    }
    shown = {
        # An organization of one practice bears its name.
        (*key[:3], "" if key[3] == key[2] else key[3], *key[4:]): of_key
        for key, of_key in list(payees.items())[: top or None]
    }
    heads = ("", "payee", "name", "organization", "payer", "payment")
    lines += ["", *table(heads, shown)]
    rest = list(payees.values())[len(shown) :]
    if rest:
        amount = sum(
            (cell.difference for of_key in rest for cell in of_key), Decimal(0)
        )
        lines.append(
            f"and {len(rest):,} more lines, together {signed(amount)}: TOP=0 shows "
            "them, OUT=file.csv writes them"
        )
    return lines


def grouped(cells: Sequence[Cell], *columns: str) -> dict[tuple[str, ...], list[Cell]]:
    """Cells by some of their columns, in the order in which they come."""
    groups: dict[tuple[str, ...], list[Cell]] = {}
    for cell in cells:
        key = tuple(getattr(cell, column) for column in columns)
        groups.setdefault(key, []).append(cell)
    return groups


def table(
    heads: Sequence[str],
    groups: Mapping[tuple[str, ...], Sequence[Cell]],
    *,
    total: bool = False,
) -> list[str]:
    """Groups as an aligned table, amounts to the right."""
    figures = ("months", "before", "after", "difference")
    rows = [
        (*(printable(part, 32) for part in key), *figures_of(cells))
        for key, cells in groups.items()
    ]
    if total:
        every = [cell for cells in groups.values() for cell in cells]
        rows.append(("total", *[""] * (len(heads) - 1), *figures_of(every)))
    widths = [
        max(len(row[place]) for row in (*rows, (*heads, *figures)))
        for place in range(len(heads) + len(figures))
    ]
    return [
        "  ".join(
            text.rjust(width) if place >= len(heads) else text.ljust(width)
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
            if width
        ).rstrip()
        for row in ((*heads, *figures), *rows)
    ]


def figures_of(cells: Sequence[Cell]) -> tuple[str, str, str, str]:
    """Months that differ, before, after and difference, as text."""
    before = sum((cell.before for cell in cells), Decimal(0))
    after = sum((cell.after for cell in cells), Decimal(0))
    months = len({cell.month for cell in cells if cell.difference})
    return str(months), f"{before:,.2f}", f"{after:,.2f}", signed(after - before)


def signed(amount: Decimal) -> str:
    """`+1,234.50`, `-0.25`, `0.00`."""
    return f"{amount:+,.2f}" if amount else "0.00"


def month(day: date) -> str:
    """`2018-01`."""
    return f"{day:%Y-%m}"


def write_csv(out: Path, cells: Sequence[Cell]) -> None:
    """Writes every payee and month, changed or not, for its owner only.

    Raises:
        ScenarioError: it cannot be written.
    """
    temporary = out.with_name(f".{out.name}.{os.getpid()}.tmp")
    try:
        with private_files(), temporary.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(CSV_COLUMNS)
            for cell in cells:
                writer.writerow(
                    (
                        cell.payment,
                        cell.payer,
                        cell.kind,
                        cell.payee,
                        cell.name,
                        cell.organization,
                        cell.month.isoformat(),
                        cell.before,
                        cell.after,
                        cell.difference,
                    )
                )
        temporary.replace(out)
    except OSError as error:
        raise ScenarioError(f"OUT={out}: cannot be written ({error.strerror}).") from (
            error
        )
    finally:
        temporary.unlink(missing_ok=True)
