-- One row per administrative entity, payer and period: what the warehouse computes for
-- its Community Health Teams, what was invoiced, and whether in time (F-08). An amount
-- of few patients tells how many they are: it is withheld as the payment is.
with payments as (
    select * from {{ ref('int_payments__cht_invoices') }}
),

marked as (
    select
        *,
        not is_told as is_suppressed
    from payments
),

final as (
    select
        administrative_entity_id,
        payer,
        period,
        period_start as period_start_date,
        due_date,
        received_date,
        status,
        cast(days_late as integer) as days_late,
        is_suppressed,
        case when not is_suppressed then computed_amount end as computed_amount,
        case when not is_suppressed then invoiced_amount end as invoiced_amount,
        case when not is_suppressed then difference end as difference
    from marked
)

select * from final
