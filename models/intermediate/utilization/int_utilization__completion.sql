-- One row per period, payer and month of service in it: what was allowed for services
-- of the month and known at the cutoff of scores, how many 30-day steps of run-out it
-- had, and the share of what it will come to that this makes, as earlier months of the
-- payer grew from step to step (chain ladder over all final claim lines, whoever the
-- patient is; rules section 5). A payer with few lines says too little of its run-out
-- to keep a period from being scored. Lines without a paid date were always known, and
-- say that the month is complete. A payer is as complete as all its months together,
-- and not at all if one of them cannot be told.
with periods as (
    select * from {{ ref('int_quality__periods') }}
),

parameters as (
    select * from {{ ref('int_utilization__parameters') }}
),

run as (
    select * from {{ ref('int_calendar__run') }}
),

-- People that the payer covers in the period, whose amounts these are.
covered as (
    select
        periods.period_end,
        eligibility.payer,
        count(distinct eligibility.person_id) as people
    from {{ ref('stg_eligibility') }} as eligibility
    inner join periods
        on
            eligibility.enrollment_start_date <= periods.period_end
            and coalesce(eligibility.enrollment_end_date, periods.period_start)
            >= periods.period_start
    group by
        periods.period_end,
        eligibility.payer
),

-- What a run knows ends with the last paid claim, if that is before the cutoff.
known_days as (
    select
        periods.period_end,
        periods.period_start,
        cast(parameters.development_steps as integer) as development_steps,
        parameters.completeness_least,
        parameters.completion_lines_least,
        case
            when run.paid_through_date < periods.score_cutoff_date
                then run.paid_through_date
            else periods.score_cutoff_date
        end as known_day
    from periods
    inner join parameters
        on periods.period_end = parameters.period_end
    cross join run
),

amounts as (
    {% for relation, day in [
        ('stg_medical_claim', 'service_date'),
        ('stg_pharmacy_claim', 'dispensing_date'),
    ] -%}
    select
        payer,
        cast({{ dbt.last_day(day, 'month') }} as date) as month_end,
        known_from,
        known_to,
        sum(allowed_amount_usd) as allowed_amount_usd,
        count(*) as lines
    from {{ ref(relation) }}
    where
        not is_denied
        and not is_reversal
        and allowed_amount_usd > 0
    group by
        payer,
        cast({{ dbt.last_day(day, 'month') }} as date),
        known_from,
        known_to
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
),

-- Steps after the month of service: 0 is until its end.
stepped as (
    select
        known_days.period_end,
        known_days.period_start,
        known_days.known_day,
        known_days.development_steps,
        known_days.completeness_least,
        known_days.completion_lines_least,
        amounts.payer,
        amounts.month_end,
        amounts.allowed_amount_usd,
        amounts.lines,
        case
            when amounts.known_from is null or amounts.known_from <= amounts.month_end
                then 0
            else
                cast(
                    ceil(
                        {{ dbt.datediff(
                            'amounts.month_end', 'amounts.known_from', 'day'
                        ) }}
                        / 30.0
                    ) as integer
                )
        end as step,
        cast(
            floor(
                {{ dbt.datediff('amounts.month_end', 'known_days.known_day', 'day') }}
                / 30.0
            ) as integer
        ) as last_step
    from amounts
    inner join known_days
        on
            amounts.month_end <= known_days.period_end
            and {{ was_known('amounts', 'known_days.known_day') }}
),

months as (
    select
        period_end,
        period_start,
        payer,
        month_end,
        step,
        development_steps,
        completeness_least,
        completion_lines_least,
        case
            when last_step > development_steps then development_steps
            else last_step
        end as last_step,
        sum(allowed_amount_usd) as allowed_amount_usd,
        sum(lines) as lines
    from stepped
    group by
        period_end,
        period_start,
        payer,
        month_end,
        step,
        development_steps,
        completeness_least,
        completion_lines_least,
        case
            when last_step > development_steps then development_steps
            else last_step
        end
),

steps as (
    select
        period_end,
        {{ each_number('0', 'development_steps') }} as step
    from known_days
),

-- How much of each month there was by each step that can be seen in full.
grown as (
    select
        months.period_end,
        months.payer,
        months.month_end,
        months.last_step,
        steps.step,
        sum(months.allowed_amount_usd) filter (where months.step <= steps.step)
            as allowed_amount_usd
    from months
    inner join steps
        on
            months.period_end = steps.period_end
            and months.last_step >= steps.step
    group by
        months.period_end,
        months.payer,
        months.month_end,
        months.last_step,
        steps.step
),

followed as (
    select
        *,
        lead(allowed_amount_usd) over (
            partition by period_end, payer, month_end
            order by step
        ) as next_amount_usd
    from grown
),

factors as (
    select
        period_end,
        payer,
        step,
        cast(sum(next_amount_usd) as double)
        / nullif(sum(allowed_amount_usd) filter (where next_amount_usd is not null), 0)
            as growth
    from followed
    group by
        period_end,
        payer,
        step
),

-- The growth from a step on is the product of the steps that follow.
completions as (
    select
        period_end,
        payer,
        step,
        cast(
            round(
                exp(
                    -sum(ln(coalesce(growth, 1))) over (
                        partition by period_end, payer
                        order by step desc
                        rows between unbounded preceding and current row
                    )
                ),
                6
            ) as decimal(9, 6)
        ) as completion_factor
    from factors
),

observed as (
    select
        period_end,
        payer,
        month_end,
        last_step,
        completeness_least,
        completion_lines_least,
        sum(allowed_amount_usd) as allowed_amount_usd,
        sum(lines) as lines
    from months
    where month_end >= period_start
    group by
        period_end,
        payer,
        month_end,
        last_step,
        completeness_least,
        completion_lines_least
),

estimated as (
    select
        observed.period_end,
        observed.payer,
        cast({{ dbt.date_trunc('month', 'observed.month_end') }} as date)
            as service_month,
        observed.last_step as run_out_steps,
        observed.allowed_amount_usd,
        coalesce(completions.completion_factor, 0) as completion_factor,
        observed.completeness_least,
        observed.completion_lines_least,
        observed.lines,
        coalesce(covered.people, 0) as people,
        cast(
            round(
                observed.allowed_amount_usd
                / nullif(cast(completions.completion_factor as double), 0),
                2
            ) as decimal(18, 2)
        ) as completed_amount_usd
    from observed
    left join completions
        on
            observed.period_end = completions.period_end
            and observed.payer = completions.payer
            and observed.last_step = completions.step
    left join covered
        on
            observed.period_end = covered.period_end
            and observed.payer = covered.payer
),

payers as (
    select
        period_end,
        payer,
        case
            when count(*) = count(completed_amount_usd)
                then
                    cast(
                        round(
                            cast(sum(allowed_amount_usd) as double)
                            / sum(completed_amount_usd),
                            6
                        ) as decimal(9, 6)
                    )
            else 0
        end as payer_completeness,
        sum(lines) < max(completion_lines_least) as has_too_few_lines
    from estimated
    group by
        period_end,
        payer
),

final as (
    select
        estimated.*,
        payers.payer_completeness,
        payers.has_too_few_lines
        or payers.payer_completeness >= estimated.completeness_least
            as is_complete_enough
    from estimated
    inner join payers
        on
            estimated.period_end = payers.period_end
            and estimated.payer = payers.payer
)

select * from final
