-- One row per administrative entity, report and quarter in which it is due (N-02,
-- N-03).
with audited as (
    select * from {{ ref('base_program_report') }}
),

final as (
    select
        administrative_entity_id,
        lower(report) as report,
        quarter_end,
        received_date,
        landed_copies
    from audited
    where fault_rule is null
)

select * from final
