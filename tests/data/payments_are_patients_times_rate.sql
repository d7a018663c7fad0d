-- E-01, E-02: every linear amount is its attributed patients times its rate, which is
-- the sum of its parts. With adjustments, the patients are those of the as-of date that
-- the month uses (D72).
with payments as (
    select * from {{ ref('restricted_pcmh_payments') }}
    where basis = 'linear'
),

counts as (
    select * from {{ ref('restricted_attribution_counts') }}
    where program = 'pcmh'
),

standing as (
    select
        payment_month,
        payer,
        practice_id,
        sum(attributed_patients) as attributed_patients
    from {{ ref('restricted_pcmh_payments') }}
    group by
        payment_month,
        payer,
        practice_id
)

select
    payments.payment_month,
    payments.payer,
    payments.practice_id,
    standing.attributed_patients,
    counts.attributed_patients as counted,
    payments.total_pppm,
    payments.amount
from payments
left join counts
    on
        payments.as_of_date = counts.as_of_date
        and payments.payer = counts.payer
        and payments.practice_id = counts.practice_id
left join standing
    on
        payments.payment_month = standing.payment_month
        and payments.payer = standing.payer
        and payments.practice_id = standing.practice_id
where
    payments.amount is distinct from round(
        payments.attributed_patients * payments.total_pppm, 2
    )
    or payments.total_pppm
    <> payments.base_pppm + payments.quality_pppm + payments.trui_pppm
    or standing.attributed_patients
    is distinct from coalesce(counts.attributed_patients, 0)
