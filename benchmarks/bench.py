"""Time a refresh of a generated drop, beside a floor that does the same attribution.

Belongs here: running the generator, the refresh and the floor one after another, and
printing what a person wants to know. Does not belong here: anything that makes the
refresh faster.

The refresh is the very command that everybody runs, in a process of its own; what it
did when is read from Dagster's record of the run.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
import yaml

HERE = Path(__file__).resolve().parent
if str(HERE.parent) not in sys.path:
    sys.path.insert(0, str(HERE.parent))

from benchmarks.floor import (  # noqa: E402 - found by the line above
    ALGORITHM,
    BenchError,
    as_of_dates,
    compare_with_release,
    floor_process,
    landed_rows,
    open_landing,
)
from benchmarks.measure import (  # noqa: E402
    Event,
    Measured,
    Sampler,
    is_model,
    models_behind,
    read_events,
    run_command,
    slowest_models,
    stages_of,
)
from orchestration.contract import CONTRACT_FILE  # noqa: E402
from orchestration.errors import StopError  # noqa: E402
from orchestration.settings import PROJECT, parse_as_of  # noqa: E402

# The model that all models of attribution lead to.
ATTRIBUTION_MODEL = "model.blueprint.int_attribution__attribution"
# What a drop is made from, beside the landing contract.
GENERATOR = (
    "generate.py",
    "parameters.sql",
    "program.sql",
    "population.sql",
    "care.sql",
    "claims.sql",
    "clinical.sql",
    "counts.sql",
    "reports.sql",
    "faults.sql",
    "town_residents.csv",
)


# The drop -----------------------------------------------------------------------------


def generator_fingerprint() -> str:
    """SHA-256 over whatever a drop is made from: the generator and the contract."""
    digest = hashlib.sha256(duckdb.__version__.encode())
    for path in [*(HERE / name for name in GENERATOR), CONTRACT_FILE]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def drop_of(
    folder: Path, people: int, seed: int | None, detail: str = "full"
) -> tuple[Path, dict[str, Any], bool]:
    """The generated drop in a folder, made anew unless the same one is there.

    Args:
        folder: gets `drop` and `drop.json`.
        people: how many people.
        seed: the generator's seed number; None for its own.
        detail: how many lines a claim has, brief or full.

    Returns:
        The drop, the record of how it was made (seconds, peak_bytes), and whether it
        was there already.

    Raises:
        BenchError: the generator failed, or `drop` is there and was not made by this.
    """
    drop, record_file = folder / "drop", folder / "drop.json"
    wanted = {"people": people, "seed": seed, "detail": detail}
    wanted["generator"] = generator_fingerprint()
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
    command += ["--out", str(drop), "--format", "parquet", "--detail", detail]
    if seed is not None:
        command += ["--seed", str(seed)]
    made = run_command(command)
    if made.code:
        raise BenchError(f"The generator failed with exit code {made.code}.")
    record = {**wanted, "seconds": made.seconds, "peak_bytes": made.peak_bytes()}
    record_file.write_text(json.dumps(record, indent=1))
    return drop, record, False


# The refresh --------------------------------------------------------------------------


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
        "--detail",
        choices=("brief", "full"),
        default="full",
        help="lines per claim of the generated drop (default: full, about a hundred "
        "medical lines per person)",
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
        drop, generation, is_reused = drop_of(
            folder, options.people, options.seed, options.detail
        )
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
