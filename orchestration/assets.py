"""The steps of the job: three dbt ops, the gates between them, and the release.

Belongs here: what Dagster runs, as assets and checks, each a thin call into the module
that does the work. Does not belong here: the work, or limits of checks (seed rows).
"""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import duckdb
from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetChecksDefinition,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    ConfigurableResource,
    Failure,
    InitResourceContext,
    MaterializeResult,
    asset,
    multi_asset_check,
)
from dagster_dbt import DagsterDbtTranslator, dbt_assets
from pydantic import Field

from orchestration import progress
from orchestration.contract import landing_contract
from orchestration.dbt_runner import Invocation, NodeResult, freeze_project
from orchestration.errors import StopError
from orchestration.gates import CheckResult, add_results, declared_checks, run_gate
from orchestration.landing import (
    Landed,
    describe_sample,
    land_absent_tables,
    land_directory,
    quoted,
)
from orchestration.publish import publish, run_dates
from orchestration.releases import (
    acquire_lease,
    end_with_the_run,
    prune_builds,
    release_lease,
    remove_build,
)
from orchestration.settings import (
    PROJECT,
    BuildPaths,
    Settings,
    build_paths,
    dbt_arguments,
    settings_from,
)
from orchestration.summary import write_inputs

UNIQUE_ID = "dagster_dbt/unique_id"
# What each dbt op builds, as dbt selections.
REFERENCE, SAMPLE = "path:seeds/reference", "path:seeds/landing"
TRANSFORM = ("path:models/staging", "path:models/intermediate")
MARTS = ("path:models/marts",)

Events = Iterator[MaterializeResult | AssetCheckResult]


class Refresh(ConfigurableResource):
    """The parameters of a refresh; each is empty where it is to take its default."""

    landing: str = Field("", description="Directory of the drop; empty: the sample.")
    as_of: str = Field("", description="Month-end, yyyy-mm-dd; empty: by the claims.")
    releases: str = Field("", description="Releases folder; empty: releases/.")
    build_id: str = Field("", description="Name of the build; empty: the run's id.")

    def setup_for_execution(self, context: InitResourceContext) -> None:
        """Every step begins here: it must not outlive its run."""
        end_with_the_run()

    def settings(self) -> Settings:
        """The same, typed and checked; what is empty comes from the environment."""
        return settings_from(
            os.environ,
            landing=self.landing,
            as_of=self.as_of,
            releases=self.releases,
        )

    def name(self, context: AssetExecutionContext | AssetCheckExecutionContext) -> str:
        """The id of the run, which names its build and holds the lease."""
        return self.build_id or context.run.run_id

    def paths(
        self, context: AssetExecutionContext | AssetCheckExecutionContext
    ) -> BuildPaths:
        """Where the run builds."""
        return build_paths(self.settings().releases, self.name(context))


class Translator(DagsterDbtTranslator):
    """An asset is named and grouped as its relation is: schema, then table."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> AssetKey:
        """`[schema, table]`."""
        return AssetKey([dbt_resource_props["schema"], dbt_resource_props["alias"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The schema."""
        return str(dbt_resource_props["schema"])


@contextmanager
def readable() -> Iterator[None]:
    """A stop with a message becomes a failure of the step with just that message."""
    try:
        yield
    except StopError as error:
        raise Failure(description=str(error), allow_retries=False) from error


def require_whole(context: AssetExecutionContext) -> None:
    """A run starts with an empty build, so it must build everything."""
    if context.is_subset:
        raise Failure(
            description="A release is built whole: launch the job quarterly_refresh.",
            allow_retries=False,
        )


# dbt ---------------------------------------------------------------------------------


def dbt_events(
    context: AssetExecutionContext,
    manifest: Mapping[str, Any],
    stage: str,
    refresh: Refresh,
    select: Sequence[str],
    command: str = "build",
) -> Events:
    """Runs dbt on a selection and yields what Dagster shows of it."""
    paths = refresh.paths(context)
    arguments = dbt_arguments(
        command,
        select=tuple(select),
        exclude=(),
        settings=refresh.settings(),
        paths=paths,
    )
    checks = {
        spec.metadata[UNIQUE_ID]: spec
        for spec in context.assets_def.check_specs
        if UNIQUE_ID in spec.metadata
    }
    invocation = Invocation(arguments, paths)
    for done, node in enumerate(invocation, start=1):
        properties = manifest["nodes"].get(node.unique_id)
        name = properties["alias"] if properties else node.unique_id
        progress.report(
            paths.progress,
            stage,
            done,
            max(invocation.total, done),
            name,
            node.seconds,
        )
        if node.kind == "test":
            if node.unique_id in checks and node.status != "skipped":
                yield check_event(checks[node.unique_id], node)
        elif properties and node.status == "success":
            yield MaterializeResult(
                asset_key=AssetKey([properties["schema"], properties["alias"]]),
                metadata={"seconds": node.seconds},
            )


def check_event(spec: AssetCheckSpec, node: NodeResult) -> AssetCheckResult:
    """The result of a dbt data test as an asset check."""
    is_warning = node.status == "warn"
    return AssetCheckResult(
        asset_key=spec.asset_key,
        check_name=spec.name,
        passed=node.status == "pass",
        severity=AssetCheckSeverity.WARN if is_warning else AssetCheckSeverity.ERROR,
        metadata={"rows found": node.failures or 0, "seconds": node.seconds},
    )


