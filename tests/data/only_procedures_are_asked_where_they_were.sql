-- Services that count at a place alone are procedures, and the place is a place of
-- service: places are kept of lines with such a procedure code. Hospitals' own codes of
-- procedures may stand in a set beside them; their claims have no place of service.
with measure_value_sets as (
    select * from {{ ref('measure_value_sets') }}
),

value_sets as (
    select * from {{ ref('value_sets') }}
),

final as (
    select
        measure_value_sets.measure_id,
        measure_value_sets.role,
        value_sets.value_set,
        value_sets.code_system,
        value_sets.code
    from measure_value_sets
    inner join value_sets
        on measure_value_sets.value_set = value_sets.value_set
    where
        (measure_value_sets.role = 'place' and value_sets.code_system <> 'pos')
        or (
            measure_value_sets.role like '% at a place'
            and value_sets.code_system not in ('hcpcs', 'icd-10-pcs', 'icd-9-pcs')
        )
)

select * from final
