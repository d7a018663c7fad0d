"""Fixtures: a drop to write into, and one whole refresh that several tests read."""

import csv
import fcntl
import gc
import json
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from benchmarks import generate
from orchestration.contract import landing_contract
from orchestration.settings import PROJECT
from tests.faults.replay import Recording, record
from tests.faults.report import table_of

# As in a step of a refresh (orchestration/preload.py).
gc.set_threshold(100_000, 50, 100)

SAMPLE = PROJECT / "seeds" / "landing"
# Files that take half a minute or more, the longest first: a worker that met one of
# them last would keep the others waiting. The first two make what the others share,
# each of them something else, so that no worker waits for the other.
LONG_FILES = (
    "test_faults",
    "test_refresh",
    "test_fault_processes",
    "test_dbt_build",
    "test_attribution_worlds",
    "test_external_claims",
)

Rows = Sequence[Mapping[str, str]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the long files first; within a file the order stays."""

    def rank(item: pytest.Item) -> int:
        name = item.path.stem
        return LONG_FILES.index(name) if name in LONG_FILES else len(LONG_FILES)

    items.sort(key=rank)


@dataclass
class Drop:
    """A landing directory that a test fills."""

    folder: Path

    def write(
        self, name: str, rows: Rows, columns: Sequence[str] | None = None
    ) -> Path:
        """Writes one CSV, named with its extension."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", newline="", encoding="utf-8") as file:
            names = list(columns or rows[0])
            writer = csv.DictWriter(file, names, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return path

    def row(self, table: str, **values: str) -> dict[str, str]:
        """A row with every required column of a table, as text."""
        columns = landing_contract()[table].columns
        filled = {c.name: f"{c.name} 1" for c in columns if c.required}
        return {**filled, **values}


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    folder = tmp_path / "drop"
    folder.mkdir()
    return Drop(folder)


@pytest.fixture
def small_drop(tmp_path: Path) -> Path:
    """Fifty people in a CSV drop of their own, for what needs people but not many."""
    folder = tmp_path / "small_drop"
    generate.main(["--people", "50", "--out", str(folder), "--quiet"])
    return folder


@dataclass
class Outcome:
    """How a run of the command line ended."""

    code: int
    output: str


@dataclass
class Refreshed:
    """A releases folder that a refresh of the sample has published to.

    build: what it was published from, with every relation of the project.
    """

    releases: Path
    build: Path
    outcome: Outcome
    run: Callable[..., Outcome]

    def current(self) -> Path:
        """The folder of the current release."""
        return (self.releases / "current").resolve()

    def manifest(self) -> dict:
        """The current release's manifest."""
        return json.loads((self.current() / "manifest.json").read_text())


def command(*arguments: str, home: Path, cwd: Path = PROJECT) -> Outcome:
    """Runs `python -m orchestration` as a person would."""
    environment = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith("BLUEPRINT_")
    }
    environment |= {"DAGSTER_HOME": str(home), "PYTHONPATH": str(PROJECT)}
    result = subprocess.run(
        [sys.executable, "-m", "orchestration", *arguments],
        cwd=cwd,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=600,
    )
    return Outcome(result.returncode, result.stdout)


def made_once(
    factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]
) -> tuple[Path, Any]:
    """A folder, and what was made in it, shared by all of pytest's workers.

    The first worker makes it, and the others wait; what is made can be pickled.
    """
    shared = factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    folder = shared / name
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = folder / "made.pickle"
        if not made.exists():
            folder.mkdir()
            made.write_bytes(pickle.dumps(make(folder)))
        return folder, pickle.loads(made.read_bytes())


@contextmanager
def keeping_the_build(releases: Path, kept: Path) -> Iterator[None]:
    """Links the build of the run that goes on, which removes it when it has ended."""
    ended = threading.Event()

    def link() -> None:
        while not kept.exists() and not ended.wait(0.2):
            for build in releases.glob(f".builds/*/{kept.name}"):
                kept.hardlink_to(build)

    linking = threading.Thread(target=link)
    linking.start()
    try:
        yield
    finally:
        ended.set()
        linking.join()


@pytest.fixture(scope="session")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> Refreshed:
    """The sample, released; tests that read it may not publish into it."""

    def make(folder: Path) -> Outcome:
        releases = folder / "releases"
        arguments = ("refresh", "--releases", str(releases))
        with keeping_the_build(releases, folder / "blueprint.duckdb"):
            return command(*arguments, home=folder / "dagster")

    folder, outcome = made_once(tmp_path_factory, "refreshed", make)
    home = tmp_path_factory.mktemp("dagster")

    def run(*arguments: str, into: Path = folder / "releases") -> Outcome:
        return command(*arguments, "--releases", str(into), home=home)

    build = folder / "blueprint.duckdb"
    return Refreshed(folder / "releases", build, outcome, run)


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Fifty people as a clean drop, and what dbt did with it (tests/faults/replay.py).

    The drop's folder, and the file that holds the recording.
    """

    def make(folder: Path) -> Recording:
        drop = folder / "drop"
        generate.main(["--people", "50", "--out", str(drop), "--quiet"])
        return record(drop, folder)

    folder, _ = made_once(tmp_path_factory, "recorded", make)
    return folder / "drop", folder / "made.pickle"


# The fault campaign's table --------------------------------------------------------


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Prints the faults of this run, and the outcome that each of them had."""
    faults = [
        fault
        for outcome in ("passed", "failed")
        for report in terminalreporter.getreports(outcome)
        for fault in dict(report.user_properties).get("faults", [])
    ]
    if faults:
        terminalreporter.section("faults")
        for line in table_of(faults):
            terminalreporter.write_line(line)
