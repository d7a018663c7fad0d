-- One row per practice, calendar year and Community Collaborative initiative (E-03,
-- D69).
with audited as (
    select * from {{ ref('base_collaborative_participation') }}
),

final as (
    select
        practice_id,
        calendar_year,
        initiative,
        landed_copies
    from audited
    where fault_rule is null
)

select * from final
