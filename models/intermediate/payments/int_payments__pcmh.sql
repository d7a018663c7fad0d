-- One row per payment month, payer, practice with attributed patients and adjustment:
-- the PCMH payment of Medicaid and commercial payers (E-01 to E-03, E-07, A-11, A-12,
-- D72). Of a payer that covers people of several types only those of paid types count.
-- A month of extra time in which recognition was not attained is taken back by an
-- adjustment, for payers that choose so (H-08); the payment stays as it was made.
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
        rates.recoup_date,
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
        rates.recoup_date,
        payer_months.paid_period,
        payer_months.payment_due_date,
        rates.base_pppm,
        rates.quality_pppm,
        rates.trui_pppm,
        rates.total_pppm
),

originals as (
    select
        *,
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

-- It is settled with the payment of the month in which the time has run out.
recouped as (
    select
        recoupable.*,
        payer_months.paid_period as settled_period,
        payer_months.payment_due_date as settled_due_date
    from recoupable
    inner join payer_months
        on
            recoupable.payer = payer_months.payer
            and cast({{ dbt.date_trunc('month', 'recoupable.recoup_date') }} as date)
            = payer_months.payment_month
            and not payer_months.is_first_month
    where recoupable.policy_rank = 1 and recoupable.is_recouping
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
        amount
    from originals

    union all

    -- It adds no patients.
    select
        payment_month,
        payer,
        practice_id,
        1 as adjustment_no,
        hsa,
        as_of_date,
        settled_period as paid_period,
        settled_due_date as payment_due_date,
        'adjustment' as basis,
        'recouped' as status,
        0 as attributed_patients,
        -base_pppm as base_pppm,
        -quality_pppm as quality_pppm,
        -trui_pppm as trui_pppm,
        -total_pppm as total_pppm,
        -amount as amount
    from recouped
)

select * from final
