-- One row per payment month, payer and practice with attributed patients: the PCMH
-- payment of Medicaid and commercial payers (E-01 to E-03, E-07, D72). The quality and
-- utilization parts are zero until their indices are computed.
with counts as (
    select * from {{ ref('int_attribution__counts') }}
    where attributed_patients > 0
),

payment_months as (
    select * from {{ ref('int_calendar__payment_months') }}
),

practice_months as (
    select * from {{ ref('int_payments__practice_months') }}
),

payers as (
    select * from {{ ref('int_program__payers_as_of') }}
),

rates as (
    select * from {{ ref('payment_rates') }}
),

base_rates as (
    select
        payment_months.payment_month,
        rates.amount as base_pppm_usd
    from payment_months
    inner join rates
        on
            rates.program = 'pcmh'
            and rates.component = 'base'
            and coalesce(rates.effective_from, payment_months.payment_month)
            <= payment_months.payment_month
            and coalesce(rates.effective_to, payment_months.payment_month)
            >= payment_months.payment_month
),

rated as (
    select
        payment_months.payment_month,
        counts.payer,
        counts.practice_id,
        counts.hsa,
        counts.as_of_date,
        practice_months.status,
        payers.payment_frequency,
        counts.attributed_patients,
        case
            when practice_months.status = 'paid' then base_rates.base_pppm_usd
            else 0
        end as base_pppm_usd
    from counts
    inner join payment_months
        on counts.as_of_date = payment_months.as_of_date
    inner join practice_months
        on
            payment_months.payment_month = practice_months.payment_month
            and counts.practice_id = practice_months.practice_id
    inner join payers
        on
            counts.as_of_date = payers.as_of_date
            and counts.payer = payers.payer
    left join base_rates
        on payment_months.payment_month = base_rates.payment_month
    where counts.program = 'pcmh'
),

parts as (
    select
        *,
        cast(base_pppm_usd as decimal(10, 2)) as base_pppm,
        cast(0 as decimal(10, 2)) as quality_pppm,
        cast(0 as decimal(10, 2)) as trui_pppm
    from rated
),

final as (
    select
        payment_month,
        payer,
        practice_id,
        0 as adjustment_no,
        hsa,
        as_of_date,
        case
            when payment_frequency = 'monthly'
                then
                    cast(extract(year from payment_month) as varchar) || '-'
                    || lpad(
                        cast(extract(month from payment_month) as varchar), 2, '0'
                    )
            else
                cast(extract(year from payment_month) as varchar) || '-Q'
                || cast(extract(quarter from payment_month) as varchar)
        end as paid_period,
        'linear' as basis,
        status,
        attributed_patients,
        base_pppm,
        quality_pppm,
        trui_pppm,
        cast(base_pppm + quality_pppm + trui_pppm as decimal(10, 2)) as total_pppm,
        cast(
            round(
                attributed_patients * (base_pppm + quality_pppm + trui_pppm), 2
            ) as decimal(18, 2)
        ) as amount
    from parts
)

select * from final
