-- One row per payment month, payer, practice with attributed patients and adjustment:
-- the PCMH payment of Medicaid and commercial payers (E-01 to E-03, E-07, D72). Of a
-- payer that covers people of several types only those of paid types count. A month of
-- extra time in which recognition was not attained is taken back by an adjustment, for
-- payers that choose so (H-08); the payment itself stays as it was made.
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
        rates.recoup_date,
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
        rates.recoup_date,
        payers.payment_frequency,
        rates.base_pppm,
        rates.quality_pppm,
        rates.trui_pppm,
        rates.total_pppm
),

originals as (
    select
        payment_month,
        payer,
        practice_id,
        hsa,
        as_of_date,
        payment_frequency,
        status,
        recoup_date,
        attributed_patients,
        base_pppm,
        quality_pppm,
        trui_pppm,
        total_pppm,
        cast(
            round(attributed_patients * total_pppm, 2) as decimal(18, 2)
        ) as amount
    from rated
),

run as (
    select * from {{ ref('int_calendar__run') }}
),

payer_policies as (
    select * from {{ ref('stg_payer_policy') }}
),

-- The payer's choice is that of the day on which the extra time has run out, once the
-- run's as-of date has reached it. Of rows that overlap the latest start stands.
recoupable as (
    select
        originals.*,
        payer_policies.is_recouping,
        row_number() over (
            partition by
                originals.payment_month,
                originals.payer,
                originals.practice_id
            order by
                payer_policies.effective_from desc nulls last,
                payer_policies.is_recouping desc
        ) as policy_rank
    from originals
    inner join run
        on originals.recoup_date <= run.as_of_date
    inner join payer_policies
        on
            originals.payer = payer_policies.payer
            and {{ is_in_force('payer_policies', 'originals.recoup_date') }}
),

payments as (
    select
        payment_month,
        payer,
        practice_id,
        0 as adjustment_no,
        hsa,
        as_of_date,
        payment_month as settled_month,
        payment_frequency,
        'linear' as basis,
        status,
        attributed_patients,
        base_pppm,
        quality_pppm,
        trui_pppm,
        total_pppm,
        amount
    from originals

    union all

    select
        payment_month,
        payer,
        practice_id,
        1 as adjustment_no,
        hsa,
        as_of_date,
        cast({{ dbt.date_trunc('month', 'recoup_date') }} as date) as settled_month,
        payment_frequency,
        'adjustment' as basis,
        'recouped' as status,
        attributed_patients,
        -base_pppm as base_pppm,
        -quality_pppm as quality_pppm,
        -trui_pppm as trui_pppm,
        -total_pppm as total_pppm,
        -amount as amount
    from recoupable
    where policy_rank = 1 and is_recouping
),

final as (
    select
        payment_month,
        payer,
        practice_id,
        adjustment_no,
        hsa,
        as_of_date,
        case
            when payment_frequency = 'monthly'
                then
                    cast(extract(year from settled_month) as varchar) || '-'
                    || lpad(
                        cast(extract(month from settled_month) as varchar), 2, '0'
                    )
            else
                cast(extract(year from settled_month) as varchar) || '-Q'
                || cast(extract(quarter from settled_month) as varchar)
        end as paid_period,
        basis,
        status,
        attributed_patients,
        base_pppm,
        quality_pppm,
        trui_pppm,
        total_pppm,
        amount
    from payments
)

select * from final
