-- One row per payment month, payer and whether it is a practice's first paid month: the
-- as-of date whose attribution is paid on, with which period the payer pays, and by
-- when that is due (A-09, A-11, A-12, D27, D72). How often a payer attributes and pays
-- is its policy on the first of the month. To a practice whose first month is the
-- quarter's third, a quarterly payer pays that month with the next quarter, on the next
-- quarter's attribution.
with payment_months as (
    select * from {{ ref('int_calendar__payment_months') }}
),

policies as (
    select * from {{ ref('stg_payer_policy') }}
),

frequencies as (
    select * from {{ ref('payment_frequencies') }}
),

usual_frequency as (
    select * from {{ ref('payment_frequencies') }}
    where is_usual
),

deadlines as (
    select * from {{ ref('program_deadlines') }}
    where rule_id = 'A-11'
),

-- Of rows that overlap the latest start stands.
ranked_policies as (
    select
        payment_months.payment_month,
        policies.payer,
        policies.attribution_frequency,
        policies.payment_frequency,
        row_number() over (
            partition by payment_months.payment_month, policies.payer
            order by policies.effective_from desc nulls last
        ) as policy_rank
    from payment_months
    inner join policies
        on {{ is_in_force('policies', 'payment_months.payment_month') }}
),

months as (
    select
        ranked_policies.payment_month,
        ranked_policies.payer,
        cast(extract(month from ranked_policies.payment_month) as integer) - 1
            as months_of_the_year_before,
        coalesce(
            attributing.months_attributed_together,
            usual_frequency.months_attributed_together
        ) as months_attributed_together,
        coalesce(paying.frequency, usual_frequency.frequency) as payment_frequency,
        coalesce(paying.months_paid_together, usual_frequency.months_paid_together)
            as months_paid_together,
        case
            when paying.frequency is null then usual_frequency.month_paid_next_time
            else paying.month_paid_next_time
        end as month_paid_next_time
    from ranked_policies
    cross join usual_frequency
    left join frequencies as attributing
        on
            ranked_policies.attribution_frequency = attributing.frequency
            and {{ is_in_force('attributing', 'ranked_policies.payment_month') }}
    left join frequencies as paying
        on
            ranked_policies.payment_frequency = paying.frequency
            and {{ is_in_force('paying', 'ranked_policies.payment_month') }}
    where ranked_policies.policy_rank = 1
),

first_or_later as (
    select
        *,
        false as is_first_month,
        0 as periods_later
    from months

    union all

    select
        *,
        true as is_first_month,
        case
            when
                months_of_the_year_before % months_paid_together + 1
                >= month_paid_next_time
                then 1
            else 0
        end as periods_later
    from months
),

periods as (
    select
        *,
        cast(
            {{ dbt.dateadd(
                'month',
                'periods_later * months_attributed_together'
                ' - months_of_the_year_before % months_attributed_together',
                'payment_month'
            ) }} as date
        ) as attributed_from,
        cast(
            {{ dbt.dateadd(
                'month',
                'periods_later * months_paid_together'
                ' - months_of_the_year_before % months_paid_together',
                'payment_month'
            ) }} as date
        ) as paid_from
    from first_or_later
),

final as (
    select
        periods.payment_month,
        periods.payer,
        periods.is_first_month,
        cast({{ dbt.dateadd('day', -1, 'periods.attributed_from') }} as date)
            as as_of_date,
        periods.payment_frequency,
        {{ paid_period('periods.payment_frequency', 'periods.paid_from') }}
            as paid_period,
        case
            when periods.payment_frequency <> 'monthly'
                then
                    cast(
                        {{ dbt.dateadd(
                            'day', 'deadlines.due_day - 1', dbt.dateadd(
                                'month', 'deadlines.months_after', 'periods.paid_from'
                            )
                        ) }} as date
                    )
        end as payment_due_date
    from periods
    left join deadlines
        on {{ is_in_force('deadlines', 'periods.paid_from') }}
)

select * from final
