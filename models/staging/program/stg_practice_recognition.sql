-- One row per practice, date and event of NCQA recognition or engagement.
with audited as (
    select * from {{ ref('base_practice_recognition') }}
),

final as (
    select
        practice_id,
        event_date,
        lower(event) as event,
        standard,
        level as recognition_level,
        has_reasons,
        has_improvement_plan,
        has_timeline,
        landed_copies
    from audited
    where fault_rule is null
)

select * from final
