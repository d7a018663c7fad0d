"""Whatever the machine does to a run, readers of `current` notice nothing."""

import json
import pickle
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from orchestration.settings import PROJECT
from tests.faults.machine import Ended, Machine, can_mount
from tests.faults.replay import Replay
from tests.faults.watch import Watcher, look, watching

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not can_mount(), reason="needs mount namespaces (Linux)"),
]
# hooks.PLACES, which imports what only a step should. In the middle of the work and
# just before readers would see it, every time; elsewhere when asked to be thorough.
OPS = ("transform", "before the switch")
FURTHER_OPS = (
    "landing",
    "landing gate",
    "rows gate",
    "marts",
    "release gate",
    "release",
)


@dataclass
class Bench:
    """A releases folder with a release of fifty people, and a machine to spoil runs."""

    machine: Machine
    drop: Path
    releases: Path
    watcher: Watcher
    published: list[str]

    def current(self) -> str:
        """The current release, whole."""
        return look(self.releases)

    def refresh(self, fault: str, place: str) -> Ended:
        """A refresh to which a fault is done."""
        return self.machine.refresh(fault, place, self.drop, self.releases)


@pytest.fixture(scope="module")
def bench(recorded, tmp_path_factory):
    drop, recording = recorded
    folder = tmp_path_factory.mktemp("machine")
    machine = Machine(folder, recording)
    releases = tmp_path_factory.mktemp("releases")
    clean = Replay(pickle.loads(recording.read_bytes()), releases).refresh(drop)
    assert clean.release, clean.screen
    with watching(releases, folder / "looks.jsonl") as watcher:
        yield Bench(machine, drop, releases, watcher, [look(releases)])
    machine.close()


@pytest.fixture
def tell(record_property):
    """Puts a fault into the campaign's table."""

    def add(name: str, expected: str, outcome: str, seconds: float, by: str = ""):
        record_property(
            "faults",
            [
                {
                    "name": name,
                    "expected": expected,
                    "outcome": outcome,
                    "by": by,
                    "seconds": f"{seconds:.1f}",
                }
            ],
        )

    return add


