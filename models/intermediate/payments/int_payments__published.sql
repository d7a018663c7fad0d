-- One row per program, payment month, payer, practice, component and adjustment: what
-- an earlier release published of a month that the run computes too and that has fallen
-- due since. It stands. A month has fallen due when it began by the run's as-of date
-- and is paid on an earlier attribution (design, section 2; A-12).
with earlier as (
    select * from {{ ref('int_landing__earlier_payments') }}
),

payment_months as (
    select * from {{ ref('int_calendar__payment_months') }}
),

runs as (
    select * from {{ ref('int_calendar__run') }}
),

final as (
    select
        earlier.program,
        earlier.payment_month,
        earlier.payer,
        earlier.practice_id,
        earlier.component,
        earlier.adjustment_no,
        earlier.administrative_entity_id,
        earlier.hsa,
        earlier.as_of_date,
        earlier.paid_period,
        earlier.payment_due_date,
        earlier.basis,
        earlier.status,
        earlier.is_policy_gap,
        coalesce(earlier.is_withheld, false) as is_withheld,
        earlier.attributed_patients,
        earlier.base_pppm,
        earlier.quality_pppm,
        earlier.trui_pppm,
        earlier.rate,
        earlier.quality_rate,
        earlier.factor,
        earlier.shared_amount,
        earlier.amount
    from earlier
    inner join payment_months
        on earlier.payment_month = payment_months.payment_month
    inner join runs
        on
            earlier.payment_month <= runs.as_of_date
            and earlier.as_of_date < runs.as_of_date
)

select * from final
