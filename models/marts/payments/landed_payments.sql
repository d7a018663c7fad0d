-- One row per payment month, payer, component and payee of a sum that a payer landed:
-- what Medicare fixed for 2017, and statewide sums (B-06 to B-09, D17, F-07). A sum
-- over its rate is a count of people: it is withheld where that is small.
with payments as (
    select * from {{ ref('int_payments__landed_sums') }}
),

marked as (
    select
        *,
        not is_told as is_suppressed
    from payments
),

final as (
    select
        payment_month,
        payer,
        component,
        payee_id,
        payee_kind,
        as_of_date,
        basis,
        is_policy_gap,
        is_suppressed,
        case when not is_suppressed then amount end as amount
    from marked
)

select * from final
