"""The long campaign: hundreds of drops that chance has spoiled.

Belongs here: running them, and what must hold whatever was done. Does not belong here:
the faults (chance.py).

    python -m tests.faults --rounds 500 --seed 1
    python -m tests.faults --seed 1 --only 37          does one round again

Every round spoils a clean drop of fifty people and refreshes it. It must end published
or stopped by a check or a message; nothing else: no model and no data test may be the
one to find out, no check may break. A release must be what its manifest says, and
account for every landed row. A reader queries `current` in a loop meanwhile.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks import generate
from orchestration.releases import point_current
from orchestration.verify import FAULT, verify_release
from tests.faults.chance import strike
from tests.faults.replay import Outcome, Recording, Replay, record
from tests.faults.watch import watching
from tests.faults.world import World

RELEASES_KEPT = 5


@dataclass(frozen=True)
class Round:
    """What a round did, how it ended, and what should not have happened."""

    number: int
    done: tuple[str, ...]
    outcome: str
    by: tuple[str, ...]
    problems: tuple[str, ...]
    seconds: float


def problems_of(outcome: Outcome, current: Path, clean: Path) -> Iterator[str]:
    """What must not be, whatever was done to the drop."""
    for result in outcome.results:
        if result.outcome == "broken":
            yield f"{result.check_id} broke: {' '.join(result.findings)}"
        if result.stops and result.gate in ("transform", "marts"):
            yield f"a data test was the first to find out: {result.check_id}"
    if outcome.release is None:
        if "STOP  model " in outcome.screen:
            yield "a model was the first to find out"
        if current != clean:
            yield "a stop moved `current`"
        return
    if current != outcome.release:
        yield "`current` is not what was published"
    for finding in verify_release(outcome.release, None):
        if finding.outcome == FAULT:
            yield f"the release is not as its manifest says: {finding.line()}"
    file = outcome.release / "blueprint.duckdb"
    with duckdb.connect(str(file), read_only=True) as connection:
        lost = connection.execute(
            "select count(*) from marts.data_quality where rule = 'row_accounts' "
            "and landed <> staged + superseded + quarantined"
        ).fetchone()
    if lost != (0,):
        yield "rows are not accounted for"


def play(replay: Replay, clean: Path, drop: Path, seed: int, number: int) -> Round:
    """One round; the same seed and number do the same."""
    chance = random.Random(f"{seed} {number}")  # noqa: S311 - no secret
    folder = Path(tempfile.mkdtemp(prefix="round_"))
    started = time.monotonic()
    world = World.copy_of(drop, folder / "drop")
    done = strike(world, chance)
    try:
        outcome = replay.refresh(world.folder)
        current = (replay.releases / "current").resolve(strict=True)
        problems = tuple(problems_of(outcome, current, clean))
        by = outcome.stopped if outcome.release is None else outcome.warned
        end = "stopped" if outcome.release is None else "published"
        end = "warned" if outcome.release and outcome.warned else end
        if outcome.release:
            point_current(replay.releases, clean)
            remove_old_releases(outcome.release, clean)
    except Exception:  # noqa: BLE001 - an unexpected end is what is looked for
        end, by, problems = "crashed", set(), (traceback.format_exc(limit=-3),)
    finally:
        shutil.rmtree(folder)
    seconds = time.monotonic() - started
    return Round(number, tuple(done), end, tuple(sorted(by)), problems, seconds)


def remove_old_releases(newest: Path, clean: Path) -> None:
    """Leaves the clean release and the last few: a reader may still be in one."""
    others = sorted(newest.parent.glob("2*"), key=lambda path: path.stat().st_mtime)
    for folder in others[:-RELEASES_KEPT]:
        if folder != clean:
            shutil.rmtree(folder)


def work(
    recording: Recording,
    drop: Path,
    folder: Path,
    seed: int,
    numbers: list[int],
    told: multiprocessing.Queue[Round | list[str] | None],
) -> None:
    """One worker's rounds, with a reader of its own."""
    replay = Replay(recording, folder / "releases")
    clean = replay.refresh(drop).release
    assert clean
    with watching(replay.releases, folder / "looks.jsonl") as watcher:
        for number in numbers:
            told.put(play(replay, clean, drop, seed, number))
        time.sleep(0.3)
        told.put([str(len(watcher.looks())), *map(str, watcher.problems())])
    told.put(None)


