-- One row per payment month, payer and practice with attributed patients: the PCMH
-- payment of Medicaid and commercial payers (E-01 to E-03, E-07, D72). Of a payer that
-- covers people of several types only those of paid types count.
with counts as (
    select * from {{ ref('int_attribution__counts_by_type') }}
    where program = 'pcmh'
),

payment_months as (
    select * from {{ ref('int_calendar__payment_months') }}
),

payers as (
    select * from {{ ref('int_program__payers_as_of') }}
),

rates as (
    select * from {{ ref('int_payments__pcmh_rates') }}
),

rated as (
    select
        payment_months.payment_month,
        counts.payer,
        counts.practice_id,
        counts.hsa,
        counts.as_of_date,
        rates.status,
        payers.payment_frequency,
        rates.base_pppm,
        rates.quality_pppm,
        rates.trui_pppm,
        rates.total_pppm,
        sum(counts.attributed_patients) as attributed_patients
    from counts
    inner join payment_months
        on counts.as_of_date = payment_months.as_of_date
    inner join rates
        on
            payment_months.payment_month = rates.payment_month
            and counts.practice_id = rates.practice_id
            and counts.payer_type = rates.payer_type
    inner join payers
        on
            counts.as_of_date = payers.as_of_date
            and counts.payer = payers.payer
    group by
        payment_months.payment_month,
        counts.payer,
        counts.practice_id,
        counts.hsa,
        counts.as_of_date,
        rates.status,
        payers.payment_frequency,
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
        total_pppm,
        cast(
            round(attributed_patients * total_pppm, 2) as decimal(18, 2)
        ) as amount
    from rated
)

select * from final
