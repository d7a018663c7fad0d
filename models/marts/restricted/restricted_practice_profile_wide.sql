{{ config(alias='practice_profile_wide') }}
-- One row per period and practice: the lines of the profile side by side (rules section
-- 3), unsuppressed.
with profiles as (
    select * from {{ ref('restricted_practice_profiles') }}
),

final as (
    select
        period_end,
        practice_id,
        cast(count(*) filter (where is_suppressed) as integer) as withheld_figures,
        {{ profile_columns() }}
    from profiles
    group by
        period_end,
        practice_id
)

select * from final