def campaign(rounds: int, seed: int, only: int | None, jobs: int) -> int:
    """All rounds; returns an exit code."""
    folder = Path(tempfile.mkdtemp(prefix="faults_"))
    drop = folder / "drop"
    print("Building the clean drop of 50 people with dbt (half a minute)", flush=True)
    generate.main(["--people", "50", "--out", str(drop), "--quiet"])
    recording = record(drop, folder)
    numbers = [only] if only is not None else list(range(rounds))
    context = multiprocessing.get_context("fork")
    told: multiprocessing.Queue[Round | list[str] | None] = context.Queue()
    workers = []
    for job in range(min(jobs, len(numbers))):
        place = folder / f"worker_{job}"
        place.mkdir()
        arguments = (recording, drop, place, seed, numbers[job::jobs], told)
        workers.append(context.Process(target=work, args=arguments))
        workers[-1].start()
    played, reader, running = [], [], len(workers)
    while running:
        entry = told.get()
        if entry is None:
            running -= 1
        elif isinstance(entry, list):
            reader.append(entry)
        else:
            played.append(entry)
            show(entry, len(played), len(numbers), verbose=only is not None)
    shutil.rmtree(folder, ignore_errors=True)
    return close(played, reader, seed)


def show(entry: Round, count: int, rounds: int, *, verbose: bool) -> None:
    """A line per round that needs looking at, and one now and then."""
    if entry.problems or verbose:
        print(f"round {entry.number}: {entry.outcome}; {'; '.join(entry.done)}")
        for text in (*entry.by, *entry.problems):
            print(f"    {text}")
    elif count % 25 == 0:
        print(f"{count}/{rounds} rounds", flush=True)


def close(played: list[Round], reader: list[list[str]], seed: int) -> int:
    """The table of what happened; returns an exit code."""
    outcomes = Counter(entry.outcome for entry in played)
    reasons = Counter(
        f"{entry.outcome:<9} {reason}"
        for entry in played
        for reason in (
            entry.by or ("by a message" if entry.outcome == "stopped" else "",)
        )
        if reason
    )
    print()
    for reason, count in sorted(reasons.items(), key=lambda item: (-item[1], item[0])):
        print(f"{count:>5}  {reason}")
    bad = [entry for entry in played if entry.problems]
    looks = sum(int(entry[0]) for entry in reader)
    trouble = [text for entry in reader for text in entry[1:]]
    each = sum(entry.seconds for entry in played) / max(1, len(played))
    print(
        f"\n{len(played)} rounds (seed {seed}, {each:.1f} s each): "
        + ", ".join(f"{count} {name}" for name, count in sorted(outcomes.items()))
        + f"\n{len(bad)} rounds with something that must not be"
        f"\n{looks:,} looks of readers at `current`, {len(trouble)} with a problem"
    )
    for text in trouble[:10]:
        print(f"    {text}")
    for entry in bad:
        print(f"    python -m tests.faults --seed {seed} --only {entry.number}")
    return 1 if bad or trouble else 0


def main() -> None:
    """Reads the arguments and exits with 0 when nothing was wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults",
        description="Refreshes drops that chance has spoiled, and looks for an end "
        "that must not be.",
    )
    parser.add_argument("--rounds", type=int, default=100, help="how many (100)")
    parser.add_argument("--seed", type=int, default=1, help="of chance (1)")
    parser.add_argument("--only", type=int, metavar="N", help="this round alone")
    parser.add_argument("--jobs", type=int, default=2, help="processes (2)")
    options = parser.parse_args()
    sys.exit(campaign(options.rounds, options.seed, options.only, options.jobs))


if __name__ == "__main__":
    main()
