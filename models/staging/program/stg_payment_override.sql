-- One row per practice, component and first month of a case-by-case amount (D39).
with audited as (
    select * from {{ ref('base_payment_override') }}
),

final as (
    select
        practice_id,
        lower(component) as component,
        month_from,
        month_to,
        amount as amount_usd,
        reason,
        landed_copies
    from audited
    where fault_rule is null
)

select * from final
