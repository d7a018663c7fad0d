"""Time a refresh of a generated drop, beside a floor that does the same attribution.

Belongs here: running the generator, the refresh or its attribution alone, and the floor
one after another, and printing what a person wants to know. Does not belong here:
anything that makes the refresh faster.

The refresh is the very command that everybody runs, in a process of its own; what it
did when is read from Dagster's record of the run. Attribution alone, and the quality
measures, utilization or payments alone, are dbt on their models, in a build whose other
tables are there.
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
    BenchError,
    as_of_dates,
    compare_answers,
    floor_process,
    landed_rows,
    open_landing,
)
from benchmarks.measure import (  # noqa: E402
    Event,
    Measured,
    Sampler,
    ancestors_of,
    failures_of,
    growth_exponent,
    is_model,
    models_named,
    node_times,
    read_events,
    relation_of,
    run_command,
    slowest_models,
    stages_of,
)
from orchestration.contract import CONTRACT_FILE, landing_contract  # noqa: E402
from orchestration.dbt_runner import ensure_manifest  # noqa: E402
from orchestration.errors import StopError  # noqa: E402
from orchestration.landing import land_directory  # noqa: E402
from orchestration.settings import (  # noqa: E402
    MANY_ROWS,
    PROJECT,
    BuildPaths,
    Settings,
    dbt_arguments,
    parse_as_of,
)

# What the floor answers too.
ANSWERS = (
    "restricted.attribution",
    "restricted.attribution_candidates",
    "restricted.total_unique_patients",
)
EVIDENCE = "restricted.attribution_evidence"
# Where the models of attribution are, and what attribution alone finds done.
ATTRIBUTION_FOLDER = "intermediate/attribution/"
DONE_FOLDERS = ("staging/", "landing/", "intermediate/calendar/")


@dataclass(frozen=True)
class Area:
    """Models that are timed alone, and that nothing else here computes.

    title: for a person. folders: where the models are, or how their paths begin. marts:
    those made of them that are elsewhere. counted: the mart whose rows are told, and
    what they are. aim: seconds, statewide.
    """

    title: str
    folders: tuple[str, ...]
    marts: tuple[str, ...]
    counted: tuple[str, str]
    aim: int


AREAS = {
    "quality": Area(
        "Quality measures",
        ("intermediate/quality/", "marts/quality/"),
        ("restricted.quality_members", "restricted.quality_measures"),
        ("restricted.quality_members", "people and events"),
        180,
    ),
    "utilization": Area(
        "Utilization and its index",
        (
            "intermediate/utilization/",
            "marts/utilization/",
            # What profiles tell of payers decides what utilization does.
            "intermediate/profiles/int_profiles__attributes",
            "intermediate/profiles/int_profiles__member_rates",
            "intermediate/profiles/int_profiles__disclosed_members",
        ),
        (
            "restricted.case_mix_fit",
            "restricted.claim_completeness",
            "restricted.resource_unit_methods",
            "restricted.trui",
            "restricted.trui_decomposition",
            "restricted.trui_members",
            "restricted.utilization",
            "restricted.utilization_members",
        ),
        ("restricted.utilization_members", "people and categories"),
        180,
    ),
    "payments": Area(
        "Payments",
        ("intermediate/payments/", "marts/payments/"),
        (
            "restricted.cht_invoices",
            "restricted.cht_payments",
            "restricted.cht_payments_by_entity",
            "restricted.landed_payments",
            "restricted.payment_reconciliation",
            "restricted.pcmh_payments",
            "restricted.whi_obligations",
            "restricted.whi_payments",
        ),
        ("restricted.pcmh_payments", "payments of medical homes"),
        60,
    ),
}
# dbt through its Python entry point; the command line looks for newer versions.
DBT = (
    "import sys; from dbt.cli.main import dbtRunner; "
    "sys.exit(not dbtRunner().invoke(sys.argv[1:]).success)"
)
# What attribution alone should stay within, statewide.
RATIO_AIM = 2.0
EXPONENT_AIM = 1.05
MEMORY_AIM = 8 << 30
# Seconds that all measures should take, statewide.
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
    "told_patients.csv",
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

    opening: seconds until the files could be read. preparing: reading once what all
    as-of dates ask. seconds: by as-of date, the run's own first. peak_bytes: of all.
    """

    opening: float
    preparing: float
    seconds: dict[str, float]
    peak_bytes: int | None

    @property
    def all(self) -> float:
        """Seconds for all as-of dates."""
        return self.opening + self.preparing + sum(self.seconds.values())


