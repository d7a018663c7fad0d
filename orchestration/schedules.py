"""When the job runs by itself.

Belongs here: schedules and their reasons. Does not belong here: what a run does.
"""

from __future__ import annotations

from dagster import DefaultScheduleStatus, ScheduleDefinition

TIMEZONE = "America/New_York"
# A quarter ends, claims run out for 30 days (design, section 2), payers send their
# drop: in the middle of the second month after it is complete.
AFTER_RUN_OUT = "0 5 15 2,5,8,11 *"
# Medicaid attributes every month (rules A-09): a month's drop is there by the 10th.
EVERY_MONTH = "0 5 10 * *"


def quarterly_schedule(job_name: str) -> ScheduleDefinition:
    """Runs the refresh once a quarter, when its claims have run out.

    It is off until someone turns it on in Dagster: a fresh clone must not start work by
    itself, and the drop's directory (BLUEPRINT_LANDING) has to be named first.
    """
    return ScheduleDefinition(
        name="quarterly_refresh_schedule",
        job_name=job_name,
        cron_schedule=AFTER_RUN_OUT,
        execution_timezone=TIMEZONE,
        default_status=DefaultScheduleStatus.STOPPED,
        description="15 February, May, August and November, 05:00 in Vermont.",
    )


def monthly_schedule(job_name: str) -> ScheduleDefinition:
    """Attributes Medicaid's people once a month (rules A-09); off like the other."""
    return ScheduleDefinition(
        name=f"{job_name}_schedule",
        job_name=job_name,
        cron_schedule=EVERY_MONTH,
        execution_timezone=TIMEZONE,
        default_status=DefaultScheduleStatus.STOPPED,
        description="The 10th of each month, 05:00 in Vermont.",
    )