def landing_assets(manifest: Mapping[str, Any]) -> AssetsDefinition:
    """The first op: takes the lease, starts the build, loads seeds and the drop."""

    @dbt_assets(
        manifest=manifest,
        select="path:seeds",
        exclude="resource_type:test",
        name="landing",
        dagster_dbt_translator=Translator(),
    )
    def landing(context: AssetExecutionContext, refresh: Refresh) -> Events:
        with readable():
            require_whole(context)
            settings, paths = refresh.settings(), refresh.paths(context)
            acquire_lease(settings.releases, refresh.name(context))
            paths.folder.mkdir(mode=0o700, exist_ok=True)
            paths.logs.mkdir(exist_ok=True)
            paths.database.unlink(missing_ok=True)
            prune_builds(settings.releases, refresh.name(context))
            freeze_project(paths)
            progress.report(paths.progress, "start", 1, 1, "tools are loaded", 0.0)
            contract = landing_contract()
            landed = None
            select = [REFERENCE]
            if settings.landing is None:
                select.append(SAMPLE)
            else:
                started = time.monotonic()
                landed = land_directory(settings.landing, paths.database, contract)
                progress.report(
                    paths.progress,
                    "drop",
                    len(contract),
                    len(contract),
                    settings.landing.name,
                    time.monotonic() - started,
                )
            # Seeds are loaded, not tested: tests of reference rows prove the project,
            # not the drop, so that `make test` runs them.
            yield from dbt_events(
                context, manifest, "landing", refresh, select, command="seed"
            )
            if landed is None:
                landed = land_sample(paths)
            else:
                yield from landed_events(landed)
            write_inputs(paths, landed)

    return landing


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


def landed_events(landed: Landed) -> Events:
    """The drop's tables, which dbt did not load, as assets."""
    for table in landed.tables:
        yield MaterializeResult(
            asset_key=AssetKey(["landing", table.name]),
            metadata={
                "dagster/row_count": table.rows,
                "files": ", ".join(file.path for file in table.files) or "absent",
            },
        )


def layer_assets(
    manifest: Mapping[str, Any], name: str, select: Sequence[str]
) -> AssetsDefinition:
    """A later op: builds and tests the models of one or more layers."""

    @dbt_assets(
        manifest=manifest,
        select=" ".join(select),
        exclude="resource_type:unit_test",
        name=name,
        dagster_dbt_translator=Translator(),
    )
    def layer(context: AssetExecutionContext, refresh: Refresh) -> Events:
        with readable():
            require_whole(context)
            yield from dbt_events(context, manifest, name, refresh, select)

    return layer


# Gates -------------------------------------------------------------------------------


def gate_checks(gate: str, keys: set[AssetKey]) -> AssetChecksDefinition:
    """The checks of one gate, blocking what is built from the tables they judge.

    Args:
        gate: landing, rows or release.
        keys: the assets that exist; a check of any other has nothing to stand at.
    """
    specs = [
        AssetCheckSpec(
            name=check.check_id,
            asset=AssetKey([check.schema_name, check.table_name]),
            description=f"{check.meaning} {check.remedy}",
            blocking=True,
        )
        for check in declared_checks()
        if check.gate == gate
        and AssetKey([check.schema_name, check.table_name]) in keys
    ]

    @multi_asset_check(name=f"{gate}_gate", specs=specs, can_subset=False)
    def run(
        context: AssetCheckExecutionContext, refresh: Refresh
    ) -> Iterator[AssetCheckResult]:
        with readable():
            paths = refresh.paths(context)
            started = time.monotonic()
            as_of = as_of_date(refresh.settings(), paths, gate)
            results = run_gate(paths.database, gate, as_of)
            add_results(paths.gates, results)
            progress.report(
                paths.progress,
                f"{gate} gate",
                len(results),
                len(results),
                "checks",
                time.monotonic() - started,
            )
            known = {spec.name: spec for spec in specs}
            for result in results:
                if result.check_id in known:
                    yield gate_event(known[result.check_id], result)

    return run


def as_of_date(settings: Settings, paths: BuildPaths, gate: str) -> date | None:
    """The as-of date that decides which checks are in force, if it is known yet."""
    if settings.as_of or gate == "landing":
        return settings.as_of
    return date.fromisoformat(run_dates(paths.database)["as_of"])


def gate_event(spec: AssetCheckSpec, result: CheckResult) -> AssetCheckResult:
    """A gate's result as an asset check; only one that stops has severity error."""
    return AssetCheckResult(
        asset_key=spec.asset_key,
        check_name=spec.name,
        passed=result.outcome in ("pass", "rested"),
        severity=(
            AssetCheckSeverity.ERROR if result.stops else AssetCheckSeverity.WARN
        ),
        description=result.message() if result.stops or result.warns else None,
        metadata={
            "outcome": result.outcome,
            "limit": result.limit,
            "findings": "\n".join(result.findings),
            "meaning": result.meaning,
            "remedy": result.remedy,
            "seconds": result.seconds,
            **({} if result.figure is None else {"figure": result.figure}),
        },
    )


# Release -----------------------------------------------------------------------------


def release_asset(marts: Sequence[AssetKey]) -> AssetsDefinition:
    """The last op: writes a release of the build and points `current` at it."""

    @asset(
        name="release",
        deps=list(marts),
        group_name="release",
        description="What is handed out: DuckDB files, Parquet and a manifest.",
    )
    def release(context: AssetExecutionContext, refresh: Refresh) -> MaterializeResult:
        with readable():
            settings, paths = refresh.settings(), refresh.paths(context)
            started = time.monotonic()
            folder = publish(settings, paths, refresh.name(context))
            seconds = time.monotonic() - started
            progress.report(paths.progress, "release", 1, 1, folder.name, seconds)
            release_lease(settings.releases, refresh.name(context))
            if not refresh.build_id:
                # The command line removes its build itself, when it has shown the end.
                remove_build(paths.folder)
            return MaterializeResult(
                metadata={"folder": str(folder), "seconds": round(seconds, 3)}
            )

    return release
