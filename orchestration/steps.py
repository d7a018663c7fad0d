"""The steps of a refresh, each as one function of its settings and its build.

Belongs here: the order of what a step does, for whoever runs it: Dagster's job
(assets.py), or a test that runs many refreshes. Does not belong here: Dagster, dbt, or
the work itself, which is in the modules that are called.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timezone
from functools import partial
from pathlib import Path

import duckdb

from orchestration.contract import landing_contract
from orchestration.dbt_runner import freeze_project
from orchestration.errors import ReleaseError
from orchestration.gates import CheckResult, add_results, read_results, run_gate
from orchestration.landing import (
    Landed,
    describe_sample,
    land_absent_tables,
    land_directory,
    quoted,
)
from orchestration.prior import copy_prior
from orchestration.publish import publish, run_dates
from orchestration.releases import acquire_lease, prune_builds
from orchestration.report import Report, write_report
from orchestration.settings import PROJECT, BuildPaths, Settings
from orchestration.site import SITE_NAME, write_site

PRIOR_CAN_BE_READ = "prior_release_can_be_read"


def start_build(settings: Settings, paths: BuildPaths, run_id: str) -> None:
    """Takes the lease and makes the run's empty build.

    Raises:
        LeaseError: another run is alive.
        ReleaseError: the releases folder cannot be written to.
    """
    acquire_lease(settings.releases, run_id)
    paths.folder.mkdir(mode=0o700, exist_ok=True)
    paths.logs.mkdir(exist_ok=True)
    paths.database.unlink(missing_ok=True)
    paths.checks.unlink(missing_ok=True)
    prune_builds(settings.releases, run_id)
    freeze_project(paths)


def land_drop(settings: Settings, paths: BuildPaths) -> Landed | None:
    """Lands the drop; None when the run reads the sample, whose seeds dbt loads.

    Raises:
        LandingError: the drop breaks the landing contract.
    """
    if settings.landing is None:
        return None
    return land_directory(settings.landing, paths.database, landing_contract())


def complete_landing(
    settings: Settings, paths: BuildPaths, landed: Landed | None
) -> Landed:
    """Keeps what landed and what the gates compare with, after dbt loaded its seeds.

    Args:
        settings: the run's settings.
        paths: its build, with landed tables and reference seeds.
        landed: what land_drop returned.
    """
    landed = landed or land_sample(paths)
    with duckdb.connect(str(paths.database)) as connection:
        connection.execute("create schema run")
        connection.execute(
            "create table run.parameters as select cast($as_of as date) as as_of_date",
            {"as_of": settings.as_of},
        )
    prior = copy_prior(settings.releases, paths.database, settings.kind.link)
    if prior.problem:
        landed.findings[PRIOR_CAN_BE_READ] = [prior.problem]
    record = {**landed.as_json(), "prior_release_id": prior.release_id}
    paths.inputs.write_text(json.dumps(record, indent=1))
    return landed


def land_sample(paths: BuildPaths) -> Landed:
    """Completes and describes the sample, after dbt has loaded its seeds."""
    contract = landing_contract()
    with duckdb.connect(str(paths.database)) as connection:
        land_absent_tables(connection, contract)
        rows = {}
        for table in contract:
            relation = f"landing.{quoted(table)}"
            row = connection.execute(f"select count(*) from {relation}").fetchone()
            rows[table] = int(row[0]) if row else 0
    return describe_sample(PROJECT / "seeds" / "landing", rows, contract)


def judge(
    settings: Settings, paths: BuildPaths, run_id: str, gate: str
) -> list[CheckResult]:
    """Holds a gate's checks against the build and keeps their results.

    When one of them stops the run, the report of the stop is written too: nobody comes
    after it who could.

    Raises:
        ReleaseError: the run has no as-of date.
    """
    as_of = settings.as_of
    if as_of is None and gate != "landing":
        as_of = date.fromisoformat(run_dates(paths.database)["as_of"])
    inputs = json.loads(paths.inputs.read_text())
    results = run_gate(paths.database, gate, as_of, inputs["findings"])
    add_results(paths.checks, results)
    if any(result.stops for result in results):
        report_stop(settings, paths, run_id, ())
    return results


def publish_release(settings: Settings, paths: BuildPaths, run_id: str) -> Path:
    """Publishes the build with its report; returns the release's folder.

    Raises:
        ReleaseError: what was written is not what was built.
        LeaseError: another run took over.
    """
    return publish(
        settings,
        paths,
        run_id,
        partial(report_release, settings, paths, run_id),
    )


# Reports -----------------------------------------------------------------------------


def report_stop(
    settings: Settings, paths: BuildPaths, run_id: str, messages: Sequence[str]
) -> None:
    """Writes the report of a run that stops beside its build, if that can be done.

    A report that cannot be written (the disk is full) must not hide why the run stops.

    messages: why it stops, where no check says so.
    """
    report = report_of(settings, paths, run_id, release_id=None, messages=messages)
    with suppress(OSError):
        write_report(paths.folder, report)


def report_release(
    settings: Settings, paths: BuildPaths, run_id: str, release_id: str, folder: Path
) -> None:
    """Writes the report of a run that publishes, and its documentation."""
    write_report(
        folder,
        report_of(settings, paths, run_id, release_id=release_id, messages=()),
    )
    write_site(json.loads(paths.manifest.read_bytes()), folder / SITE_NAME)


def report_of(
    settings: Settings,
    paths: BuildPaths,
    run_id: str,
    *,
    release_id: str | None,
    messages: Sequence[str],
) -> Report:
    """What there is to report of a run, however far it got."""
    try:
        inputs = json.loads(paths.inputs.read_text())
    except (OSError, ValueError):
        inputs = {}
    try:
        dates = run_dates(paths.database)
    except (duckdb.Error, ReleaseError):
        dates = {"as_of": str(settings.as_of) if settings.as_of else None}
    return Report(
        outcome="published" if release_id else "stopped",
        run_id=run_id,
        release_id=release_id,
        as_of=dates["as_of"],
        paid_through=dates.get("paid_through"),
        is_provisional=dates.get("is_provisional", False),
        created_at=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        source=settings.landing.name if settings.landing else "sample",
        prior_release_id=inputs.get("prior_release_id"),
        messages=tuple(messages),
        results=tuple(read_results(paths.checks)),
    )
