"""Many refreshes in little time: dbt's statements, replayed.

Belongs here: one refresh that takes the steps of the job in their order, with the
reading, gates, report and release of the project, but with the SQL that dbt made once
instead of dbt. Does not belong here: faults (cases.py).

A refresh of fifty people takes most of a minute, nearly all of it dbt's own work on
some two hundred statements, which are the same for every drop: nothing in a model asks
the data while it is compiled. So dbt builds the clean drop once, what it compiled is
kept, and each case executes that on its own landed tables. That the replay of the clean
drop gives what dbt gave is itself a test.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from orchestration.assets import LANDING, MARTS, REFERENCE, TRANSFORM, test_result
from orchestration.dbt_runner import (
    Invocation,
    NodeResult,
    ensure_manifest,
    stop_of,
)
from orchestration.errors import DataTestError, StopError
from orchestration.gates import CheckResult, add_results, read_results
from orchestration.landing import literal
from orchestration.releases import release_lease, remove_build
from orchestration.settings import (
    BuildPaths,
    Settings,
    build_paths,
    dbt_arguments,
    settings_from,
)
from orchestration.steps import (
    complete_landing,
    judge,
    land_drop,
    publish_release,
    report_stop,
    start_build,
)
from orchestration.summary import failure_summary

STAGES: Mapping[str, tuple[str, ...]] = {
    "landing": (LANDING,),
    "transform": TRANSFORM,
    "marts": MARTS,
}


@dataclass(frozen=True)
class Statement:
    """One node that dbt built: its relation or its test, and the SQL."""

    unique_id: str
    kind: str
    schema: str
    name: str
    is_view: bool
    only_warns: bool
    sql: str


@dataclass(frozen=True)
class Recording:
    """What dbt did with the clean drop.

    reference: a DuckDB file with the reference seeds. statements: by stage, in order.
    """

    reference: Path
    statements: Mapping[str, tuple[Statement, ...]]
    manifest: Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """How a refresh ended.

    release: the folder that was published, or None. screen: what a person is told when
    it stopped. results: of every check that ran.
    """

    release: Path | None
    screen: str
    results: tuple[CheckResult, ...]

    @property
    def warned(self) -> set[str]:
        """Checks that ask to be read although the release was published."""
        return {result.check_id for result in self.results if result.warns}

    @property
    def stopped(self) -> set[str]:
        """Checks that stopped the run."""
        return {result.check_id for result in self.results if result.stops}


def record(drop: Path, folder: Path) -> Recording:
    """Builds a drop with dbt and keeps what it executed.

    Args:
        drop: the clean drop.
        folder: where the recording and its build go.
    """
    manifest = ensure_manifest()
    settings = settings_from({}, landing=str(drop), releases=str(folder / "releases"))
    paths = build_paths(settings.releases, "recording")
    start_build(settings, paths, "recording")
    land_drop(settings, paths)
    run_dbt(settings, paths, (REFERENCE,))
    reference = folder / "reference.duckdb"
    with duckdb.connect(str(paths.database)) as connection:
        connection.execute(f"attach {literal(str(reference))} as kept")
        connection.execute("create schema kept.reference")
        for (table,) in connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'reference'"
        ).fetchall():
            connection.execute(
                f'create table kept.reference."{table}" as from reference."{table}"'
            )
    statements = {}
    for stage, select in STAGES.items():
        run_dbt(settings, paths, select)
        statements[stage] = tuple(statements_of(paths, manifest))
    release_lease(settings.releases, "recording")
    return Recording(reference, statements, manifest)


def run_dbt(settings: Settings, paths: BuildPaths, select: tuple[str, ...]) -> None:
    """One dbt build, as the job's op has it."""
    exclude = ("resource_type:test",) if select[0] in (REFERENCE, LANDING) else ()
    arguments = dbt_arguments(
        "build", select=select, exclude=exclude, settings=settings, paths=paths
    )
    for _ in Invocation(arguments, paths):
        pass


def statements_of(
    paths: BuildPaths, manifest: Mapping[str, Any]
) -> Iterator[Statement]:
    """What the last dbt invocation executed, in its order."""
    results = json.loads((paths.target / "run_results.json").read_text())["results"]
    for result in sorted(results, key=lambda r: r["timing"][-1]["started_at"]):
        node = manifest["nodes"][result["unique_id"]]
        if node["resource_type"] not in ("model", "test"):
            continue
        if node["resource_type"] == "test":
            # The replay counts a test's rows: no test may mean something else.
            config = node["config"]
            assert (config["fail_calc"], config["error_if"]) == ("count(*)", "!= 0")
            assert config["warn_if"] == "!= 0", node["name"]
        yield Statement(
            unique_id=result["unique_id"],
            kind=node["resource_type"],
            schema=node["schema"],
            name=node["alias"],
            is_view=node["config"]["materialized"] == "view",
            only_warns=node["config"].get("severity", "").lower() == "warn",
            sql=result["compiled_code"],
        )