def is_alive(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return (
            Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        )
    except OSError:
        return False


@pytest.mark.parametrize(
    "place",
    [*OPS, *(pytest.param(op, marks=pytest.mark.thorough) for op in FURTHER_OPS)],
)
def test_a_run_that_is_killed_changes_nothing(bench, tell, place):
    before = bench.current()
    ended = bench.refresh("kill the run", place)
    step = int(bench.machine.met.read_text())
    until = time.monotonic() + 10
    while is_alive(step) and time.monotonic() < until:
        time.sleep(0.1)
    outcome = "unchanged" if bench.current() == before else "changed"
    tell(f"kill -9 of the run: {place}", "unchanged", outcome, ended.seconds)
    assert ended.code == -9
    assert not is_alive(step), "a step outlived its run"
    assert outcome == "unchanged"


def test_a_run_that_is_killed_after_the_switch_has_published(bench, tell):
    before = bench.current()
    ended = bench.refresh("kill the run", "after the switch")
    outcome = "published" if bench.current() != before else "unchanged"
    tell("kill -9 of the run: after the switch", "published", outcome, ended.seconds)
    assert outcome == "published"
    bench.published.append(bench.current())


def test_a_step_that_is_killed_stops_the_run_readably(bench, tell):
    before = bench.current()
    ended = bench.refresh("kill the step", "landing gate")
    outcome = "stopped" if ended.code == 1 else f"ended with {ended.code}"
    tell("kill -9 of a step", "stopped", outcome, ended.seconds)
    assert ended.code == 1
    assert "Nothing was published" in ended.output
    assert "landing_gate" in ended.output
    assert "Traceback" not in ended.output
    assert bench.current() == before


def test_of_two_runs_at_once_the_first_publishes_and_cleans_up(bench, tell):
    """It comes after all who were killed, and finds what they left."""
    before = bench.current()
    arguments = (
        "refresh",
        "--landing",
        str(bench.drop),
        "--releases",
        str(bench.releases),
    )
    with bench.machine.run("wait", "landing gate", *arguments) as running:
        running.wait_until_met()
        started = time.monotonic()
        second = subprocess.run(
            [sys.executable, "-m", "orchestration", *arguments],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )
        seconds = time.monotonic() - started
        bench.machine.order("nothing", "nowhere")
        first = running.end()
    outcome = "stopped" if second.returncode == 1 else "went on"
    tell("two runs at once: the second", "stopped", outcome, seconds)
    assert "Another refresh is running" in second.stderr
    assert second.stderr.count("\n") == 1
    assert first.code == 0, first.output
    assert bench.current() != before
    bench.published.append(bench.current())
    assert list(bench.releases.glob("*/.*.partial")) == []
    assert list(bench.releases.glob(".*.tmp")) == []
    assert not (bench.releases / ".lease.json").exists()


def on_the_small_disk(bench: Bench) -> Path:
    """A releases folder on the machine's small disk, with the current release in it."""
    releases = bench.machine.disk / "releases"
    seen = bench.machine.inside(releases)
    shutil.rmtree(seen, ignore_errors=True)
    for ballast in bench.machine.inside(bench.machine.disk).glob("ballast*"):
        ballast.unlink()
    current = (bench.releases / "current").readlink()
    shutil.copytree(bench.releases / current, seen / current)
    (seen / "current").symlink_to(current)
    return releases


def look_inside(bench: Bench, releases: Path, copy: Path) -> str:
    """The current release on the small disk, by a copy that can be opened here."""
    shutil.copytree(bench.machine.inside(releases), copy, symlinks=True)
    assert list(copy.glob("*/.*.partial")) == []
    return look(copy)


@pytest.mark.parametrize(
    "place", ["release", pytest.param("landing", marks=pytest.mark.thorough)]
)
def test_a_full_disk_stops_the_run_readably(bench, tell, tmp_path, place):
    before, releases = bench.current(), on_the_small_disk(bench)
    ended = bench.machine.refresh("fill the disk", place, bench.drop, releases)
    outcome = "stopped" if ended.code == 1 else f"ended with {ended.code}"
    tell(f"the disk is full: {place}", "stopped", outcome, ended.seconds)
    assert ended.code == 1, ended.output
    assert bench.machine.met.exists(), "the disk was full before it was filled"
    assert "Nothing was published" in ended.output
    assert "No space left" in ended.output or "disk" in ended.output.lower()
    assert "Traceback" not in ended.output
    assert look_inside(bench, releases, tmp_path / "seen") == before


def test_a_read_only_releases_folder_stops_the_run_readably(bench, tell, tmp_path):
    before, releases = bench.current(), on_the_small_disk(bench)
    disk = bench.machine.disk
    remount = ["nsenter", "-t", str(bench.machine.process.pid), "-m", "mount", "-o"]
    subprocess.run([*remount, "remount,ro", str(disk)], check=True)
    try:
        ended = bench.machine.refresh("nothing", "nowhere", bench.drop, releases)
    finally:
        subprocess.run([*remount, "remount,rw", str(disk)], check=True)
    outcome = "stopped" if ended.code == 1 else f"ended with {ended.code}"
    tell("the releases folder is read-only", "stopped", outcome, ended.seconds)
    assert ended.code == 1
    assert "cannot be written to" in ended.output
    assert ended.output.count("\n") == 1
    assert look_inside(bench, releases, tmp_path / "seen") == before


def test_the_reader_never_found_current_absent_half_written_or_wrong(bench):
    bench.watcher.wait_to_see(bench.published[-1])
    assert bench.watcher.problems() == []
    assert len(bench.watcher.looks()) > 50
    assert bench.watcher.seen() == bench.published


def test_a_reader_who_follows_the_link_twice_may_see_two_releases_but_each_whole(bench):
    """The link is the only thing that moves: what it pointed to stays as it was."""
    names = {path.name for path in bench.releases.glob("2*/2*") if path.is_dir()}
    assert set(bench.published) <= names
    for path in bench.releases.glob("2*/2*/manifest.json"):
        rows = json.loads(path.read_text())["tables"]["marts.attribution_counts"][
            "rows"
        ]
        file = path.parent / "blueprint.duckdb"
        with duckdb.connect(str(file), read_only=True) as connection:
            found = connection.execute(
                "select count(*) from marts.attribution_counts"
            ).fetchone()
        assert found == (rows,)
    assert str((bench.releases / "current").readlink()).count("/") == 1
