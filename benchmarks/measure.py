"""What a process took: its time and memory, and what Dagster or dbt recorded of it.

Belongs here: sampling memory from outside, turning the record of a run into stages and
models, and how times grow with sizes. Does not belong here: what is run (bench.py).

Memory is the resident memory of a process and its descendants, sampled; pages that they
share count in each of them, so that it is rather too high than too low. It is measured
on Linux only.
"""

from __future__ import annotations

import math
import os
import subprocess
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.floor import BenchError
from orchestration.settings import PROJECT

MODEL_SCHEMAS = ("staging", "intermediate", "marts", "restricted")
SAMPLE_SECONDS = 0.1
SLOWEST = 10


# Measuring processes ------------------------------------------------------------------


@dataclass
class Measured:
    """A process that ran: when, for how long, and the memory it held.

    started, ended: seconds since the epoch. samples: (seconds since the epoch, bytes).
    output: what it wrote to standard output.
    """

    code: int
    started: float
    ended: float
    samples: list[tuple[float, int]] = field(default_factory=list)
    output: str = ""

    @property
    def seconds(self) -> float:
        """Wall time."""
        return self.ended - self.started

    def peak_bytes(self, began: float = 0.0, ended: float = float("inf")) -> int | None:
        """The most memory held between two times; None when it was not measured."""
        held = [size for at, size in self.samples if began <= at <= ended]
        return max(held, default=None)


def tree_bytes(root: int, proc: Path = Path("/proc")) -> int | None:
    """Resident memory in bytes of a process and all its descendants, by /proc.

    Returns:
        None where there is no /proc, or when the process is gone.
    """
    parents: dict[int, int] = {}
    pages: dict[int, int] = {}
    for folder in proc.glob("[0-9]*"):
        try:
            # After the name, which may hold blanks: proc(5), fields 4 and 24.
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            parents[int(folder.name)] = int(fields[1])
            pages[int(folder.name)] = int(fields[21])
        except (OSError, IndexError, ValueError):
            continue
    if root not in parents:
        return None
    children: dict[int, list[int]] = {}
    for process, parent in parents.items():
        children.setdefault(parent, []).append(process)
    family, total = [root], 0
    while family:
        process = family.pop()
        total += pages[process]
        family += children.get(process, [])
    return total * os.sysconf("SC_PAGE_SIZE")


