-- One row per payment month, payer, practice and adjustment: the PCMH payment (E-01 to
-- E-03, E-07, A-11, A-12, D69, D72). An amount divided by its rate is a count of
-- people, so that both are suppressed where the count is, and where it is in the month
-- as a whole.
with payments as (
    select * from {{ ref('int_payments__ledger_cells') }}
    where program = 'pcmh'
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
        hsa,
        as_of_date,
        paid_period,
        payment_due_date,
        basis,
        status,
        is_suppressed,
        case when not is_suppressed then attributed_patients end
            as attributed_patients,
        base_pppm,
        quality_pppm,
        trui_pppm,
        cast(rate as decimal(10, 2)) as total_pppm,
        case when not is_suppressed then amount end as amount
    from marked
)

select * from final
