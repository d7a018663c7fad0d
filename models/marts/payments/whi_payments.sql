-- One row per payment month, payer, practice, component and adjustment: payments of the
-- Women's Health Initiative (K-01 to K-12). Where a payer's count is small, its amount
-- is suppressed with it, and where an amount is shared those of all the payers, since
-- the shares give the counts.
with payments as (
    select * from {{ ref('int_payments__whi') }}
),

final as (
    select
        payment_month,
        payer,
        practice_id,
        component,
        cast(adjustment_no as integer) as adjustment_no,
        hsa,
        administrative_entity_id,
        as_of_date,
        paid_period,
        basis,
        status,
        is_small as is_suppressed,
        case when not is_small then cast(attributed_patients as integer) end
            as attributed_patients,
        rate,
        quality_rate,
        factor,
        case when not is_small then shared_amount end as shared_amount,
        case when not is_small then amount end as amount
    from payments
)

select * from final
