-- One row per payment month, payer and practice in the Women's Health Initiative: the
-- recurring payment to the practice (K-01, K-02, K-09, K-10, D35). The first year
-- counts from the practice's initiation and pays a flat rate; after it the base and the
-- quality part, of the practice's own score in effect, are paid (D36).
with counts as (
    select * from {{ ref('int_payments__whi_counts') }}
    where women > 0
),

months as (
    select * from {{ ref('int_payments__whi_months') }}
),

rates as (
    select * from {{ ref('payment_rates') }}
    where program = 'whi'
),

terms as (
    select * from {{ ref('whi_terms') }}
),

scores as (
    select * from {{ ref('int_quality__scores') }}
    where program = 'whi'
),

first_years as (
    select cast(value as integer) as months
    from terms
    where term = 'first_year'
),

practice_months as (
    select
        months.payment_month,
        months.practice_id,
        max(case when months.is_paid then 1 else 0 end) as factor,
        months.payment_month < cast(
            {{ dbt.dateadd(
                'month', 'max(first_years.months)', 'min(months.initiation_date)'
            ) }} as date
        ) as is_first_year
    from months
    cross join first_years
    group by
        months.payment_month,
        months.practice_id
),

ranked_scores as (
    select
        practice_months.payment_month,
        practice_months.practice_id,
        scores.amount_usd,
        row_number() over (
            partition by practice_months.payment_month, practice_months.practice_id
            order by scores.effective_from_month desc, scores.version desc
        ) as score_rank
    from practice_months
    inner join scores
        on
            practice_months.practice_id = scores.entity_id
            and practice_months.payment_month >= scores.effective_from_month
),

rated as (
    select
        practice_months.payment_month,
        practice_months.practice_id,
        practice_months.factor,
        practice_months.is_first_year,
        max(rates.amount) filter (where rates.component = 'pmpm_first_year')
            as first_year_rate,
        max(rates.amount) filter (where rates.component = 'pmpm_base') as base_rate
    from practice_months
    inner join rates
        on {{ is_in_force('rates', 'practice_months.payment_month') }}
    group by
        practice_months.payment_month,
        practice_months.practice_id,
        practice_months.factor,
        practice_months.is_first_year
),

final as (
    select
        counts.payment_month,
        counts.payer,
        counts.practice_id,
        counts.as_of_date,
        counts.paid_period,
        counts.payment_due_date,
        counts.is_small,
        case when rated.factor = 1 then 'paid' else 'lapsed' end as status,
        case when rated.factor = 1 then counts.paid_women else counts.women end
            as attributed_patients,
        cast(
            case
                when rated.is_first_year then rated.first_year_rate
                else rated.base_rate + coalesce(ranked_scores.amount_usd, 0)
            end as decimal(10, 4)
        ) as rate,
        cast(
            case
                when rated.is_first_year then 0
                else coalesce(ranked_scores.amount_usd, 0)
            end as decimal(10, 4)
        ) as quality_rate,
        cast(rated.factor as decimal(5, 4)) as factor
    from counts
    inner join rated
        on
            counts.payment_month = rated.payment_month
            and counts.practice_id = rated.practice_id
    left join ranked_scores
        on
            counts.payment_month = ranked_scores.payment_month
            and counts.practice_id = ranked_scores.practice_id
            and ranked_scores.score_rank = 1
)

select * from final
where attributed_patients > 0
