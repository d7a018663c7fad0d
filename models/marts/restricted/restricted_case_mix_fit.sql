{{ config(alias='case_mix_fit') }}
-- One row per period, age group and group of people scored: observed to expected
-- resource units, and R squared of all (rules section 2). Unsuppressed.
select
    period_end,
    age_group,
    group_kind,
    group_value,
    false as is_suppressed,
    cast(people as integer) as people,
    cast(member_months as integer) as member_months,
    cast(observed as decimal(18, 4)) as observed,
    cast(expected as decimal(18, 4)) as expected,
    cast(observed_to_expected as decimal(18, 6)) as observed_to_expected,
    cast(r_squared as decimal(18, 6)) as r_squared
from {{ ref('int_utilization__fit') }}
