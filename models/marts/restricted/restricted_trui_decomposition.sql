{{ config(alias='trui_decomposition') }}
-- One row per period, practice and service category that is a resource: why the
-- practice's resource units per member and month differ from the state's (E-06).
-- Unsuppressed.
select
    period_end,
    practice_id,
    category,
    cast(observed_pmpm as decimal(18, 6)) as observed_pmpm,
    cast(expected_pmpm as decimal(18, 6)) as expected_pmpm,
    cast(state_pmpm as decimal(18, 6)) as state_pmpm,
    cast(difference_pmpm as decimal(18, 6)) as difference_pmpm,
    cast(use_pmpm as decimal(18, 6)) as use_pmpm,
    cast(case_mix_pmpm as decimal(18, 6)) as case_mix_pmpm
from {{ ref('int_utilization__decomposition') }}
