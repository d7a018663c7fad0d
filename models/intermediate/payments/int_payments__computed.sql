-- One row per program, payment month, payer, practice, component and adjustment: what
-- the run computes of every payment (E-01, F-01, K-01), and whether the payment is
-- open: no release has published it yet, or not before it fell due. What an adjustment
-- counts is the patients whom it adds. Whether a payment is small is said where more is
-- known of it than the count of its own row.
with pcmh as (
    select * from {{ ref('int_payments__pcmh') }}
),

cht as (
    select * from {{ ref('int_payments__cht') }}
),

whi as (
    select * from {{ ref('int_payments__whi') }}
),

published as (
    select * from {{ ref('int_payments__published') }}
),

runs as (
    select * from {{ ref('int_calendar__run') }}
),

payments as (
    select
        'pcmh' as program,
        payment_month,
        payer,
        practice_id,
        'pppm' as component,
        cast(adjustment_no as integer) as adjustment_no,
        cast(null as varchar) as administrative_entity_id,
        hsa,
        as_of_date,
        paid_period,
        payment_due_date,
        basis,
        status,
        false as is_policy_gap,
        cast(attributed_patients as integer) as attributed_patients,
        base_pppm,
        quality_pppm,
        trui_pppm,
        cast(total_pppm as decimal(18, 4)) as rate,
        cast(null as decimal(18, 4)) as quality_rate,
        cast(1 as decimal(18, 4)) as factor,
        cast(null as decimal(18, 2)) as shared_amount,
        amount,
        false as is_small,
        cast(null as decimal(18, 2)) as largest_small_amount
    from pcmh

    union all

    select
        'cht' as program,
        payment_month,
        payer,
        practice_id,
        'cht' as component,
        cast(adjustment_no as integer) as adjustment_no,
        administrative_entity_id,
        hsa,
        as_of_date,
        paid_period,
        payment_due_date,
        basis,
        status,
        is_policy_gap,
        cast(attributed_patients as integer) as attributed_patients,
        cast(null as decimal(10, 2)) as base_pppm,
        cast(null as decimal(10, 2)) as quality_pppm,
        cast(null as decimal(10, 2)) as trui_pppm,
        cast(pppm as decimal(18, 4)) as rate,
        cast(null as decimal(18, 4)) as quality_rate,
        cast(factor as decimal(18, 4)) as factor,
        cast(null as decimal(18, 2)) as shared_amount,
        amount,
        is_small,
        cast(largest_small_amount as decimal(18, 2)) as largest_small_amount
    from cht

    union all

    select
        'whi' as program,
        payment_month,
        payer,
        practice_id,
        component,
        cast(adjustment_no as integer) as adjustment_no,
        administrative_entity_id,
        hsa,
        as_of_date,
        paid_period,
        payment_due_date,
        basis,
        status,
        false as is_policy_gap,
        cast(attributed_patients as integer) as attributed_patients,
        cast(null as decimal(10, 2)) as base_pppm,
        cast(null as decimal(10, 2)) as quality_pppm,
        cast(null as decimal(10, 2)) as trui_pppm,
        cast(rate as decimal(18, 4)) as rate,
        cast(quality_rate as decimal(18, 4)) as quality_rate,
        cast(factor as decimal(18, 4)) as factor,
        shared_amount,
        amount,
        is_small,
        cast(null as decimal(18, 2)) as largest_small_amount
    from whi
),

published_months as (
    select distinct
        program,
        payment_month
    from published
),

published_payments as (
    select distinct
        program,
        payment_month,
        payer,
        practice_id,
        component
    from published
),

-- A payment of a published month that is paid on the run's own attribution waited for
-- it (A-12): it is no correction, unless the payment was published before.
final as (
    select
        payments.*,
        published_months.payment_month is null
        or (
            payments.as_of_date = runs.as_of_date
            and published_payments.payment_month is null
        ) as is_open
    from payments
    cross join runs
    left join published_months
        on
            payments.program = published_months.program
            and payments.payment_month = published_months.payment_month
    left join published_payments
        on
            payments.program = published_payments.program
            and payments.payment_month = published_payments.payment_month
            and payments.payer = published_payments.payer
            and payments.practice_id = published_payments.practice_id
            and payments.component = published_payments.component
)

select * from final
