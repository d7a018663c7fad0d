-- One row per payment month, payer, practice and adjustment: the Community Health
-- Team's payment for the practice's patients (F-00, F-01, F-04 to F-07, B-08, D16,
-- D17). An amount divided by its rate is a count of people, so that both are
-- suppressed where the count is, or where a fixed sum is what a small count once
-- brought.
with payments as (
    select * from {{ ref('int_payments__cht') }}
),

marked as (
    select
        *,
        is_small as is_suppressed
    from payments
),

final as (
    select
        payment_month,
        payer,
        practice_id,
        cast(adjustment_no as integer) as adjustment_no,
        administrative_entity_id,
        hsa,
        as_of_date,
        paid_period,
        basis,
        status,
        is_policy_gap,
        is_suppressed,
        case when not is_suppressed then cast(attributed_patients as integer) end
            as attributed_patients,
        pppm,
        factor,
        case when not is_suppressed then amount end as amount
    from marked
)

select * from final
