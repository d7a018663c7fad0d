-- One row per period, payer and month of service in it with claims or coverage: what
-- was allowed for services of the month and known at the cutoff of scores, how many
-- 30-day steps of run-out it had, and the share of what it will come to that this
-- makes, as earlier months of the payer grew from step to step (chain ladder over all
-- final claim lines, whoever the patient is; rules section 5). A payer with few lines
-- says too little of its run-out to keep a period from being scored. Lines without a
-- paid date were always known, and say that the month is complete. A payer is as
-- complete as all its months together, and not at all if one of them cannot be told:
-- such is a month without claims of a payer whose people would have had lines enough
-- at its own rate.
{% set months_of_year = 12 -%}
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

-- Rows of coverage of a payer that begin in a month, less those that ended before it:
-- added up to a month they are the rows that cover somebody in it.
coverage_changes as (
    select
        payer,
        cast({{ dbt.last_day('enrollment_start_date', 'month') }} as date)
            as month_end,
        count(*) as change
    from {{ ref('stg_eligibility') }}
    group by
        payer,
        cast({{ dbt.last_day('enrollment_start_date', 'month') }} as date)

    union all

    select
        payer,
        cast(
            {{ dbt.last_day(
                dbt.dateadd('month', 1, 'enrollment_end_date'), 'month'
            ) }} as date
        ) as month_end,
        -count(*) as change
    from {{ ref('stg_eligibility') }}
    where enrollment_end_date is not null
    group by
        payer,
        cast(
            {{ dbt.last_day(
                dbt.dateadd('month', 1, 'enrollment_end_date'), 'month'
            ) }} as date
        )
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
        known_days.development_steps,
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
        payer,
        month_end,
        step,
        case
            when last_step > development_steps then development_steps
            else last_step
        end as last_step,
        sum(allowed_amount_usd) as allowed_amount_usd,
        sum(lines) as lines
    from stepped
    group by
        period_end,
        payer,
        month_end,
        step,
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

-- Months of the period, and earlier ones with claims, with the lines that were known.
claim_months as (
    select
        period_end,
        payer,
        month_end,
        sum(allowed_amount_usd) as allowed_amount_usd,
        sum(lines) as lines
    from months
    group by
        period_end,
        payer,
        month_end
),

period_months as (
    select
        period_end,
        period_start,
        {{ each_number('0', dbt.datediff('period_start', 'period_end', 'month')) }}
            as number
    from known_days
),

covering_payers as (
    select distinct payer from coverage_changes
),

payer_months as (
    select
        period_months.period_end,
        covering_payers.payer,
        cast(
            {{ dbt.last_day(
                dbt.dateadd('month', 'number', 'period_months.period_start'), 'month'
            ) }} as date
        ) as month_end
    from period_months
    cross join covering_payers

    union

    select
        period_end,
        payer,
        month_end
    from claim_months
),

covered_months as (
    select
        payer_months.period_end,
        payer_months.payer,
        payer_months.month_end,
        coalesce(sum(coverage_changes.change), 0) as coverages
    from payer_months
    left join coverage_changes
        on
            payer_months.payer = coverage_changes.payer
            and payer_months.month_end >= coverage_changes.month_end
    group by
        payer_months.period_end,
        payer_months.payer,
        payer_months.month_end
),

-- The lines that a row of coverage has in a month, in the payer's months with claims.
line_rates as (
    select
        covered_months.period_end,
        covered_months.payer,
        cast(sum(claim_months.lines) as double)
        / nullif(sum(covered_months.coverages), 0) as lines_per_coverage
    from covered_months
    inner join claim_months
        on
            covered_months.period_end = claim_months.period_end
            and covered_months.payer = claim_months.payer
            and covered_months.month_end = claim_months.month_end
    where covered_months.coverages > 0
    group by
        covered_months.period_end,
        covered_months.payer
),

observed as (
    select
        covered_months.period_end,
        covered_months.payer,
        covered_months.month_end,
        least(
            cast(
                floor(
                    {{ dbt.datediff(
                        'covered_months.month_end', 'known_days.known_day', 'day'
                    ) }}
                    / 30.0
                ) as integer
            ),
            known_days.development_steps
        ) as last_step,
        known_days.completeness_least,
        known_days.completion_lines_least,
        coalesce(claim_months.allowed_amount_usd, 0) as allowed_amount_usd,
        coalesce(claim_months.lines, 0) as lines,
        claim_months.lines is null
        and coalesce(
            covered_months.coverages * line_rates.lines_per_coverage
            * {{ months_of_year }} >= known_days.completion_lines_least,
            false
        ) as is_silent
    from covered_months
    inner join known_days
        on
            covered_months.period_end = known_days.period_end
            and covered_months.month_end >= known_days.period_start
    left join claim_months
        on
            covered_months.period_end = claim_months.period_end
            and covered_months.payer = claim_months.payer
            and covered_months.month_end = claim_months.month_end
    left join line_rates
        on
            covered_months.period_end = line_rates.period_end
            and covered_months.payer = line_rates.payer
    where claim_months.lines is not null or covered_months.coverages > 0
),

estimated as (
    select
        observed.period_end,
        observed.payer,
        cast({{ dbt.date_trunc('month', 'observed.month_end') }} as date)
            as service_month,
        observed.last_step as run_out_steps,
        observed.allowed_amount_usd,
        case
            when observed.is_silent then 0
            else coalesce(completions.completion_factor, 0)
        end as completion_factor,
        observed.is_silent,
        observed.completeness_least,
        observed.completion_lines_least,
        observed.lines,
        coalesce(covered.people, 0) as people,
        case
            when observed.is_silent then null
            when observed.lines = 0 then 0
            else
                cast(
                    round(
                        observed.allowed_amount_usd
                        / nullif(cast(completions.completion_factor as double), 0),
                        2
                    ) as decimal(18, 2)
                )
        end as completed_amount_usd
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
                            / nullif(sum(completed_amount_usd), 0),
                            6
                        ) as decimal(9, 6)
                    )
            else 0
        end as payer_completeness,
        sum(lines) < max(completion_lines_least) and not bool_or(is_silent)
            as has_too_few_lines
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
