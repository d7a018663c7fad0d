-- One row per payer, payee, component and first month of a fixed amount (D17).
with audited as (
    select * from {{ ref('base_payer_fixed_amount') }}
),

final as (
    select
        payer,
        payee_id,
        lower(component) as component,
        month_from,
        month_to,
        amount as amount_usd,
        landed_copies
    from audited
    where fault_rule is null
)

select * from final
