{{ config(alias='hsa_profiles') }}
-- One row per period, Health Service Area, population and line of the profile,
-- unsuppressed (rules section 3): the figure beside the state's.
with figures as (
    select * from {{ ref('int_profiles__figures') }}
    where level = 'hsa'
),

final as (
    select
        period_end,
        entity_id as hsa,
        population,
        section,
        measure_id,
        cast(line_order as integer) as line_order,
        label,
        unit,
        {{ profile_figures(is_public=false) }}
    from figures
)

select * from final
