-- One row per administrative entity, payer and period invoiced (F-08).
with audited as (
    select * from {{ ref('base_invoice') }}
),

final as (
    select
        administrative_entity_id,
        payer,
        period,
        received_date,
        amount as amount_usd,
        landed_copies
    from audited
    where fault_rule is null
)

select * from final
