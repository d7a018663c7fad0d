"""Time a refresh of a generated drop, beside a floor that does the same attribution.

Belongs here: running the generator, the refresh and floor.sql one after another,
measuring them from outside, comparing their answers, and printing what a person wants
to know. Does not belong here: any rule of attribution (the models, floor.sql), or
anything that makes the refresh faster.

The refresh is the very command that everybody runs, in a process of its own; what it
did when is read from Dagster's record of the run. Memory is the resident memory of a
process and its descendants, sampled; pages that they share count in each of them, so
that it is rather too high than too low. It is measured on Linux only.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
import yaml

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent
if str(PROJECT) not in sys.path:
    sys.path.insert(0, str(PROJECT))

from orchestration.contract import (  # noqa: E402 - found by the line above
    CONTRACT_FILE,
    Table,
    landing_contract,
)
from orchestration.errors import StopError  # noqa: E402
from orchestration.landing import (  # noqa: E402
    files_of_drop,
    land_table,
    literal,
    quoted,
)
from orchestration.settings import parse_as_of  # noqa: E402

FLOOR = HERE / "floor.sql"
REFERENCE = PROJECT / "seeds" / "reference"
# The floor is written for this algorithm; what others attribute is not compared.
ALGORITHM = "app3_commercial_medicaid"
FLOOR_TABLES = (
    "eligibility",
    "medical_claim",
    "practice",
    "practice_provider",
    "provider",
    "payer_policy",
)
# The model that all models of attribution lead to.
ATTRIBUTION_MODEL = "model.blueprint.int_attribution__attribution"
MODEL_SCHEMAS = ("staging", "intermediate", "marts", "restricted")
SAMPLE_SECONDS = 0.1
SLOWEST = 10
DIFFERENCES_SHOWN = 5


class BenchError(StopError):
    """The benchmark cannot go on; the message says why."""


# Landed files as the floor reads them -------------------------------------------------


def carried_columns(table: Table) -> list[str]:
    """The columns of a landed table that the warehouse reads, in the contract's order.

    A value in another column is neither a fault nor part of a row's contents. They are
    read off the model that says so, so that there is one list.

    Raises:
        BenchError: the table has not one such model.
    """
    name = f"base_{table.name}.sql"
    models = list((PROJECT / "models" / "staging").glob(f"*/base/{name}"))
    if len(models) != 1:
        raise BenchError(f"{name}: one model expected, not {len(models)}")
    listed = re.search(r"columns=\[(.*?)\]", models[0].read_text("utf-8"), re.DOTALL)
    names = re.findall(r"'(\w+)'", listed[1]) if listed else None
    return [c.name for c in table.columns if names is None or c.name in names]


@lru_cache(maxsize=1)
def column_defaults() -> dict[str, dict[str, str]]:
    """What null stands for, by table and column (the contract's `default`)."""
    contract = yaml.safe_load(CONTRACT_FILE.read_text(encoding="utf-8"))["seeds"]
    return {
        seed["name"]: {
            column["name"]: str(column["config"]["meta"]["default"])
            for column in seed["columns"]
            if "default" in column["config"]["meta"]
        }
        for seed in contract
    }


def tidy_text(text: str) -> str:
    """SQL for a text without padding, null when blank.

    `trim` is ten times as dear as finding that there is nothing to trim: no space and,
    as bytes and characters are equally many, no wider one.
    """
    return (
        f"case when not contains({text}, ' ') and strlen({text}) = length({text}) "
        f"and {text} <> '' then {text} else nullif(trim({text}), '') end"
    )


def typed_select(table: Table, types: Mapping[str, str]) -> str:
    """A query for a landed table as floor.sql reads it.

    Args:
        table: the table's contract.
        types: DuckDB type of each column of landing.<table>.

    Returns:
        SQL for the carried columns in their contract types, and `is_sound`.
    """
    defaults = column_defaults()[table.name]
    carried = carried_columns(table)
    columns, conditions = [], []
    for column in table.columns:
        if column.name not in carried:
            continue
        name, landed = quoted(column.name), types[column.name]
        is_text = landed == "VARCHAR"
        text = name if is_text else f"cast({name} as varchar)"
        if column.type == "varchar":
            value = tidy_text(text)
        elif landed.lower() == column.type:
            value = name
        else:
            value = f"try_cast({name} as {column.type})"
            blank = tidy_text(name) if is_text else name
            conditions.append(f"({blank} is null or {value} is not null)")
            # A cast to integer rounds, so that half a claim line would become one.
            if column.type == "integer":
                conditions.append(
                    f"coalesce(try_cast({name} as double) = {value}, true)"
                )
        if column.required:
            conditions.append(f"{value} is not null")
        if column.name in defaults:
            default = f"cast({literal(defaults[column.name])} as {column.type})"
            value = f"coalesce({value}, {default})"
        columns.append(f"{value} as {name}")
    for group in table.groups():
        filled = (
            f"{tidy_text(f'cast({quoted(name)} as varchar)')} is not null"
            for name in group
        )
        conditions.append(f"({' or '.join(filled)})")
    is_sound = " and ".join(conditions) or "true"
    return (
        f"select {', '.join(columns)}, {is_sound} as is_sound "
        f"from landing.{quoted(table.name)}"
    )


def open_landing(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Makes the views landed_<table> that floor.sql reads.

    Parquet is read in place, CSV is loaded as text, and an absent table is empty, as in
    a refresh.

    Args:
        connection: gets a schema `landing` and the views.
        folder: the drop, one file or folder of files per table.

    Raises:
        LandingError: the drop breaks the contract.
    """
    contract = landing_contract()
    drop, _ = files_of_drop(folder, contract)
    connection.execute("create schema if not exists landing")
    for name in FLOOR_TABLES:
        land_table(connection, contract[name], drop.get(name, []), folder, [])
        described = connection.execute(f"describe landing.{quoted(name)}").fetchall()
        types = {row[0]: row[1] for row in described}
        connection.execute(
            f"create or replace view {quoted(f'landed_{name}')} as "
            f"{typed_select(contract[name], types)}"
        )


def landed_rows(folder: Path) -> dict[str, int]:
    """Rows of each landed table of a drop, those without files left out.

    Raises:
        LandingError: the drop breaks the contract.
    """
    contract = landing_contract()
    drop, _ = files_of_drop(folder, contract)
    rows = {}
    with duckdb.connect() as connection:
        connection.execute("create schema landing")
        for name, files in drop.items():
            counts = land_table(connection, contract[name], files, folder, [])
            rows[name] = sum(counts.values())
    return rows


# The floor ----------------------------------------------------------------------------


def run_floor(
    connection: duckdb.DuckDBPyConnection, as_of: date, cutoff_days: int
) -> float:
    """Attributes one as-of date by floor.sql; returns how many seconds it took.

    Args:
        connection: with the views of `open_landing`; gets `attribution` and
            `candidates`.
        as_of: the as-of date.
        cutoff_days: days after it until which claims are read as known.
    """
    started = time.perf_counter()
    for name, value in (
        ("reference", literal(str(REFERENCE))),
        ("algorithm", literal(ALGORITHM)),
        ("as_of", f"date '{as_of.isoformat()}'"),
        ("cutoff_days", str(int(cutoff_days))),
    ):
        connection.execute(f"set variable {name} = {value}")
    connection.execute(FLOOR.read_text(encoding="utf-8"))
    return time.perf_counter() - started


def floor_process(
    folder: Path, dates: Sequence[date], cutoff_days: int, kept: Path, said: Path
) -> None:
    """Runs the floor on each as-of date; the body of a process of its own.

    Args:
        folder: the drop.
        dates: as-of dates, in the order in which they are run.
        cutoff_days: see `run_floor`.
        kept: DuckDB file to make, for the answers of all dates with `as_of_date`.
        said: JSON file to make, with seconds in all and per date.
    """
    seconds: dict[str, float] = {}
    # Reading the contract's YAML takes longer than opening the drop, and is not timed.
    landing_contract(), column_defaults()
    with duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false")
        started = time.perf_counter()
        open_landing(connection, folder)
        opening = time.perf_counter() - started
        connection.execute(f"attach {literal(str(kept))} as kept")
        for as_of in dates:
            day = as_of.isoformat()
            seconds[day] = run_floor(connection, as_of, cutoff_days)
            if len(seconds) == 1:
                first_ended = time.time()
            for table in ("attribution", "candidates"):
                rows = f"select date '{day}' as as_of_date, * from {table}"
                connection.execute(
                    f"create table if not exists kept.{table} as from ({rows}) limit 0"
                )
                connection.execute(f"insert into kept.{table} {rows}")
    said.write_text(
        json.dumps({"opening": opening, "seconds": seconds, "first_ended": first_ended})
    )


def as_of_dates(
    connection: duckdb.DuckDBPyConnection, as_of: date | None, quarters: int
) -> list[date]:
    """The as-of dates of a refresh, its own first (models/intermediate/calendar).

    Args:
        connection: with the views of `open_landing`.
        as_of: the as-of date; None for the last quarter-end whose three months all have
            claims.
        quarters: how many quarter-ends before it count too.

    Raises:
        BenchError: no quarter has claims in all its months.
    """
    if as_of is None:
        row = connection.execute(
            """
            with months as (
                select distinct
                    date_trunc(
                        'month', coalesce(claim_line_start_date, claim_start_date)
                    ) as claim_month,
                from landed_medical_claim
                where is_sound
            ),

            full_quarters as (
                select date_trunc('quarter', claim_month) as quarter_start
                from months
                group by quarter_start
                having count(*) = 3
            )

            select last_day((max(quarter_start) + interval 2 months)::date)
            from full_quarters
            """
        ).fetchone()
        as_of = row[0] if row else None
    if as_of is None:
        raise BenchError("No quarter of the drop has claims in all its months.")
    rows = connection.execute(
        "select (date_trunc('quarter', ?::date) - to_months(3 * step) - interval 1 day)"
        "::date from range(?) as steps (step) order by step",
        [as_of, quarters],
    ).fetchall()
    return [as_of, *(row[0] for row in rows)]


# Comparing ----------------------------------------------------------------------------


@dataclass
class Comparison:
    """How the floor's rows of one table differ from the release's.

    rows: rows that either has. differing: those that differ or that one side lacks.
    examples: the first of them, in words.
    """

    table: str
    rows: int
    differing: int
    examples: list[str]


def compare_rows(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    floor: str,
    release: str,
    keys: Sequence[str],
    values: Sequence[str],
) -> Comparison:
    """Compares two relations row by row.

    Args:
        connection: where both are.
        table: what to call them.
        floor: SQL of the floor's rows, unique over `keys`.
        release: SQL of the release's rows, unique over `keys`.
        keys: columns that are never null.
        values: columns to compare.
    """
    sides = []
    for rows in (floor, release):
        packed = ", ".join(f"{name}: cast({name} as varchar)" for name in values)
        sides.append(f"select {', '.join(keys)}, {{{packed}}} as said from ({rows})")
    joined = (
        f"select {', '.join(keys)}, floor.said as floor, release.said as release "
        f"from ({sides[0]}) as floor full join ({sides[1]}) as release "
        f"using ({', '.join(keys)})"
    )
    counted = connection.execute(
        "select count(*), count(*) filter (where floor is distinct from release) "
        f"from ({joined})"
    ).fetchall()[0]
    found = connection.execute(
        f"select * from ({joined}) where floor is distinct from release "
        f"order by {', '.join(keys)} limit {DIFFERENCES_SHOWN}"
    ).fetchall()
    examples = []
    for row in found:
        key = " ".join(map(str, row[: len(keys)]))
        mine, theirs = row[len(keys) :]
        if mine is None or theirs is None:
            side = "the release" if mine is None else "the floor"
            examples.append(f"{table} {key}: only in {side}")
            continue
        parts = [
            f"{name} {mine[name]} by the floor, {theirs[name]} in the release"
            for name in values
            if mine[name] != theirs[name]
        ]
        examples.append(f"{table} {key}: {'; '.join(parts)}")
    return Comparison(table, int(counted[0]), int(counted[1]), examples)


def compare_with_release(floor: Path, release: Path) -> list[Comparison]:
    """Compares the floor's answers with those of a release.

    Args:
        floor: the DuckDB file that `floor_process` made.
        release: the release's blueprint_restricted.duckdb.

    Returns:
        One comparison for the people and one for the candidates, over the as-of dates
        and the types of payer that the floor is for.
    """
    with duckdb.connect() as connection:
        connection.execute(f"attach {literal(str(floor))} as floor (read_only)")
        connection.execute(f"attach {literal(str(release))} as release (read_only)")
        scopes = literal(str(REFERENCE / "attribution_algorithm_scopes.csv"))
        connection.execute(
            "create temp table attributed as "
            "select attribution.* from release.restricted.attribution "
            f"semi join (from read_csv({scopes}, all_varchar = true)) as scopes "
            "on attribution.program = scopes.program "
            "and attribution.payer_type = scopes.payer_type "
            f"and scopes.algorithm_id = {literal(ALGORITHM)}"
        )
        people = compare_rows(
            connection,
            "attribution",
            "from floor.attribution",
            "from attributed",
            ("as_of_date", "payer", "person_id"),
            (
                "practice_id",
                "method",
                "decided_by",
                "is_eligible",
                "qualifying_claims",
                "last_visit_date",
            ),
        )
        candidates = compare_rows(
            connection,
            "candidates",
            "from floor.candidates",
            "select candidates.* "
            "from release.restricted.attribution_candidates as candidates "
            "semi join attributed using (as_of_date, program, payer, person_id)",
            ("as_of_date", "payer", "person_id", "practice_id"),
            (
                "rank",
                "lost_because",
                "claims",
                "service_dates",
                "lines",
                "first_visit_date",
                "last_visit_date",
            ),
        )
    return [people, candidates]


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


# The drop -----------------------------------------------------------------------------


def generator_fingerprint() -> str:
    """SHA-256 over whatever a drop is made from: the generator and the contract."""
    digest = hashlib.sha256(duckdb.__version__.encode())
    others = (FLOOR, Path(__file__).resolve(), HERE / "README.md")
    sources = [path for path in sorted(HERE.iterdir()) if path.is_file()]
    for path in [*sources, CONTRACT_FILE]:
        if path not in others:
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def drop_of(
    folder: Path, people: int, seed: int | None
) -> tuple[Path, dict[str, Any], bool]:
    """The generated drop in a folder, made anew unless the same one is there.

    Args:
        folder: gets `drop` and `drop.json`.
        people: how many people.
        seed: the generator's seed number; None for its own.

    Returns:
        The drop, the record of how it was made (seconds, peak_bytes), and whether it
        was there already.

    Raises:
        BenchError: the generator failed, or `drop` is there and was not made by this.
    """
    drop, record_file = folder / "drop", folder / "drop.json"
    wanted = {"people": people, "seed": seed, "generator": generator_fingerprint()}
    if record_file.exists():
        record = json.loads(record_file.read_text())
        if record.get("seconds") and wanted.items() <= record.items():
            return drop, record, True
        shutil.rmtree(drop, ignore_errors=True)
    elif drop.exists():
        raise BenchError(f"{drop} is there and was not made by this. Move it away.")
    folder.mkdir(parents=True, exist_ok=True)
    # Written before the drop, so that half of one is known for what it is.
    record_file.write_text(json.dumps(wanted))
    command = [sys.executable, str(HERE / "generate.py"), "--people", str(people)]
    command += ["--out", str(drop), "--format", "parquet"]
    if seed is not None:
        command += ["--seed", str(seed)]
    made = run_command(command)
    if made.code:
        raise BenchError(f"The generator failed with exit code {made.code}.")
    record = {**wanted, "seconds": made.seconds, "peak_bytes": made.peak_bytes()}
    record_file.write_text(json.dumps(record, indent=1))
    return drop, record, False


# The refresh --------------------------------------------------------------------------


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


def models_behind(manifest: Mapping[str, Any], model: str) -> set[str]:
    """A model and all that it is made from, as schema.table, seeds left out.

    Args:
        manifest: dbt's manifest.
        model: its unique id there.
    """
    found, waiting = set(), [model]
    while waiting:
        node = waiting.pop()
        if node not in found and node.startswith("model."):
            found.add(node)
            waiting += manifest["parent_map"].get(node, [])
    nodes = manifest["nodes"]
    return {f"{nodes[node]['schema']}.{nodes[node]['alias']}" for node in found}


def run_refresh(
    drop: Path, releases: Path, home: Path, as_of: date | None
) -> tuple[Measured, list[Event]]:
    """Refreshes from a drop by the command line, as a person would.

    Args:
        drop: the landing directory.
        releases: where to publish.
        home: Dagster's folder, empty: its record is read afterwards.
        as_of: the as-of date; None for the refresh's own default.

    Raises:
        BenchError: the refresh stopped.
    """
    environment = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith("BLUEPRINT_")
    }
    environment["DAGSTER_HOME"] = str(home)
    module = [sys.executable, "-m", "orchestration"]
    # Parsing the project is done once after a change, so that it is not timed.
    if run_command([*module, "prepare"], environment).code:
        raise BenchError("The project could not be parsed.")
    command = [*module, "refresh", "--landing", str(drop), "--releases", str(releases)]
    if as_of:
        command += ["--as-of", as_of.isoformat()]
    measured = run_command(command, environment)
    if measured.code:
        raise BenchError(f"The refresh stopped. What it left is in {releases}.")
    return measured, read_events(home)


# One benchmark ------------------------------------------------------------------------


@dataclass
class Floor:
    """What the floor took.

    opening: seconds until the landed files could be read. seconds: by as-of date, the
    run's own first. peak_bytes: of all dates; first_peak_bytes: of the first alone.
    """

    opening: float
    seconds: dict[str, float]
    peak_bytes: int | None
    first_peak_bytes: int | None

    @property
    def one(self) -> float:
        """Seconds for the run's own as-of date."""
        return self.opening + next(iter(self.seconds.values()))

    @property
    def all(self) -> float:
        """Seconds for all as-of dates."""
        return self.opening + sum(self.seconds.values())


def measure_floor(
    drop: Path, dates: Sequence[date], cutoff_days: int, kept: Path
) -> Floor:
    """Runs the floor in a process of its own; its answers stay in `kept`.

    Raises:
        BenchError: it failed.
    """
    said = kept.with_suffix(".json")
    process = multiprocessing.get_context("spawn").Process(
        target=floor_process, args=(drop, dates, cutoff_days, kept, said)
    )
    started = time.time()
    process.start()
    with Sampler(process.pid or 0) as sampler:
        process.join()
    measured = Measured(process.exitcode or 0, started, time.time(), sampler.samples)
    if measured.code:
        raise BenchError("The floor failed; its error is above.")
    record = json.loads(said.read_text())
    return Floor(
        record["opening"],
        record["seconds"],
        measured.peak_bytes(),
        measured.peak_bytes(ended=record["first_ended"]),
    )


def machine() -> dict[str, Any]:
    """What the numbers were measured on."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:
        cores = os.cpu_count() or 1
    return {
        "cores": cores,
        "memory_bytes": os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
        "dbt": version("dbt-core"),
    }


def project_variables() -> dict[str, Any]:
    """The dbt variables that a refresh runs with, where it does not say otherwise."""
    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
    return dict(project["vars"])


def bench_floor(drop: Path, work: Path, as_of: date | None) -> dict[str, Any]:
    """Times the floor alone, on the as-of dates that a refresh would compute."""
    variables = project_variables()
    with duckdb.connect() as connection:
        open_landing(connection, drop)
        dates = as_of_dates(connection, as_of, int(variables["history_quarters"]))
    cutoff_days = int(variables["attribution_cutoff_days"])
    floor = measure_floor(drop, dates, cutoff_days, work / "floor.duckdb")
    return {"floor": floor_record(floor)}


def bench_both(
    drop: Path, work: Path, as_of: date | None, lines: int
) -> dict[str, Any]:
    """Times a refresh and the floor on the dates of its release, and compares them.

    Args:
        drop: the landing directory.
        work: a folder that gets `releases`, Dagster's record and the floor's answers.
        as_of: see `run_refresh`.
        lines: medical lines landed.
    """
    from orchestration.dbt_runner import read_manifest

    releases, home = work / "releases", work / "dagster"
    measured, events = run_refresh(drop, releases, home, as_of)
    release = (releases / "current").resolve()
    restricted = release / "blueprint_restricted.duckdb"
    manifest = json.loads((release / "manifest.json").read_text())
    with duckdb.connect(str(restricted), read_only=True) as connection:
        dates = [
            row[0]
            for row in connection.execute(
                "select distinct as_of_date from restricted.attribution "
                "order by as_of_date desc"
            ).fetchall()
        ]
    cutoff_days = int(manifest["parameters"]["variables"]["attribution_cutoff_days"])
    kept = work / "floor.duckdb"
    floor = measure_floor(drop, dates, cutoff_days, kept)
    behind = models_behind(read_manifest(), ATTRIBUTION_MODEL)
    attribution = [e.seconds for e in events if is_model(e) and e.name in behind]
    return {
        "refresh": {
            "seconds": measured.seconds,
            "lines_per_second": lines / measured.seconds,
            "peak_bytes": measured.peak_bytes(),
            "stages": [asdict(s) for s in stages_of(events, measured, lines)],
            "slowest_models": slowest_models(events),
            "attribution_models": len(attribution),
            "attribution_seconds": sum(attribution),
        },
        "floor": floor_record(floor),
        "ratios": {
            "refresh_to_floor_of_all_dates": measured.seconds / floor.all,
            "refresh_to_floor_of_one_date": measured.seconds / floor.one,
            "attribution_models_to_floor_of_all_dates": sum(attribution) / floor.all,
        },
        "comparisons": [asdict(c) for c in compare_with_release(kept, restricted)],
    }


def floor_record(floor: Floor) -> dict[str, Any]:
    """The floor's times as plain values."""
    return {
        **asdict(floor),
        "seconds_of_one_date": floor.one,
        "seconds_of_all_dates": floor.all,
    }


# Words --------------------------------------------------------------------------------


def size_text(size: int | None) -> str:
    """Bytes for a person: `1.2 GiB`."""
    if size is None:
        return "not measured"
    if size >= 1 << 30:
        return f"{size / (1 << 30):.1f} GiB"
    return f"{size / (1 << 20):.0f} MiB"


def rate_text(rate: float | None) -> str:
    """Lines per second for a person, three digits: `1,230,000`."""
    if rate is None:
        return ""
    digits = len(str(int(rate)))
    return f"{round(rate, 3 - digits if digits > 3 else 0):,.0f}"


def report(record: Mapping[str, Any]) -> str:
    """All that was measured, for a person to read."""
    here, drop = record["machine"], record["drop"]
    lines = [
        f"Machine   {here['cores']} cores, {size_text(here['memory_bytes'])}, "
        f"{here['system']}; Python {here['python']}, DuckDB {here['duckdb']}, "
        f"dbt {here['dbt']}",
        f"Drop      {drop['folder']}, {size_text(drop['bytes'])} on disk",
    ]
    lines += [f"  {rows:>13,}  {name}" for name, rows in drop["rows"].items()]
    if "generation" in record:
        made = record["generation"]
        total = sum(drop["rows"].values())
        again = ", then; reused now" if made["is_reused"] else ""
        lines.append(
            f"  {made['people']:,} people generated in {made['seconds']:.1f} s, "
            f"{rate_text(total / made['seconds'])} rows/s, "
            f"peak memory {size_text(made['peak_bytes'])}{again}"
        )
    if "refresh" in record:
        lines += ["", *refresh_lines(record["refresh"])]
    lines += ["", *floor_lines(record["floor"], drop["rows"].get("medical_claim", 0))]
    if "ratios" in record:
        lines += ["", *ratio_lines(record)]
    if "kept" in record:
        lines += ["", f"Kept      {record['kept']}"]
    return "\n".join(lines)


def refresh_lines(refresh: Mapping[str, Any]) -> list[str]:
    """The refresh: in all, by stage, and its slowest models."""
    lines = [
        f"Refresh   {refresh['seconds']:.1f} s, "
        f"{rate_text(refresh['lines_per_second'])} medical lines/s, "
        f"peak memory {size_text(refresh['peak_bytes'])}",
        f"  {'stage':<14} {'seconds':>8} {'lines/s':>11} {'peak memory':>12} "
        f"{'models':>7} {'seconds':>8} {'checks, s':>10}",
    ]
    for stage in refresh["stages"]:
        peak = size_text(stage["peak_bytes"]) if stage["peak_bytes"] else ""
        models = f"{stage['models']:,}" if stage["models"] else ""
        model_seconds = f"{stage['model_seconds']:.1f}" if stage["models"] else ""
        checks = f"{stage['check_seconds']:.1f}" if stage["check_seconds"] else ""
        line = (
            f"  {stage['name']:<14} {stage['seconds']:>8.1f} "
            f"{rate_text(stage['lines_per_second']):>11} {peak:>12} "
            f"{models:>7} {model_seconds:>8} {checks:>10}"
        )
        lines.append(line.rstrip())
    lines.append("  Slowest models, s (dbt runs several at a time)")
    lines += [
        f"  {seconds:>8.2f}  {name}" for name, seconds in refresh["slowest_models"]
    ]
    return lines


def floor_lines(floor: Mapping[str, Any], medical_lines: int) -> list[str]:
    """The floor: one as-of date, and all."""
    first = next(iter(floor["seconds"]))
    one, together = floor["seconds_of_one_date"], floor["seconds_of_all_dates"]
    count = f"all {len(floor['seconds'])} dates"
    return [
        f"Floor     {ALGORITHM}, benchmarks/floor.sql",
        f"  {f'as of {first}':<16} {one:>8.2f} s {rate_text(medical_lines / one):>11} "
        f"lines/s, peak memory {size_text(floor['first_peak_bytes'])}",
        f"  {count:<16} {together:>8.2f} s {rate_text(medical_lines / together):>11} "
        f"lines/s, peak memory {size_text(floor['peak_bytes'])}",
    ]


def ratio_lines(record: Mapping[str, Any]) -> list[str]:
    """What a refresh takes for what the floor takes, and whether they agree."""
    ratios, refresh = record["ratios"], record["refresh"]
    count = len(record["floor"]["seconds"])
    lines = [
        "Ratio",
        f"  {ratios['refresh_to_floor_of_all_dates']:>8.1f}  whole refresh to floor, "
        f"both for {count} as-of dates",
        f"  {ratios['refresh_to_floor_of_one_date']:>8.1f}  whole refresh to floor of "
        "the run's own date",
        f"  {ratios['attribution_models_to_floor_of_all_dates']:>8.1f}  the "
        f"{refresh['attribution_models']} models behind attribution "
        f"({refresh['attribution_seconds']:.1f} s, summed) to floor, both for {count}",
        "Answers",
    ]
    for comparison in record["comparisons"]:
        name, rows = comparison["table"], comparison["rows"]
        differing = comparison["differing"]
        if differing:
            lines.append(f"  {name}: {differing:,} of {rows:,} rows differ")
            lines += [f"    {example}" for example in comparison["examples"]]
        elif rows:
            lines.append(f"  {name}: agrees on {rows:,} rows")
        else:
            lines.append(f"  {name}: there are no rows to compare")
    return lines


def is_agreed(record: Mapping[str, Any]) -> bool:
    """Whether the floor and the release say the same, about at least one row."""
    return all(
        comparison["rows"] and not comparison["differing"]
        for comparison in record.get("comparisons", ())
    )


# The command line ---------------------------------------------------------------------


def positive(text: str) -> int:
    """A whole number of at least 1."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def parser() -> argparse.ArgumentParser:
    """The arguments."""
    made = argparse.ArgumentParser(
        prog="python benchmarks/bench.py",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Times a refresh of a generated drop, stage by stage, and beside "
        "it benchmarks/floor.sql,\na hand-written script that does the same "
        "attribution from the same files. Exits with 1\nwhen the two attribute anybody "
        "differently.",
        epilog="examples:\n"
        "  python benchmarks/bench.py --people 20000\n"
        "  python benchmarks/bench.py --people 20000 --floor-only\n"
        "  python benchmarks/bench.py --landing path/to/drop --json bench.json",
    )
    source = made.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "--people",
        type=positive,
        metavar="N",
        help="how many people to generate; the drop is kept in build/bench-N and used "
        "again while generator and seed are the same",
    )
    source.add_argument(
        "--landing", type=Path, metavar="DIR", help="measure this drop instead"
    )
    made.add_argument(
        "--seed", type=int, metavar="S", help="the generator's seed number"
    )
    made.add_argument(
        "--as-of",
        metavar="YYYY-MM-DD",
        help="as-of date, a month-end (default: that of the refresh)",
    )
    made.add_argument(
        "--floor-only",
        action="store_true",
        help="no refresh, so nothing to compare with: just the floor's times",
    )
    made.add_argument(
        "--keep",
        type=Path,
        metavar="DIR",
        help="work here instead, and keep the release, Dagster's record and the "
        "floor's answers; without it only the drop is kept",
    )
    made.add_argument(
        "--json", type=Path, metavar="FILE", help="write all that is measured here too"
    )
    return made


def bench(options: argparse.Namespace) -> dict[str, Any]:
    """Runs what the arguments ask for; returns all that was measured, as plain values.

    Raises:
        StopError: a step failed.
    """
    as_of = parse_as_of(options.as_of) if options.as_of else None
    name = f"bench-{options.people}" if options.people else "bench"
    folder = (options.keep or PROJECT / "build" / name).absolute()
    record: dict[str, Any] = {"machine": machine()}
    if options.people:
        print(f"Generating {options.people:,} people, or using them again", flush=True)
        drop, generation, is_reused = drop_of(folder, options.people, options.seed)
        record["generation"] = {**generation, "is_reused": is_reused}
    else:
        drop = options.landing.absolute()
    rows = landed_rows(drop)
    record["drop"] = {
        "folder": shown(drop),
        "bytes": sum(p.stat().st_size for p in drop.rglob("*") if p.is_file()),
        "rows": rows,
    }
    folder.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="run-", dir=folder))
    if options.floor_only:
        record |= bench_floor(drop, work, as_of)
    else:
        print("Refreshing", flush=True)
        record |= bench_both(drop, work, as_of, rows.get("medical_claim", 0))
    if options.keep:
        record["kept"] = shown(work)
    else:
        shutil.rmtree(work)
    return record


def shown(path: Path) -> str:
    """A path as a person would name it: from the project's root where it lies there."""
    return str(path.relative_to(PROJECT) if path.is_relative_to(PROJECT) else path)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the benchmark; returns 0, or 1 when it stopped or the answers differ."""
    options = parser().parse_args(arguments)
    try:
        record = bench(options)
    except StopError as error:
        print(f"STOP  {error}", file=sys.stderr)
        return 1
    print(f"\n{report(record)}")
    if options.json:
        options.json.write_text(json.dumps(record, indent=1, default=str))
    return 0 if is_agreed(record) else 1


if __name__ == "__main__":
    sys.exit(main())
