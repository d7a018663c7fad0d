"""The steps of the job: three dbt ops, the gates between them, and the release.

Belongs here: what Dagster runs, as assets and checks, each a thin call into the module
that does the work. Does not belong here: the work, or limits of checks (seed rows).
"""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import takewhile
from typing import Any

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
from orchestration.dbt_runner import Invocation, NodeResult
from orchestration.errors import DataTestError, StopError
from orchestration.gates import (
    CheckResult,
    add_results,
    data_test_result,
    declared_checks,
)
from orchestration.landing import Landed, landed_rows
from orchestration.releases import end_with_the_run, release_lease, remove_build
from orchestration.settings import (
    KINDS,
    QUARTERLY,
    BuildPaths,
    Settings,
    build_paths,
    dbt_arguments,
    settings_from,
)
from orchestration.steps import (
    complete_landing,
    judge,
    land_drop,
    publish_release,
    report_stop,
    start_build,
)

UNIQUE_ID = "dagster_dbt/unique_id"
# What each dbt op builds, as dbt selections.
REFERENCE, SAMPLE = "path:seeds/reference", "path:seeds/landing"
LANDING = "path:models/landing"
# Where a check of the whole drop stands: at the table that begins it.
DROP = "eligibility"
TRANSFORM = ("path:models/staging", "path:models/intermediate")
MARTS = ("path:models/marts",)

Events = Iterator[MaterializeResult | AssetCheckResult]


class Refresh(ConfigurableResource):
    """The parameters of a refresh; each is empty where it is to take its default."""

    landing: str = Field("", description="Directory of the drop; empty: the sample.")
    as_of: str = Field("", description="Month-end, yyyy-mm-dd; empty: by the claims.")
    releases: str = Field("", description="Releases folder; empty: releases/.")
    build_id: str = Field("", description="Name of the build; empty: the run's id.")
    job: str = Field(QUARTERLY.job, description="The job, by its name.")

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
            kind=KINDS[self.job],
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
def readable(
    context: AssetExecutionContext | AssetCheckExecutionContext,
    refresh: Refresh,
    *,
    starts: bool = False,
) -> Iterator[None]:
    """A stop with a message becomes a failure of the step with just that message.

    starts: whether the step makes the build. Any other needs it, and does not have it
    when Dagster takes up a failed run again.
    """
    if not (starts or refresh.paths(context).folder.exists()):
        raise Failure(
            description="This run has no build: a run that failed is not taken up "
            f"again. Launch the job {refresh.job} anew.",
            allow_retries=False,
        )
    try:
        yield
    except StopError as error:
        report_stop(
            refresh.settings(),
            refresh.paths(context),
            refresh.name(context),
            () if isinstance(error, DataTestError) else (str(error),),
        )
        raise Failure(description=str(error), allow_retries=False) from error


def require_whole(context: AssetExecutionContext) -> None:
    """A run starts with an empty build, so it must build everything."""
    if context.is_subset:
        raise Failure(
            description="A release is built whole: launch the job, not a part of it.",
            allow_retries=False,
        )


# dbt ---------------------------------------------------------------------------------


def dbt_events(
    context: AssetExecutionContext,
    manifest: Mapping[str, Any],
    stage: str,
    refresh: Refresh,
    select: Sequence[str],
    exclude: Sequence[str] = (),
) -> Events:
    """Runs dbt on a selection and yields what Dagster shows of it.

    What its data tests found is kept for the report, also when dbt fails.
    """
    paths = refresh.paths(context)
    arguments = dbt_arguments(
        "build",
        select=tuple(select),
        exclude=tuple(exclude),
        settings=refresh.settings(),
        paths=paths,
        rows=landed_rows(paths.inputs),
    )
    checks = {
        spec.metadata[UNIQUE_ID]: spec
        for spec in context.assets_def.check_specs
        if UNIQUE_ID in spec.metadata
    }
    invocation = Invocation(arguments, paths)
    results = []
    try:
        for done, node in enumerate(invocation, start=1):
            properties = manifest["nodes"].get(node.unique_id)
            progress.report(
                paths.progress,
                stage,
                done,
                max(invocation.total, done),
                properties["alias"] if properties else node.unique_id,
                node.seconds,
            )
            if properties and node.kind == "test" and node.status != "skipped":
                result = test_result(manifest, properties, stage, node)
                results.append(result)
                if node.unique_id in checks:
                    yield check_event(checks[node.unique_id], result)
            elif properties and node.status == "success":
                yield MaterializeResult(
                    asset_key=AssetKey([properties["schema"], properties["alias"]]),
                    metadata={"seconds": node.seconds},
                )
    finally:
        add_results(paths.checks, results)


