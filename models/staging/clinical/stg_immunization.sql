-- One row per immunization given.
with audited as (
    select * from {{ ref('base_immunization') }}
),

final as (
    select
        immunization_id,
        person_id,
        source_code,
        normalized_code,
        occurrence_date,
        source_code_type,
        normalized_code_type,
        status,
        landed_copies
    from audited
    where fault_rule is null
)

select * from final