class Replay:
    """Refreshes of drops into one releases folder, on a recording."""

    def __init__(self, recording: Recording, releases: Path) -> None:
        self.recording = recording
        self.releases = releases

    def refresh(self, drop: Path | str, as_of: str | None = None) -> Outcome:
        """One refresh, from the landed drop to the release or the stop."""
        run_id = uuid.uuid4().hex
        paths = build_paths(self.releases, run_id)
        try:
            settings = settings_from(
                {}, landing=str(drop), as_of=as_of, releases=str(self.releases)
            )
        except StopError as error:
            return Outcome(None, f"STOP  {error}", ())
        try:
            release = self.steps(settings, paths, run_id)
            results = tuple(read_results(paths.checks))
            remove_build(paths.folder)
            return Outcome(release, "", results)
        except StopError as error:
            messages = (
                ()
                if isinstance(error, (DataTestError, GateStopError))
                else (str(error),)
            )
            if not isinstance(error, GateStopError):
                report_stop(settings, paths, run_id, messages)
            screen = failure_summary(paths, messages, paths.logs)
            return Outcome(None, screen, tuple(read_results(paths.checks)))
        finally:
            release_lease(self.releases, run_id)

    def steps(self, settings: Settings, paths: BuildPaths, run_id: str) -> Path:
        """The steps of the job in their order (assets.py)."""
        start_build(settings, paths, run_id)
        landed = land_drop(settings, paths)
        self.load_reference(paths)
        self.execute(paths, "landing")
        complete_landing(settings, paths, landed)
        self.gate(settings, paths, run_id, "landing")
        self.execute(paths, "transform", settings.as_of)
        self.gate(settings, paths, run_id, "rows")
        self.execute(paths, "marts")
        self.gate(settings, paths, run_id, "release")
        return publish_release(settings, paths, run_id)

    def gate(
        self, settings: Settings, paths: BuildPaths, run_id: str, gate: str
    ) -> None:
        """A gate, after whose stop nothing is built."""
        if any(result.stops for result in judge(settings, paths, run_id, gate)):
            raise GateStopError(gate)

    def load_reference(self, paths: BuildPaths) -> None:
        """Puts the reference seeds into the build."""
        with duckdb.connect(str(paths.database)) as connection:
            kept = literal(str(self.recording.reference))
            connection.execute(f"attach {kept} as kept (read_only)")
            connection.execute("begin")
            connection.execute("create schema reference")
            for (table,) in connection.execute(
                "select table_name from duckdb_tables() where database_name = 'kept'"
            ).fetchall():
                connection.execute(
                    f'create table reference."{table}" as from kept.reference."{table}"'
                )
            connection.execute("commit")

    def execute(self, paths: BuildPaths, stage: str, as_of: date | None = None) -> None:
        """What dbt would do in a stage.

        as_of: the run's parameter, the only thing that dbt compiles into a statement.

        Raises:
            BuildError: a model cannot be built.
            DataTestError: a data test found rows.
        """
        bad: list[NodeResult] = []
        results = []
        with duckdb.connect(str(paths.database)) as connection:
            connection.execute("set enable_progress_bar = false")
            connection.execute("set timezone = 'UTC'")
            # One transaction: each table of its own would wait for the disk.
            connection.execute("begin")
            for schema in ("staging", "intermediate", "marts", "restricted"):
                connection.execute(f"create schema if not exists {schema}")
            for statement in self.recording.statements[stage]:
                if as_of and statement.name == "int_calendar__run":
                    statement = at_date(statement, as_of)
                node = self.run(connection, statement)
                if node.is_bad:
                    bad.append(node)
                if statement.kind == "test":
                    manifest = self.recording.manifest
                    test = manifest["nodes"][statement.unique_id]
                    results.append(test_result(manifest, test, stage, node))
                if node.status == "error":
                    connection.execute("rollback")
                    break
            else:
                connection.execute("commit")
        add_results(paths.checks, results)
        if bad:
            raise stop_of(bad)

    def run(
        self, connection: duckdb.DuckDBPyConnection, statement: Statement
    ) -> NodeResult:
        """Executes one statement and tells it as dbt would."""
        failures, status, message = None, "success", "OK"
        relation = f'"{statement.schema}"."{statement.name}"'
        try:
            if statement.kind == "test":
                count = f"select count(*) from ({statement.sql}) as found"
                row = connection.execute(count).fetchone()
                failures = int(row[0]) if row else 0
                found = "warn" if statement.only_warns else "fail"
                status = found if failures else "pass"
                message = f"Got {failures} results, configured to fail if != 0"
            else:
                kind = "view" if statement.is_view else "table"
                connection.execute(f"create {kind} {relation} as ({statement.sql})")
        except duckdb.Error as error:
            status, message = "error", f"Runtime Error in {statement.name}: {error}"
        return NodeResult(statement.unique_id, status, message, failures, 0.0)


def at_date(statement: Statement, as_of: date) -> Statement:
    """The model that chooses the as-of date, with the parameter given."""
    default = "cast(period_end as date)"
    assert statement.sql.count(default) == 1
    chosen = f"cast('{as_of}' as date)"
    return replace(statement, sql=statement.sql.replace(default, chosen))


class GateStopError(StopError):
    """A gate's check stopped the run; its result says why."""
