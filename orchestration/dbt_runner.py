"""Runs dbt inside a step's own process.

Belongs here: one dbt invocation with its environment, its node results, and the parsed
project (manifest) that the definitions are made from. Does not belong here: Dagster.

dbt runs through its Python entry point, not its command line: a step's process has dbt
imported already, and the command line would look for newer versions on the network. The
project is parsed once, before the run; the steps are handed the parsed project, which
saves seconds in each, and an edit in the middle of a run does not reach it.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import queue
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.errors import BuildError, DataTestError
from orchestration.settings import PROJECT, BuildPaths

# A folder of its own: other uses of dbt parse for another database, and the parsed
# project names the database in every relation.
PARSED_FOLDER = PROJECT / "target" / "orchestration"
MANIFEST = PARSED_FOLDER / "manifest.json"
PARSED = PARSED_FOLDER / "partial_parse.msgpack"
# What dbt makes a manifest from. Of a CSV it matters only that it is there.
SOURCES = ("models", "macros", "seeds", "tests/data")
TOP_SOURCES = ("dbt_project.yml", "profiles.yml")
# What DuckDB answers after a fatal error, until its file is opened anew.
INVALIDATED = "database has been invalidated because of a previous fatal error"


@dataclass(frozen=True)
class NodeResult:
    """A finished dbt node.

    status: success, pass, warn, error, fail or skipped. failures: rows that a test
    found.
    """

    unique_id: str
    status: str
    message: str
    failures: int | None
    seconds: float

    @property
    def kind(self) -> str:
        """model, seed or test."""
        return self.unique_id.partition(".")[0]

    @property
    def is_bad(self) -> bool:
        """Whether the run must stop because of this node."""
        return self.status in ("error", "fail", "runtime error")


class Invocation:
    """One dbt invocation; iterate over it for the nodes as they finish."""

    def __init__(self, arguments: list[str], paths: BuildPaths) -> None:
        self.arguments = arguments
        self.paths = paths
        self.total = 0
        self.bad: list[NodeResult] = []

    def __iter__(self) -> Iterator[NodeResult]:
        """Runs dbt in a thread and yields each node when it has finished.

        Raises:
            BuildError: a node failed, or dbt did.
        """
        finished: queue.Queue[NodeResult | None] = queue.Queue()
        outcome: list[Any] = []

        def work() -> None:
            try:
                outcome.append(self.invoke(finished))
            finally:
                finished.put(None)

        thread = threading.Thread(target=work, name="dbt", daemon=True)
        thread.start()
        while (node := finished.get()) is not None:
            if node.is_bad:
                self.bad.append(node)
            yield node
        thread.join()
        if self.bad:
            raise stop_of(self.bad)
        result = outcome[0] if outcome else None
        if result is None or not result.success:
            raise BuildError(f"dbt: {getattr(result, 'exception', 'stopped early')}")

    def invoke(self, finished: queue.Queue[NodeResult | None]) -> Any:  # noqa: ANN401
        """Calls dbt, putting each finished node into the queue."""
        os.environ["BLUEPRINT_BUILD"] = str(self.paths.database)
        os.environ["DO_NOT_TRACK"] = "1"
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager
        from dbt.cli.main import dbtRunner
        from dbt.contracts.graph.manifest import Manifest

        def on_event(event: Any) -> None:  # noqa: ANN401
            if event.info.name == "NodeFinished":
                finished.put(node_result(event.data))
            elif event.info.name == "LogStartLine":
                self.total = max(self.total, int(event.data.total))

        # A log that cannot be written (the disk is full) is no reason for a traceback
        # per line: what the run needs to write fails too, and says so.
        logging.raiseExceptions = False
        manifest = Manifest.from_msgpack(self.paths.parsed.read_bytes())
        manifest.build_flat_graph()
        runner = dbtRunner(manifest=manifest, callbacks=[on_event])
        try:
            return runner.invoke(self.arguments)
        finally:
            # dbt leaves the file open; closing it writes the log into the file, so that
            # the next step need not replay it.
            DuckDBConnectionManager.close_all_connections()


def node_result(data: Any) -> NodeResult:  # noqa: ANN401 - dbt's event message
    """A NodeFinished event as a plain value.

    After an internal error of DuckDB every further statement fails, which says nothing
    about its node: it counts as skipped. DuckDB's stack trace stays in the log.
    """
    run = data.run_result
    status = str(data.node_info.node_status or run.status).lower()
    return NodeResult(
        unique_id=data.node_info.unique_id,
        status="skipped" if INVALIDATED in run.message else status,
        message=run.message.partition("Stack Trace:")[0].strip(),
        failures=run.num_failures,
        seconds=float(run.execution_time),
    )


def stop_of(bad: list[NodeResult]) -> BuildError:
    """The stop that failed nodes make: of data tests alone, or of a model too.

    What a data test found is told by its own result, so that its stop only counts.
    """
    if all(node.status == "fail" for node in bad):
        many = "1 data test" if len(bad) == 1 else f"{len(bad)} data tests"
        return DataTestError(f"{many} found rows that there should not be.")
    return BuildError(failure_message([n for n in bad if n.status != "fail"]))


def failure_message(bad: list[NodeResult]) -> str:
    """The first failing nodes, with dbt's words, for a person."""
    lines = []
    for node in bad[:3]:
        kind, _, name = node.unique_id.partition(".")
        name = name.removeprefix("blueprint.")
        text = " ".join(node.message.split())
        lines.append(f"{kind} {name}: {text[:600]}")
    if len(bad) > 3:
        lines.append(f"and {len(bad) - 3} more")
    return "\n".join(lines)