class Sampler:
    """Samples the memory of a process and its descendants; a context manager."""

    def __init__(self, process: int) -> None:
        self.process = process
        self.samples: list[tuple[float, int]] = []
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.sample, daemon=True)

    def __enter__(self) -> Sampler:
        """Starts sampling."""
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stops."""
        self.stopping.set()
        self.thread.join()

    def sample(self) -> None:
        """Samples until stopped."""
        while not self.stopping.wait(SAMPLE_SECONDS):
            size = tree_bytes(self.process)
            if size is not None:
                self.samples.append((time.time(), size))


def run_command(
    arguments: Sequence[str], environment: Mapping[str, str] | None = None
) -> Measured:
    """Runs a command from the project's root; its standard error is shown."""
    started = time.time()
    with subprocess.Popen(
        list(arguments),
        cwd=PROJECT,
        env=None if environment is None else dict(environment),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        with Sampler(process.pid) as sampler:
            output, _ = process.communicate()
        ended = time.time()
    return Measured(process.returncode, started, ended, sampler.samples, output)


# The record of a run ------------------------------------------------------------------


@dataclass(frozen=True)
class Event:
    """One entry of the record of a run.

    kind: started or ended (a step), built (a table), checked (a test, a gate's check).
    name: what was built, as schema.table, or the check. seconds: how long it took. at:
    seconds since the epoch.
    """

    kind: str
    step: str
    at: float
    name: str = ""
    seconds: float = 0.0


@dataclass
class Stage:
    """A step of the job, or the time between steps.

    seconds: wall time. model_seconds, check_seconds: sums over the models built and the
    checks run in it; dbt runs several at a time, so they may exceed it.
    """

    name: str
    seconds: float
    models: int = 0
    model_seconds: float = 0.0
    check_seconds: float = 0.0
    lines_per_second: float | None = None
    peak_bytes: int | None = None


def read_events(home: Path) -> list[Event]:
    """What Dagster recorded of the only run in a Dagster home.

    Raises:
        BenchError: there is not exactly one run.
    """
    from dagster import DagsterEventType, DagsterInstance

    steps = {
        DagsterEventType.STEP_START: "started",
        DagsterEventType.STEP_SUCCESS: "ended",
    }
    events = []
    with DagsterInstance.from_config(str(home)) as instance:
        runs = instance.get_run_ids()
        if len(runs) != 1:
            raise BenchError(f"{home}: one run expected, not {len(runs)}")
        for entry in instance.all_logs(runs[0]):
            event = entry.dagster_event
            if event is None or event.step_key is None:
                continue
            if event.event_type in steps:
                events.append(
                    Event(steps[event.event_type], event.step_key, entry.timestamp)
                )
                continue
            if event.event_type == DagsterEventType.ASSET_MATERIALIZATION:
                kind, name = "built", ".".join(event.materialization.asset_key.path)
                metadata = event.materialization.metadata
            elif event.event_type == DagsterEventType.ASSET_CHECK_EVALUATION:
                evaluation = event.asset_check_evaluation_data
                kind, name = "checked", evaluation.check_name
                metadata = evaluation.metadata
            else:
                continue
            if "seconds" in metadata:
                seconds = float(metadata["seconds"].value or 0.0)
                events.append(
                    Event(kind, event.step_key, entry.timestamp, name, seconds)
                )
    return events


def is_model(event: Event) -> bool:
    """Whether an event tells of a model that was built, and not of a seed."""
    return event.kind == "built" and event.name.partition(".")[0] in MODEL_SCHEMAS


def stages_of(
    events: Iterable[Event], measured: Measured, lines: int | None = None
) -> list[Stage]:
    """The stages of a run in their order; their seconds add up to its wall time.

    Args:
        events: the record of the run, whose steps ran one after another.
        measured: the process that ran it, whose samples give each stage its peak.
        lines: medical lines landed, for lines per second.

    Returns:
        "start" (until the first step), the steps, "between steps" and "end".
    """
    spans: dict[str, list[float]] = {}
    stages: dict[str, Stage] = {}
    for event in sorted(events, key=lambda event: event.at):
        stage = stages.setdefault(event.step, Stage(event.step.replace("_", " "), 0.0))
        if event.kind == "started":
            spans[event.step] = [event.at, event.at]
        elif event.kind == "ended":
            spans[event.step][1] = event.at
        elif is_model(event):
            stage.models += 1
            stage.model_seconds += event.seconds
        elif event.kind == "checked":
            stage.check_seconds += event.seconds
    for step, (began, ended) in spans.items():
        stages[step].seconds = ended - began
        stages[step].peak_bytes = measured.peak_bytes(began, ended)
        if lines is not None and ended > began:
            stages[step].lines_per_second = lines / (ended - began)
    first = min(began for began, _ in spans.values())
    last = max(ended for _, ended in spans.values())
    inside = sum(ended - began for began, ended in spans.values())
    return [
        Stage(
            "start",
            first - measured.started,
            peak_bytes=measured.peak_bytes(measured.started, first),
        ),
        *stages.values(),
        Stage("between steps", last - first - inside),
        Stage(
            "end",
            measured.ended - last,
            peak_bytes=measured.peak_bytes(last, measured.ended),
        ),
    ]


def slowest_models(
    events: Iterable[Event], count: int = SLOWEST
) -> list[tuple[str, float]]:
    """The models that took longest, as (schema.table, seconds)."""
    built = [(event.name, event.seconds) for event in events if is_model(event)]
    return sorted(built, key=lambda model: (-model[1], model[0]))[:count]


# The record of dbt --------------------------------------------------------------------


def relation_of(node: Mapping[str, Any]) -> str:
    """A node of dbt's manifest as schema.table."""
    return f"{node['schema']}.{node['alias']}"


def models_named(manifest: Mapping[str, Any], relations: Iterable[str]) -> list[str]:
    """Unique ids of the models of tables, in their order.

    Args:
        manifest: dbt's manifest.
        relations: tables, as schema.table.

    Raises:
        BenchError: a table has no model.
    """
    models = {
        relation_of(node): unique_id
        for unique_id, node in manifest["nodes"].items()
        if unique_id.startswith("model.")
    }
    missing = [relation for relation in relations if relation not in models]
    if missing:
        raise BenchError(f"No model makes {', '.join(missing)}.")
    return [models[relation] for relation in relations]


def ancestors_of(
    manifest: Mapping[str, Any], models: Iterable[str]
) -> list[Mapping[str, Any]]:
    """Models and all that they are made from, seeds left out, as nodes.

    Args:
        manifest: dbt's manifest.
        models: their unique ids there.
    """
    found, waiting = set(), list(models)
    while waiting:
        node = waiting.pop()
        if node not in found and node.startswith("model."):
            found.add(node)
            waiting += manifest["parent_map"].get(node, [])
    return [manifest["nodes"][node] for node in sorted(found)]


def node_times(results: Mapping[str, Any]) -> dict[str, tuple[float, float]]:
    """When dbt ran each node, by unique id: from and to, seconds since the epoch.

    Args:
        results: dbt's run_results.json.
    """
    times = {}
    for result in results["results"]:
        for step in result["timing"]:
            if step["name"] == "execute":
                times[result["unique_id"]] = (
                    epoch(step["started_at"]),
                    epoch(step["completed_at"]),
                )
    return times


def failures_of(results: Mapping[str, Any]) -> list[str]:
    """The nodes that failed, each with what dbt said.

    Args:
        results: dbt's run_results.json; may be empty.
    """
    return [
        f"{result['unique_id']}: {' '.join((result['message'] or '').split())}"
        for result in results.get("results", ())
        if result["status"] == "error"
    ]


def epoch(moment: str) -> float:
    """Seconds since the epoch of a moment as dbt writes it, in UTC."""
    return datetime.fromisoformat(moment.removesuffix("Z") + "+00:00").timestamp()


# Growth -------------------------------------------------------------------------------


def growth_exponent(
    lines: float, seconds: float, more_lines: float, more_seconds: float
) -> float:
    """The power of the lines that the seconds grow with: 1 for twice as long for twice.

    Args:
        lines: of the smaller size.
        seconds: for so many lines.
        more_lines: of the larger size.
        more_seconds: for so many lines.
    """
    return math.log(more_seconds / seconds) / math.log(more_lines / lines)
