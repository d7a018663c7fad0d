-- One row per practice, program and quarter, as the practice reported it (D-01).
with audited as (
    select * from {{ ref('base_practice_patient_report') }}
),

final as (
    select
        practice_id,
        lower(program) as program,
        quarter_end,
        total_unique_patients,
        submitted_date,
        landed_copies
    from audited
    where fault_rule is null
)

select * from final
