-- One row per payment month, payer and practice with attributed patients: the PCMH
-- payment of Medicaid and commercial payers (E-01 to E-03, E-07, A-11, A-12, D72). Of a
-- payer that covers people of several types only those of paid types count.
with counts as (
    select * from {{ ref('int_attribution__counts_by_type') }}
    where program = 'pcmh'
),

payer_months as (
    select * from {{ ref('int_payments__payer_months') }}
),

practice_months as (
    select * from {{ ref('int_payments__practice_months') }}
),

rates as (
    select * from {{ ref('int_payments__pcmh_rates') }}
),

-- The run's first month begins a quarter, so that a first month found in the middle of
-- one follows months before the start.
first_months as (
    select
        practice_id,
        min(payment_month) as first_month
    from practice_months
    where status <> 'not_started'
    group by practice_id
),

rated as (
    select
        payer_months.payment_month,
        counts.payer,
        counts.practice_id,
        counts.hsa,
        counts.as_of_date,
        rates.status,
        payer_months.paid_period,
        payer_months.payment_due_date,
        rates.base_pppm,
        rates.quality_pppm,
        rates.trui_pppm,
        rates.total_pppm,
        sum(counts.attributed_patients) as attributed_patients
    from counts
    left join first_months
        on counts.practice_id = first_months.practice_id
    inner join payer_months
        on
            counts.as_of_date = payer_months.as_of_date
            and counts.payer = payer_months.payer
            and coalesce(first_months.first_month = payer_months.payment_month, false)
            = payer_months.is_first_month
    inner join rates
        on
            payer_months.payment_month = rates.payment_month
            and counts.practice_id = rates.practice_id
            and counts.payer_type = rates.payer_type
    group by
        payer_months.payment_month,
        counts.payer,
        counts.practice_id,
        counts.hsa,
        counts.as_of_date,
        rates.status,
        payer_months.paid_period,
        payer_months.payment_due_date,
        rates.base_pppm,
        rates.quality_pppm,
        rates.trui_pppm,
        rates.total_pppm
),

final as (
    select
        payment_month,
        payer,
        practice_id,
        0 as adjustment_no,
        hsa,
        as_of_date,
        paid_period,
        payment_due_date,
        'linear' as basis,
        status,
        attributed_patients,
        base_pppm,
        quality_pppm,
        trui_pppm,
        total_pppm,
        cast(
            round(attributed_patients * total_pppm, 2) as decimal(18, 2)
        ) as amount
    from rated
)

select * from final
