-- One row per payment month, payer, practice and adjustment: the Community Health
-- Team's payment for the practice's patients (F-00, F-01, F-04 to F-07, B-08, D16,
-- D17). An amount divided by its rate is a count of people, so that both are
-- suppressed where the count is, or where a fixed sum is what a small count once
-- brought.
with payments as (
    select * from {{ ref('int_payments__ledger_cells') }}
    where program = 'cht'
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
        adjustment_no,
        administrative_entity_id,
        hsa,
        as_of_date,
        paid_period,
        payment_due_date,
        basis,
        status,
        is_policy_gap,
        is_suppressed,
        case when not is_suppressed then attributed_patients end
            as attributed_patients,
        cast(rate as decimal(10, 4)) as pppm,
        cast(factor as decimal(5, 4)) as factor,
        case when not is_suppressed then amount end as amount
    from marked
)

select * from final
