"""What every step needs, imported once per run.

Belongs here: slow imports (seconds each). The multiprocess executor forks its steps
from a process that has imported this. Does not belong here: anything that opens a
database or starts a thread, which would not survive the fork.
"""

import os

os.environ["GX_ANALYTICS_ENABLED"] = "false"

import dagster_dbt  # noqa: F401, E402
import dbt.adapters.duckdb  # noqa: F401, E402
import dbt.cli.main  # noqa: F401, E402
import great_expectations  # noqa: F401, E402
import great_expectations.expectations  # noqa: F401, E402

import orchestration.definitions  # noqa: F401, E402
import orchestration.gx_duckdb  # noqa: F401, E402