def measure_floor(
    source: Path, dates: Sequence[date], cutoff_days: int, kept: Path
) -> Floor:
    """Runs the floor in a process of its own; its answers stay in `kept`.

    Args:
        source: a drop, or the DuckDB file of a build that is staged.
        dates: the as-of dates.
        cutoff_days: days after an as-of date until which claims are read as known.
        kept: DuckDB file to make.

    Raises:
        BenchError: it failed.
    """
    said = kept.with_suffix(".json")
    process = multiprocessing.get_context("spawn").Process(
        target=floor_process, args=(source, dates, cutoff_days, kept, said)
    )
    started = time.time()
    process.start()
    with Sampler(process.pid or 0) as sampler:
        process.join()
    measured = Measured(process.exitcode or 0, started, time.time(), sampler.samples)
    if measured.code:
        raise BenchError("The floor failed; its error is above.")
    return Floor(**json.loads(said.read_text()), peak_bytes=measured.peak_bytes())


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
    behind = {relation_of(node) for node in answering_models(ensure_manifest())}
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
            "refresh_to_floor": measured.seconds / floor.all,
            "attribution_models_to_floor": sum(attribution) / floor.all,
        },
        "comparisons": [asdict(c) for c in compare_answers(kept, restricted)],
    }


def answering_models(manifest: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The models of the tables that the floor answers too, and all they are made from.

    Args:
        manifest: dbt's manifest.

    Returns:
        Nodes of the manifest.

    Raises:
        BenchError: a table has no model.
    """
    return ancestors_of(manifest, models_named(manifest, ANSWERS))


def floor_record(floor: Floor) -> dict[str, Any]:
    """The floor's times as plain values."""
    return {**asdict(floor), "seconds_of_all_dates": floor.all}


# Attribution alone --------------------------------------------------------------------


@dataclass
class Parts:
    """The models of attribution, as nodes of the manifest.

    done: what they are made from, down to the landed tables. answering: what is made of
    it until the tables that the floor answers too. further: the other models of
    attribution and the evidence, which the floor has nothing of.
    """

    done: list[Mapping[str, Any]]
    answering: list[Mapping[str, Any]]
    further: list[Mapping[str, Any]]


def parts_of(manifest: Mapping[str, Any]) -> Parts:
    """Tells the models of attribution apart.

    Args:
        manifest: dbt's manifest.

    Raises:
        BenchError: a table has no model.
    """
    answering = {node["unique_id"] for node in answering_models(manifest)}
    wanted = models_named(manifest, (*ANSWERS, EVIDENCE))
    wanted += [
        unique_id
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "model"
        and node["path"].startswith(ATTRIBUTION_FOLDER)
    ]
    parts = Parts([], [], [])
    for node in ancestors_of(manifest, wanted):
        if node["path"].startswith(DONE_FOLDERS):
            parts.done.append(node)
        elif node["unique_id"] in answering:
            parts.answering.append(node)
        else:
            parts.further.append(node)
    return parts


Nodes = list[Mapping[str, Any]]


def area_parts(manifest: Mapping[str, Any], area: Area) -> tuple[Nodes, Nodes]:
    """What the models of an area are made from, and they themselves, as nodes.

    Args:
        manifest: dbt's manifest.
        area: the area.

    Raises:
        BenchError: a table has no model.
    """
    own = set(models_named(manifest, area.marts))
    own |= {
        unique_id
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "model" and node["path"].startswith(area.folders)
    }
    nodes = ancestors_of(manifest, own)
    return (
        [node for node in nodes if node["unique_id"] not in own],
        [node for node in nodes if node["unique_id"] in own],
    )


@dataclass
class Built:
    """What dbt took for some models.

    seconds: from the start of the first model until the process had ended, so that the
    build is closed; dbt's own start is not in it. models: seconds of each, the slowest
    first. peak_bytes: in those seconds.
    """

    seconds: float
    models: list[tuple[str, float]]
    peak_bytes: int | None


def staged_lines(database: Path) -> int:
    """Medical claim lines that a build has staged; 0 before it has."""
    if not database.exists():
        return 0
    with duckdb.connect(str(database), read_only=True) as connection:
        counted = connection.execute(
            "select max(estimated_size) from duckdb_tables() "
            "where schema_name = 'staging' and table_name = 'stg_medical_claim'"
        ).fetchone()
    return int(counted[0] or 0) if counted else 0


def build_models(
    paths: BuildPaths, nodes: Sequence[Mapping[str, Any]], as_of: date | None
) -> Built:
    """Builds models by dbt in a process of its own, without their tests.

    Args:
        paths: the build.
        nodes: the models, and seeds, as nodes of the manifest.
        as_of: the as-of date; None for the project's default.

    Raises:
        BenchError: dbt failed.
    """
    arguments = dbt_arguments(
        "build",
        select=tuple(".".join(node["fqn"]) for node in nodes),
        exclude=("resource_type:test",),
        settings=Settings(None, as_of, paths.folder),
        paths=paths,
        rows=staged_lines(paths.database),
    )
    environment = {
        **os.environ,
        "BLUEPRINT_BUILD": str(paths.database),
        "DO_NOT_TRACK": "1",
    }
    results_file = paths.target / "run_results.json"
    results_file.unlink(missing_ok=True)
    measured = run_command([sys.executable, "-c", DBT, *arguments], environment)
    results = json.loads(results_file.read_text()) if results_file.exists() else {}
    if measured.code or not results:
        said = [f"dbt failed; {paths.logs / 'dbt.log'} has its whole record."]
        said += failures_of(results)
        raise BenchError("\n".join(said))
    times = node_times(results)
    began = min(started for started, _ in times.values())
    spent = [
        (relation_of(node), ended - started)
        for node in nodes
        for started, ended in [times[node["unique_id"]]]
    ]
    spent.sort(key=lambda model: (-model[1], model[0]))
    return Built(measured.ended - began, spent, measured.peak_bytes(began))


def stage_build(
    drop: Path,
    paths: BuildPaths,
    done: Sequence[Mapping[str, Any]],
    as_of: date | None,
) -> None:
    """Makes a build that has all that the models to be timed start from.

    Args:
        drop: the landing directory.
        paths: the build to make.
        done: the models that they start from, as nodes of the manifest.
        as_of: the as-of date; None for the project's default.

    Raises:
        StopError: the drop breaks the contract, or dbt failed.
    """
    land_directory(drop, paths.database, landing_contract())
    seeds = [
        node
        for node in ensure_manifest()["nodes"].values()
        if node["resource_type"] == "seed" and node["path"].startswith("reference/")
    ]
    build_models(paths, [*seeds, *done], as_of)


def bench_attribution(
    drop: Path | None, build: Path | None, work: Path, as_of: date | None
) -> dict[str, Any]:
    """Times the models of attribution alone, and the floor on the same staged tables.

    Args:
        drop: the landing directory, to be staged first, which is not timed.
        build: instead, the folder of a build that is staged; its tables of attribution
            are made anew.
        work: a folder for the build and the floor's answers.
        as_of: the as-of date; None for the project's default.

    Raises:
        StopError: a step failed.
    """
    parts = parts_of(ensure_manifest())
    paths = BuildPaths(build.absolute() if build else work / "build")
    if drop:
        paths.folder.mkdir()
        print("Staging, which is not timed", flush=True)
        stage_build(drop, paths, parts.done, as_of)
    print("Attributing", flush=True)
    answering = build_models(paths, parts.answering, as_of)
    further = build_models(paths, parts.further, as_of)
    with duckdb.connect(str(paths.database), read_only=True) as connection:
        dates = [
            row[0]
            for row in connection.execute(
                "select as_of_date from intermediate.int_calendar__as_of_dates "
                "order by as_of_date desc"
            ).fetchall()
        ]
        counted = connection.execute(
            "select count(*) from staging.stg_medical_claim"
        ).fetchall()
    print("Running the floor", flush=True)
    cutoff_days = int(project_variables()["attribution_cutoff_days"])
    kept = work / "floor.duckdb"
    floor = measure_floor(paths.database, dates, cutoff_days, kept)
    return {
        "attribution": {
            "lines": int(counted[0][0]),
            "answering": asdict(answering),
            "further": asdict(further),
        },
        "floor": floor_record(floor),
        "ratios": {"answering_to_floor": answering.seconds / floor.all},
        "comparisons": [asdict(c) for c in compare_answers(kept, paths.database)],
    }


def bench_area(
    name: str,
    drop: Path | None,
    build: Path | None,
    work: Path,
    as_of: date | None,
) -> dict[str, Any]:
    """Times the models of an area alone.

    Args:
        name: the area, of AREAS.
        drop: the landing directory, of which everything that they are made from is
            built first, which is not timed.
        build: instead, the folder of a build that has that; the area's tables are made
            anew.
        work: a folder for the build.
        as_of: the as-of date; None for the project's default.

    Raises:
        StopError: a step failed.
    """
    area = AREAS[name]
    done, own = area_parts(ensure_manifest(), area)
    paths = BuildPaths(build.absolute() if build else work / "build")
    if drop:
        paths.folder.mkdir()
        print("Building what comes before, which is not timed", flush=True)
        stage_build(drop, paths, done, as_of)
    print(f"{area.title}", flush=True)
    built = build_models(paths, own, as_of)
    with duckdb.connect(str(paths.database), read_only=True) as connection:
        counted = connection.execute(
            "select (select count(*) from staging.stg_medical_claim), count(*) "
            f"from {area.counted[0]}"
        ).fetchall()
    lines, rows = counted[0]
    return {name: {"lines": lines, "rows": rows, **asdict(built)}}


# Growth -------------------------------------------------------------------------------


def growth(files: Sequence[Path]) -> str:
    """How attribution alone grows from one size to the next, for a person.

    Args:
        files: what `--only attribution --json` wrote, for at least two sizes.

    Raises:
        BenchError: a file is not of that kind, or two have as many lines.
    """
    sizes = []
    for file in files:
        record = json.loads(file.read_text())
        if "attribution" not in record:
            raise BenchError(f"{file}: not made by --only attribution --json.")
        measured = record["attribution"]
        sizes.append(
            (
                measured["lines"],
                measured["answering"]["seconds"],
                max(
                    (measured[part]["peak_bytes"] or 0)
                    for part in ("answering", "further")
                ),
                record["ratios"]["answering_to_floor"],
            )
        )
    sizes.sort()
    if len({lines for lines, *_ in sizes}) < max(len(sizes), 2):
        raise BenchError("Growth needs two files or more, each with other lines.")
    said = [
        f"  {'medical lines':>14} {'seconds':>9} {'peak memory':>12} "
        f"{'to floor':>9} {'exponent':>9}"
    ]
    exponents = []
    for before, (lines, seconds, peak, ratio) in zip(
        [None, *sizes], sizes, strict=False
    ):
        exponent = ""
        if before:
            exponents.append(growth_exponent(*before[:2], lines, seconds))
            exponent = f"{exponents[-1]:.2f}"
        said.append(
            f"  {lines:>14,} {seconds:>9.1f} {size_text(peak or None):>12} "
            f"{ratio:>9.2f} {exponent:>9}".rstrip()
        )
    first, last = sizes[0], sizes[-1]
    over_all = growth_exponent(*first[:2], *last[:2])
    return "\n".join(
        [
            "Growth    attribution alone",
            *said,
            f"  Exponent from first to last {over_all:.2f}, at worst "
            f"{max(exponents):.2f} (aim: at most {EXPONENT_AIM})",
            f"  Ratio to the floor at the largest size {last[3]:.2f} "
            f"(aim: at most {RATIO_AIM})",
            f"  Peak memory at the largest size {size_text(last[2] or None)} "
            f"(aim: under {size_text(MEMORY_AIM)})",
        ]
    )


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
    here, drop = record["machine"], record.get("drop")
    lines = [
        f"Machine   {here['cores']} cores, {size_text(here['memory_bytes'])}, "
        f"{here['system']}; Python {here['python']}, DuckDB {here['duckdb']}, "
        f"dbt {here['dbt']}",
    ]
    if drop:
        lines.append(f"Drop      {drop['folder']}, {size_text(drop['bytes'])} on disk")
        lines += [f"  {rows:>13,}  {name}" for name, rows in drop["rows"].items()]
    if "generation" in record:
        made = record["generation"]
        total = sum(record["drop"]["rows"].values())
        again = ", then; reused now" if made["is_reused"] else ""
        lines.append(
            f"  {made['people']:,} people generated in {made['seconds']:.1f} s, "
            f"{rate_text(total / made['seconds'])} rows/s, "
            f"peak memory {size_text(made['peak_bytes'])}{again}"
        )
    if "refresh" in record:
        lines += ["", *refresh_lines(record["refresh"])]
    for name, area in AREAS.items():
        if name in record:
            lines += ["", *area_lines(area, record[name])]
    if "attribution" in record:
        lines += ["", *attribution_lines(record["attribution"])]
        medical_lines = record["attribution"]["lines"]
    else:
        medical_lines = record.get("drop", {}).get("rows", {}).get("medical_claim", 0)
    if "floor" in record:
        lines += ["", *floor_lines(record["floor"], medical_lines)]
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
    """The floor: what it reads once, each as-of date, and all."""
    reading = floor["opening"] + floor["preparing"]
    together = floor["seconds_of_all_dates"]
    count = f"all {len(floor['seconds'])} dates"
    return [
        "Floor     benchmarks/floor.sql, all algorithms",
        f"  {'read once':<16} {reading:>8.2f} s",
        *(
            f"  {f'as of {day}':<16} {seconds:>8.2f} s"
            for day, seconds in floor["seconds"].items()
        ),
        f"  {count:<16} {together:>8.2f} s {rate_text(medical_lines / together):>11} "
        f"lines/s, peak memory {size_text(floor['peak_bytes'])}",
    ]


def attribution_lines(attribution: Mapping[str, Any]) -> list[str]:
    """Attribution alone: what the floor answers too, and what goes further."""
    lines = [
        "Attribution alone, from staged tables, by dbt without tests",
    ]
    for part, words in (
        ("answering", "what the floor answers too"),
        ("further", "evidence, counts and the rest"),
    ):
        built = attribution[part]
        lines.append(
            f"  {built['seconds']:>8.2f} s  {words}: {len(built['models'])} models, "
            f"peak memory {size_text(built['peak_bytes'])}"
        )
        lines += [f"  {seconds:>12.2f}  {name}" for name, seconds in built["models"]]
    return lines


def area_lines(area: Area, built: Mapping[str, Any]) -> list[str]:
    """An area alone: in all, and every model."""
    at_a_time = "one at a time" if built["lines"] > MANY_ROWS else "two at a time"
    return [
        f"{area.title} alone, from what comes before, by dbt without tests",
        f"  {built['seconds']:>8.2f} s  for {built['rows']:,} rows of "
        f"{area.counted[1]}, from {built['lines']:,} medical lines "
        f"(aim statewide: at most {area.aim} s)",
        f"  peak memory {size_text(built['peak_bytes'])}, "
        f"{len(built['models'])} models ({at_a_time}):",
        *(f"  {seconds:>12.2f}  {name}" for name, seconds in built["models"]),
    ]


def ratio_lines(record: Mapping[str, Any]) -> list[str]:
    """What the warehouse takes for what the floor takes, and whether they agree."""
    ratios = record["ratios"]
    count = len(record["floor"]["seconds"])
    lines = ["Ratio"]
    if "refresh" in record:
        refresh = record["refresh"]
        lines += [
            f"  {ratios['refresh_to_floor']:>8.1f}  whole refresh to floor, both from "
            f"landed files, for {count} as-of dates",
            f"  {ratios['attribution_models_to_floor']:>8.1f}  the "
            f"{refresh['attribution_models']} models behind attribution, staging "
            f"included ({refresh['attribution_seconds']:.1f} s, summed), to floor",
        ]
    else:
        lines.append(
            f"  {ratios['answering_to_floor']:>8.2f}  attribution alone to floor, both "
            f"from staged tables, for {count} as-of dates (aim: at most {RATIO_AIM})"
        )
    lines.append("Answers")
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
        "  python benchmarks/bench.py --landing path/to/drop --json bench.json\n"
        "  python benchmarks/bench.py --people 20000 --only attribution --json a.json\n"
        "  python benchmarks/bench.py --growth a.json b.json c.json",
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
    source.add_argument(
        "--build",
        type=Path,
        metavar="DIR",
        help="for --only, a build that is staged, as --keep left it; its "
        "tables of attribution are made anew",
    )
    source.add_argument(
        "--growth",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="measure nothing: say how attribution alone grows between what "
        "--only attribution --json wrote",
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
    narrowed = made.add_mutually_exclusive_group()
    narrowed.add_argument(
        "--floor-only",
        action="store_true",
        help="no refresh, so nothing to compare with: just the floor's times",
    )
    narrowed.add_argument(
        "--only",
        choices=("attribution", *AREAS),
        help="no refresh: the models of attribution alone, and the floor, both from "
        "tables that were staged before; or the models of quality measures, of "
        "utilization or of payments alone, from what comes before them",
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
    drop, rows = None, {}
    if options.people:
        print(f"Generating {options.people:,} people, or using them again", flush=True)
        drop, generation, is_reused = drop_of(
            folder, options.people, options.seed, options.detail
        )
        record["generation"] = {**generation, "is_reused": is_reused}
    elif options.landing:
        drop = options.landing.absolute()
    if drop:
        rows = landed_rows(drop)
        record["drop"] = {
            "folder": shown(drop),
            "bytes": sum(p.stat().st_size for p in drop.rglob("*") if p.is_file()),
            "rows": rows,
        }
    elif not BuildPaths(options.build).database.is_file():
        raise BenchError(f"{options.build}: there is no blueprint.duckdb.")
    folder.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="run-", dir=folder))
    if options.only in AREAS:
        record |= bench_area(options.only, drop, options.build, work, as_of)
    elif options.only:
        record |= bench_attribution(drop, options.build, work, as_of)
    elif drop and options.floor_only:
        record |= bench_floor(drop, work, as_of)
    elif drop:
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
    reader = parser()
    options = reader.parse_args(arguments)
    if options.build and (options.as_of or not options.only):
        reader.error("--build needs --only, and has an as-of date")
    try:
        if options.growth:
            print(growth(options.growth))
            return 0
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
