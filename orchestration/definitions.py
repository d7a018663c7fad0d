"""What Dagster loads: the assets, the checks, the job and its schedule.

Belongs here: putting the parts together. Does not belong here: any work; importing
this opens no database. The dbt project is parsed first when its manifest is missing or
stale.
"""

from __future__ import annotations

import multiprocessing

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
from orchestration.schedules import quarterly_schedule
from orchestration.settings import PRELOAD_MODULES

JOB = "quarterly_refresh"

write_quickly()

# A step's process takes the project as the run found it.
_is_step = multiprocessing.parent_process() is not None
_manifest = read_manifest() if _is_step else ensure_manifest()

landing = landing_assets(_manifest)
transform = layer_assets(_manifest, "transform", TRANSFORM)
marts = layer_assets(_manifest, "marts", MARTS)
_keys: set[AssetKey] = {*landing.keys, *transform.keys, *marts.keys}

quarterly_refresh = define_asset_job(
    JOB,
    selection=AssetSelection.all(),
    description="From a landed drop to a published release.",
    # One step at a time: each writes to the one DuckDB file of the run.
    executor_def=multiprocess_executor.configured(
        {
            "max_concurrent": 1,
            "start_method": {"forkserver": {"preload_modules": list(PRELOAD_MODULES)}},
        }
    ),
)

defs = Definitions(
    assets=[landing, transform, marts, release_asset(sorted(marts.keys))],
    asset_checks=[gate_checks(gate, _keys) for gate in ("landing", "rows", "release")],
    jobs=[quarterly_refresh],
    schedules=[quarterly_schedule(JOB)],
    resources={"refresh": Refresh.configure_at_launch()},
)


def quarterly_refresh_job() -> JobDefinition:
    """The job, for those who run it without Dagster's web server."""
    return defs.resolve_job_def(JOB)
