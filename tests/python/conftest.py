"""Fixtures: a drop to write into, and one whole refresh that several tests read."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks import generate
from orchestration.contract import landing_contract
from orchestration.settings import PROJECT

SAMPLE = PROJECT / "seeds" / "landing"

Rows = Sequence[Mapping[str, str]]


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
    """A releases folder that a refresh of the sample has published to."""

    releases: Path
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


@pytest.fixture(scope="session")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> Refreshed:
    home = tmp_path_factory.mktemp("dagster")
    releases = tmp_path_factory.mktemp("releases")

    def run(*arguments: str, into: Path = releases) -> Outcome:
        return command(*arguments, "--releases", str(into), home=home)

    outcome = run("refresh")
    return Refreshed(releases, outcome, run)