def test_result(
    manifest: Mapping[str, Any],
    test: Mapping[str, Any],
    stage: str,
    node: NodeResult,
) -> CheckResult:
    """What a dbt data test found, at the table that it is attached to or ends in."""
    tested = test.get("attached_node") or test["depends_on"]["nodes"][-1]
    table = manifest["nodes"][tested]
    return data_test_result(
        name=test["name"],
        gate=stage,
        table=f"{table['schema']}.{table['alias']}",
        description=test["description"] or opening_comment(test["raw_code"]),
        status=node.status,
        failures=node.failures,
        message=node.message,
        seconds=node.seconds,
    )


def opening_comment(sql: str) -> str:
    """The sentences with which a test of one's own begins; a generic one has none."""
    lines = [line for line in sql.strip().splitlines() if not line.startswith("{{")]
    lines = takewhile(lambda line: line.startswith("--"), lines)
    return " ".join(line.removeprefix("--").strip() for line in lines)


def check_event(spec: AssetCheckSpec, result: CheckResult) -> AssetCheckResult:
    """A check's result in Dagster; only one that stops has severity error."""
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
            "figure": result.figure_text or "none",
            "limit": result.limit_text or "none",
            "findings": "\n".join(result.findings),
            "meaning": result.meaning,
            "remedy": result.remedy,
            "seconds": result.seconds,
        },
    )


def landing_assets(manifest: Mapping[str, Any]) -> AssetsDefinition:
    """The first op: takes the lease, starts the build, loads seeds and the drop."""

    @dbt_assets(
        manifest=manifest,
        select=f"path:seeds {LANDING}",
        exclude="resource_type:test",
        name="landing",
        dagster_dbt_translator=Translator(),
    )
    def landing(context: AssetExecutionContext, refresh: Refresh) -> Events:
        with readable(context, refresh, starts=True):
            require_whole(context)
            settings, paths = refresh.settings(), refresh.paths(context)
            start_build(settings, paths, refresh.name(context))
            progress.report(paths.progress, "start", 1, 1, "tools are loaded", 0.0)
            started = time.monotonic()
            landed = land_drop(settings, paths)
            select = [REFERENCE, LANDING]
            if landed is None:
                select.append(SAMPLE)
            else:
                progress.report(
                    paths.progress,
                    "drop",
                    len(landed.tables),
                    len(landed.tables),
                    landed.source,
                    time.monotonic() - started,
                )
                yield from landed_events(landed)
            # Seeds are loaded, not tested: tests of reference rows prove the project,
            # not the drop, so that `make test` runs them.
            yield from dbt_events(
                context, manifest, "landing", refresh, select, ("resource_type:test",)
            )
            complete_landing(settings, paths, landed)

    return landing


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
        with readable(context, refresh):
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
            asset=key,
            description=f"{check.meaning} {check.remedy}",
            blocking=True,
        )
        for check in declared_checks()
        if check.gate == gate
        and (key := AssetKey([check.schema_name, check.table_name or DROP])) in keys
    ]

    @multi_asset_check(name=f"{gate}_gate", specs=specs, can_subset=False)
    def run(
        context: AssetCheckExecutionContext, refresh: Refresh
    ) -> Iterator[AssetCheckResult]:
        with readable(context, refresh):
            settings, paths = refresh.settings(), refresh.paths(context)
            started = time.monotonic()
            results = judge(settings, paths, refresh.name(context), gate)
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
                    yield check_event(known[result.check_id], result)

    return run


# Release -----------------------------------------------------------------------------


def release_asset(marts: Sequence[AssetKey]) -> AssetsDefinition:
    """The last op: writes a release of the build and points the job's link at it."""

    @asset(
        name="release",
        deps=list(marts),
        group_name="release",
        description="What is handed out: DuckDB files, Parquet and a manifest.",
    )
    def release(context: AssetExecutionContext, refresh: Refresh) -> MaterializeResult:
        with readable(context, refresh):
            settings, paths = refresh.settings(), refresh.paths(context)
            started = time.monotonic()
            folder = publish_release(settings, paths, refresh.name(context))
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
