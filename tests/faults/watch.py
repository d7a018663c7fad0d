"""A reader that queries the current release while others write.

Belongs here: what a reader of `current` must always find, asked in a loop by a process
of its own. Does not belong here: what is written meanwhile.

    python -m tests.faults.watch RELEASES LOG

follows the link many times a second, and looks whenever it has moved or half a second
has passed. It appends one JSON line per look: which release `current` was, whether the
release was whole, and what was wrong if it was not. It ends when its standard input
does.
"""

from __future__ import annotations

import json
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.settings import PROJECT

TABLES = ("attribution_counts", "pcmh_payments", "data_quality")
PAUSE_SECONDS = 0.05
LOOK_SECONDS = 0.5


def look(releases: Path) -> str:
    """Reads the current release as people do; returns its id.

    Raises:
        Exception: whatever a reader would meet: a link that leads nowhere, a file that
            is not there or not whole, rows that are not those of the manifest.
    """
    # As a reader has it: the link is followed once, then the release is read.
    folder = releases / (releases / "current").readlink()
    manifest = json.loads((folder / "manifest.json").read_text())
    if folder.name != manifest["release_id"]:
        raise AssertionError(f"{folder.name} holds {manifest['release_id']}")
    expected = {t: manifest["tables"][f"marts.{t}"]["rows"] for t in TABLES}
    with duckdb.connect(str(folder / "blueprint.duckdb"), read_only=True) as file:
        for table in TABLES:
            found = file.execute(f"select count(*) from marts.{table}").fetchone()
            if found != (expected[table],):
                raise AssertionError(f"{table} has {found}, not {expected[table]}")
    parquet = folder / "parquet" / "marts" / "attribution_counts.parquet"
    found = duckdb.sql(f"select count(*) from '{parquet}'").fetchall()
    if found != [(expected["attribution_counts"],)]:
        raise AssertionError(f"{parquet.name} has {found}")
    return folder.name


def watch(releases: Path, log: Path) -> None:
    """Looks until standard input ends, and writes down each look."""
    followed, due = None, 0.0
    with log.open("a", encoding="utf-8") as file:
        while not select.select([sys.stdin], [], [], PAUSE_SECONDS)[0]:
            try:
                link = (releases / "current").readlink()
                if link == followed and time.monotonic() < due:
                    continue
                followed, due = link, time.monotonic() + LOOK_SECONDS
                entry = {"release": look(releases), "problem": None}
            except Exception as error:  # noqa: BLE001 - any failure is a reader's
                problem = f"{type(error).__name__}: {error}"
                entry = {"release": None, "problem": problem}
            file.write(json.dumps(entry) + "\n")
            file.flush()


@dataclass
class Watcher:
    """What a reader has seen so far."""

    log: Path

    def looks(self) -> list[dict[str, str | None]]:
        """Every look, in order."""
        text = self.log.read_text(encoding="utf-8") if self.log.exists() else ""
        return [json.loads(line) for line in text.splitlines() if line.endswith("}")]

    def problems(self) -> list[str | None]:
        """What was wrong, in the looks that found something wrong."""
        return [look["problem"] for look in self.looks() if look["problem"]]

    def wait_to_see(self, release: str, seconds: float = 20) -> None:
        """Waits until the reader has found a release to be the current one.

        Raises:
            AssertionError: it did not in that time.
        """
        until = time.monotonic() + seconds
        while release not in self.seen():
            if time.monotonic() > until:
                raise AssertionError(f"no reader saw {release}")
            time.sleep(PAUSE_SECONDS)

    def seen(self) -> list[str]:
        """The releases that `current` was, in order and without repeats."""
        names: list[str] = []
        for entry in self.looks():
            if entry["release"] and (not names or names[-1] != entry["release"]):
                names.append(entry["release"])
        return names


@contextmanager
def watching(releases: Path, log: Path) -> Iterator[Watcher]:
    """A reader at work for as long as the block lasts."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.watch", str(releases), str(log)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
    )
    try:
        yield Watcher(log)
    finally:
        if process.stdin:
            process.stdin.close()
        process.wait(timeout=60)


if __name__ == "__main__":
    watch(Path(sys.argv[1]), Path(sys.argv[2]))
