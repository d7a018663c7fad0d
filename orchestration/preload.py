"""What every step needs, imported once per run.

Belongs here: slow imports (seconds each). The multiprocess executor forks its steps
from a process that has imported this. Does not belong here: anything that opens a
database or starts a thread, which would not survive the fork.
"""

import gc
import os

# dbt and Great Expectations make objects by the hundred thousand that live until the
# step ends. As often as Python collects by itself, a tenth of the time goes into
# looking through them.
gc.set_threshold(100_000, 50, 100)
os.environ["GX_ANALYTICS_ENABLED"] = "false"

import dagster_dbt  # noqa: F401, E402
import dbt.adapters.duckdb  # noqa: F401, E402
import dbt.cli.main  # noqa: F401, E402
import great_expectations  # noqa: F401, E402
import great_expectations.expectations  # noqa: F401, E402

import orchestration.definitions  # noqa: F401, E402
import orchestration.gx_duckdb  # noqa: F401, E402
