{{ config(alias='hsa_profile_wide') }}
-- One row per period and Health Service Area, and the state: the lines of the profile
-- side by side (rules section 3), unsuppressed.
with profiles as (
    select * from {{ ref('restricted_hsa_profiles') }}
),

areas_and_state as (
    select
        period_end,
        hsa,
        population,
        measure_id,
        is_suppressed,
        value
    from profiles

    union all

    -- Every area says the state's figure.
    select
        period_end,
        'Vermont' as hsa,
        population,
        measure_id,
        max(state_value) is null as is_suppressed,
        max(state_value) as value
    from profiles
    group by
        period_end,
        population,
        measure_id
),

final as (
    select
        period_end,
        hsa,
        cast(count(*) filter (where is_suppressed) as integer) as withheld_figures,
        {{ profile_columns() }}
    from areas_and_state
    group by
        period_end,
        hsa
)

select * from final
