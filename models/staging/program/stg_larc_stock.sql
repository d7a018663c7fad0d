-- One row per practice and count of long-acting contraceptives in stock (L-01).
with audited as (
    select * from {{ ref('base_larc_stock') }}
),

final as (
    select
        practice_id,
        count_date,
        hormonal_iud,
        nonhormonal_iud,
        implant,
        landed_copies
    from audited
    where fault_rule is null
)

select * from final