# The parsed project ------------------------------------------------------------------


def manifest_is_stale(project: Path = PROJECT, manifest: Path = MANIFEST) -> bool:
    """Whether the manifest is missing or older than what it is made from."""
    if not manifest.exists() or not manifest.with_name(PARSED.name).exists():
        return True
    made = manifest.stat().st_mtime_ns
    paths = [project / name for name in TOP_SOURCES]
    for folder in SOURCES:
        for path in (project / folder).rglob("*"):
            # A folder's time changes when a file is added or removed.
            if path.is_dir() or path.suffix != ".csv":
                paths.append(path)
    return any(path.stat().st_mtime_ns > made for path in paths if path.exists())


def parse_project() -> None:
    """Makes the manifest in a process of its own; opens no database.

    Raises:
        BuildError: the project does not parse.
    """
    result = subprocess.run(
        [
            sys.executable,
            "-m",
            "dbt.cli.main",
            "--log-path",
            str(PARSED_FOLDER),
            "parse",
            "--project-dir",
            str(PROJECT),
            "--profiles-dir",
            str(PROJECT),
            "--target-path",
            str(PARSED_FOLDER),
        ],
        cwd=PROJECT,
        env={
            **os.environ,
            "BLUEPRINT_BUILD": BuildPaths(PROJECT / "build").database.as_posix(),
            "DO_NOT_TRACK": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        said = result.stdout.rpartition("Encountered an error:")[2].strip()
        raise BuildError(f"dbt cannot parse the project: {said[-2000:]}")
    # Nothing to rewrite leaves the file as it was, and it would seem stale again.
    MANIFEST.touch()


def freeze_project(paths: BuildPaths) -> None:
    """Copies the parsed project into a run's build."""
    shutil.copyfile(MANIFEST, paths.manifest)
    shutil.copyfile(PARSED, paths.parsed)


def read_manifest() -> Mapping[str, Any]:
    """The project's manifest as it is."""
    manifest: Mapping[str, Any] = json.loads(MANIFEST.read_bytes())
    return manifest


def ensure_manifest() -> Mapping[str, Any]:
    """The project's manifest, parsed first when it is missing or stale.

    Several processes of a run ask at the same time: one parses, the others wait.
    """
    if manifest_is_stale():
        PARSED_FOLDER.mkdir(parents=True, exist_ok=True)
        with (PARSED_FOLDER / ".parse.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if manifest_is_stale():
                parse_project()
    return read_manifest()
