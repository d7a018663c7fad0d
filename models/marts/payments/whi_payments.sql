-- One row per payment month, payer, practice, component and adjustment: payments of the
-- Women's Health Initiative (K-01 to K-12). Where a payer's count is small, its amount
-- is suppressed with it, and where an amount is shared those of all the payers, since
-- the shares give the counts.
with payments as (
    select * from {{ ref('int_payments__ledger_cells') }}
    where program = 'whi'
),

final as (
    select
        payment_month,
        payer,
        practice_id,
        component,
        adjustment_no,
        hsa,
        administrative_entity_id,
        as_of_date,
        paid_period,
        payment_due_date,
        basis,
        status,
        is_small as is_suppressed,
        case when not is_small then attributed_patients end
            as attributed_patients,
        cast(rate as decimal(10, 4)) as rate,
        cast(quality_rate as decimal(10, 4)) as quality_rate,
        cast(factor as decimal(5, 4)) as factor,
        case when not is_small then shared_amount end as shared_amount,
        case when not is_small then amount end as amount
    from payments
)

select * from final
