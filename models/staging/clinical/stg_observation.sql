-- One row per observation.
with audited as (
    select * from {{ ref('base_observation') }}
),

final as (
    select
        observation_id,
        person_id,
        source_code,
        normalized_code,
        observation_date,
        result,
        observation_type,
        source_code_type,
        normalized_code_type,
        source_units,
        normalized_units,
        landed_copies
    from audited
    where fault_rule is null
)

select * from final
