"""Errors planted in the models of recognition, that the comparison must see.

Belongs here: for each edge, a part of one model's SQL and what an error would put in
its place. Does not belong here: running them (build.py).
"""

from __future__ import annotations

EVENTS = "int_payments__recognition_events"
FAILURES = "int_payments__recognition_failures"
STEPS = "int_payments__cht_steps"
SPANS = "int_payments__recognition_spans"
MONTHS = "int_payments__practice_months"
FACTORS = "int_payments__cht_factors"
RATES = "int_payments__pcmh_rates"
PAYMENTS = "int_payments__pcmh"

# The edge, the model, a part that its compiled SQL has once, and the error.
PLANTED: tuple[tuple[str, str, str, str], ...] = (
    (
        "a start comes before an end of its day",
        EVENTS,
        "case when effects.starts is null then 0 else 1 end asc",
        "case when effects.starts is null then 1 else 0 end asc",
    ),
    (
        "a lapse ends an engagement's pay",
        EVENTS,
        "then not is_engaging or event_date > attainment_due_date",
        "then true",
    ),
    (
        "an engagement runs for ever",
        EVENTS,
        "then not is_engaging or event_date > attainment_due_date",
        "then not is_engaging",
    ),
    (
        "an engagement's last day is not of it",
        EVENTS,
        "event_date > attainment_due_date",
        "event_date >= attainment_due_date",
    ),
    (
        "a new standard not attained ends the old recognition",
        EVENTS,
        "when role = 'not_attained' and was_engaging then not is_recognised",
        "when role = 'not_attained' and was_engaging then true",
    ),
    (
        "an engagement that comes to nothing after a lapse is another failure",
        EVENTS,
        "ends_all and start_number > coalesce(earlier_end_number, 0) as is_failure",
        "ends_all as is_failure",
    ),
    (
        "the clock of the plan starts anew with another postponement",
        FAILURES,
        "min( case when events.role = 'decision'",
        "max( case when events.role = 'decision'",
    ),
    (
        "a plan that lacks an element is whole",
        FAILURES,
        "coalesce(max(case when is_in_time and has_whole_plan then 1 end), 0)",
        "coalesce(max(case when is_in_time then 1 end), 0)",
    ),
    (
        "a late plan is in time",
        FAILURES,
        "events.event_date <= due.plan_due_date as is_in_time",
        "true as is_in_time",
    ),
    (
        "a plan is that of a later failure",
        FAILURES,
        "order by due.failure_number asc",
        "order by due.failure_number desc",
    ),
    (
        "recognition within the month of the lapse comes too late",
        FAILURES,
        "coalesce(planned.attained_date > end_dates.pppm_end_date, true)",
        "coalesce(planned.attained_date >= end_dates.pppm_end_date, true)",
    ),
    (
        "extra time that was won ends",
        FAILURES,
        "when planned.attained_date <= planned.extension_end_date then null",
        "when planned.attained_date < planned.extension_end_date then null",
    ),
    (
        "extra time goes on after NCQA said no",
        FAILURES,
        "planned.failure_number < events.event_number",
        "false",
    ),
    (
        "a first recognition missed declines from the failure's quarter",
        FAILURES,
        "greatest(due_dates.plan_due_date, known.failure_date)",
        "known.failure_date",
    ),
    (
        "a first recognition missed declines before it is missed",
        FAILURES,
        "greatest(due_dates.plan_due_date, known.failure_date)",
        "due_dates.plan_due_date",
    ),
    (
        "all lapses have three months of extra time",
        FAILURES,
        "order by tracks.recognition_level asc nulls last,",
        "order by tracks.recognition_level asc nulls first,",
    ),
    (
        "the ladder goes on after the end",
        STEPS,
        "or ladder_steps.step_from <= failures.cht_end_date",
        "or true",
    ),
    (
        "pay starts on the day of the transmission",
        SPANS,
        "and days.from_date >= pay_starts.pppm_month",
        "and days.from_date >= pay_starts.cht_month",
    ),
    (
        "the team is paid as the better failure says",
        SPANS,
        "order by steps.factor asc, steps.failure_number desc",
        "order by steps.factor desc, steps.failure_number desc",
    ),
    (
        "a start before the failure pays after it",
        SPANS,
        "when start_number > coalesce(failure_number, 0) then 'paid'",
        "when start_number > 0 and failure_number is null then 'paid'",
    ),
    (
        "extra time is paid before its fee",
        SPANS,
        "endings.fee_month <= days.from_date",
        "endings.fee_month is not null",
    ),
    (
        "last year's initiative does not count",
        MONTHS,
        "between extract(year from months.payment_month) - 1",
        "between extract(year from months.payment_month)",
    ),
    (
        "a team is paid for a practice that takes no part",
        FACTORS,
        "case when is_participating then cht_factor else 0 end",
        "cht_factor",
    ),
    (
        "extra time has the rate of its own month",
        RATES,
        "coalesce(rate_month, payment_month) as rated_month",
        "payment_month as rated_month",
    ),
    (
        "every payer recoups",
        PAYMENTS,
        "where recoupable.policy_rank = 1 and recoupable.is_recouping",
        "where recoupable.policy_rank = 1",
    ),
    (
        "extra time is taken back before it has run out",
        PAYMENTS,
        "on originals.recoup_date <= run.as_of_date",
        "on originals.recoup_date is not null",
    ),
)
