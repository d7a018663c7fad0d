-- One row per payment month, practice and type of payer that pays: the parts of the
-- PCMH payment per patient, zero where the practice is not paid (E-01 to E-03, E-05 to
-- E-07). Medicare pays none. Quality is that of the practice's Health Service Area on
-- the as-of date that the month pays for, by the last score in effect, utilization the
-- practice's own; before the first one that the run computes both are zero. A month of
-- extra time has the rates and scores of the last month before it (H-07).
with practice_months as (
    select
        *,
        coalesce(rate_month, payment_month) as rated_month,
        status in ('paid', 'extended') as is_paid
    from {{ ref('int_payments__practice_months') }}
),

rates as (
    select * from {{ ref('payment_rates') }}
    where program = 'pcmh' and component = 'base'
),

payment_months as (
    select * from {{ ref('int_calendar__payment_months') }}
),

practices as (
    select * from {{ ref('int_program__practices_as_of') }}
),

scores as (
    select * from {{ ref('int_quality__scores') }}
    where program = 'pcmh'
),

-- A practice that is new within the quarter is where it is by the end of it (A-12).
located as (
    select
        practice_months.payment_month,
        practice_months.practice_id,
        practice_months.rated_month,
        practices.hsa,
        row_number() over (
            partition by practice_months.payment_month, practice_months.practice_id
            order by practices.as_of_date
        ) as nearness
    from practice_months
    inner join payment_months
        on practice_months.payment_month = payment_months.payment_month
    inner join practices
        on
            practice_months.practice_id = practices.practice_id
            and payment_months.as_of_date <= practices.as_of_date
            and {{ dbt.last_day('practice_months.payment_month', 'quarter') }}
            >= practices.as_of_date
),

quality as (
    select
        located.payment_month,
        located.practice_id,
        scores.amount_usd,
        row_number() over (
            partition by located.payment_month, located.practice_id
            order by scores.effective_from_month desc
        ) as score_rank
    from located
    inner join scores
        on
            located.hsa = scores.entity_id
            and located.nearness = 1
            and located.rated_month >= scores.effective_from_month
),

indices as (
    select * from {{ ref('int_utilization__trui') }}
    where age_group = 'all'
),

half_years as (
    select * from {{ ref('int_quality__periods') }}
    where is_half_year
),

indices_in_effect as (
    select
        practice_months.payment_month,
        practice_months.practice_id,
        indices.amount_usd,
        row_number() over (
            partition by practice_months.payment_month, practice_months.practice_id
            order by indices.effective_from_month desc
        ) as index_rank
    from practice_months
    inner join indices
        on
            practice_months.practice_id = indices.practice_id
            and practice_months.rated_month >= indices.effective_from_month
    inner join half_years
        on indices.period_end = half_years.period_end
),

final as (
    select
        practice_months.payment_month,
        practice_months.practice_id,
        rates.payer_type,
        practice_months.status,
        practice_months.recoup_date,
        cast(
            case when practice_months.is_paid then rates.amount else 0 end
            as decimal(10, 2)
        ) as base_pppm,
        cast(
            case
                when practice_months.is_paid
                    then coalesce(quality.amount_usd, 0)
                else 0
            end as decimal(10, 2)
        ) as quality_pppm,
        cast(
            case
                when practice_months.is_paid
                    then coalesce(indices_in_effect.amount_usd, 0)
                else 0
            end as decimal(10, 2)
        ) as trui_pppm
    from practice_months
    inner join rates
        on {{ is_in_force('rates', 'practice_months.rated_month') }}
    left join quality
        on
            practice_months.payment_month = quality.payment_month
            and practice_months.practice_id = quality.practice_id
            and quality.score_rank = 1
    left join indices_in_effect
        on
            practice_months.payment_month = indices_in_effect.payment_month
            and practice_months.practice_id = indices_in_effect.practice_id
            and indices_in_effect.index_rank = 1
)

select
    *,
    cast(base_pppm + quality_pppm + trui_pppm as decimal(10, 2)) as total_pppm
from final
