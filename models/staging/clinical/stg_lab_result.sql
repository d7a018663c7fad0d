-- One row per laboratory result.
with audited as (
    select * from {{ ref('base_lab_result') }}
),

final as (
    select
        lab_result_id,
        person_id,
        source_code,
        normalized_code,
        collection_datetime as collection_date,
        result_datetime as result_date,
        result,
        source_code_type,
        normalized_code_type,
        status,
        source_units,
        normalized_units,
        source_abnormal_flag,
        landed_copies
    from audited
    where fault_rule is null
)

select * from final
