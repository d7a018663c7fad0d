-- One row per period, practice, population and line of the profile
-- (rules section 3): the figure beside the state's.
with figures as (
    select * from {{ ref('int_profiles__figures') }}
    where level = 'practice'
),

final as (
    select
        period_end,
        entity_id as practice_id,
        population,
        section,
        measure_id,
        cast(line_order as integer) as line_order,
        label,
        unit,
        {{ profile_figures(is_public=true) }}
    from figures
)

select * from final
