"""What Dagster loads: the assets, the checks, the job and its schedule.

Belongs here: putting the parts together. Does not belong here: any work; importing
this opens no database. The dbt project is parsed first when its manifest is missing or
stale.
"""

from __future__ import annotations

import multiprocessing
from typing import Any

from dagster import (
    AssetKey,
    AssetSelection,
    Definitions,
    JobDefinition,
    define_asset_job,
    multiprocess_executor,
)

from orchestration.assets import (
    MARTS,
    TRANSFORM,
    Refresh,
    gate_checks,
    landing_assets,
    layer_assets,
    release_asset,
)
from orchestration.dbt_runner import ensure_manifest, read_manifest
from orchestration.history import write_quickly
from orchestration.schedules import monthly_schedule, quarterly_schedule
from orchestration.settings import MONTHLY_MEDICAID, PRELOAD_MODULES, QUARTERLY, Kind

write_quickly()

# A step's process takes the project as the run found it.
_is_step = multiprocessing.parent_process() is not None
_manifest = read_manifest() if _is_step else ensure_manifest()

landing = landing_assets(_manifest)
transform = layer_assets(_manifest, "transform", TRANSFORM)
marts = layer_assets(_manifest, "marts", MARTS)
_keys: set[AssetKey] = {*landing.keys, *transform.keys, *marts.keys}

# One step at a time: each writes to the one DuckDB file of the run.
_executor = multiprocess_executor.configured(
    {
        "max_concurrent": 1,
        "start_method": {"forkserver": {"preload_modules": list(PRELOAD_MODULES)}},
    }
)


def refresh_job(kind: Kind, description: str) -> Any:  # noqa: ANN401 - not exported
    """A job on all assets, which knows what kind of refresh it is."""
    return define_asset_job(
        kind.job,
        selection=AssetSelection.all(),
        description=description,
        executor_def=_executor,
        config={"resources": {"refresh": {"config": {"job": kind.job}}}},
    )


defs = Definitions(
    assets=[landing, transform, marts, release_asset(sorted(marts.keys))],
    asset_checks=[gate_checks(gate, _keys) for gate in ("landing", "rows", "release")],
    jobs=[
        refresh_job(QUARTERLY, "From a landed drop to a published release."),
        refresh_job(
            MONTHLY_MEDICAID,
            "The attribution of Medicaid's people, as of the last month with claims.",
        ),
    ],
    schedules=[
        quarterly_schedule(QUARTERLY.job),
        monthly_schedule(MONTHLY_MEDICAID.job),
    ],
    resources={"refresh": Refresh.configure_at_launch()},
)


def quarterly_refresh_job() -> JobDefinition:
    """The job, for those who run it without Dagster's web server."""
    return defs.resolve_job_def(QUARTERLY.job)


def monthly_medicaid_job() -> JobDefinition:
    """The job, for those who run it without Dagster's web server."""
    return defs.resolve_job_def(MONTHLY_MEDICAID.job)
