-- One row per practice, date and event in the Women's Health Initiative.
with audited as (
    select * from {{ ref('base_whi_participation') }}
),

final as (
    select
        practice_id,
        event_date,
        lower(event) as event,
        strategy,
        agreements,
        lower(program) as program,
        landed_copies
    from audited
    where fault_rule is null
)

select * from final
