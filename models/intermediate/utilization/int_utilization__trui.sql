-- One row per period, age group (and all) and practice with people measured: resource
-- units under the cap, those to be expected of its people, and the Total Resource
-- Utilization Index, their ratio to the state's, with its interval of 95 %; the
-- quartile among the practices scored, by count and ascending, where equal scores take
-- the better one; and the dollars per patient and month of all ages together (E-06).
-- Too few member-years, or claims that have not come in yet, are not scored; then the
-- dollars are those of the last score, in the run or else before it, or none.
{% set months_of_year = 12 -%}
with practice_use as (
    select * from {{ ref('int_utilization__practice_use') }}
),

categories as (
    select * from {{ ref('service_categories') }}
    where category_kind = 'total'
),

practice_months as (
    select * from {{ ref('int_utilization__practice_months') }}
),

spread as (
    select spread.*
    from {{ ref('int_utilization__spread') }} as spread
    semi join categories
        on spread.category = categories.category
    where spread.level = 'practice' and spread.payer_type = 'all'
),

parameters as (
    select * from {{ ref('int_utilization__parameters') }}
),

completeness as (
    select * from {{ ref('int_utilization__completeness') }}
),

periods as (
    select * from {{ ref('int_quality__periods') }}
),

levels as (
    select * from {{ ref('trui_levels') }}
),

practices as (
    select * from {{ ref('int_program__practices_as_of') }}
),

earlier_levels as (
    select * from {{ ref('int_landing__earlier_trui_levels') }}
),

units as (
    select
        practice_use.period_end,
        practice_use.age_group,
        practice_use.practice_id,
        sum(practice_use.capped_units) as observed,
        sum(practice_use.expected_capped_units) as expected
    from practice_use
    semi join categories
        on practice_use.category = categories.category
    group by
        practice_use.period_end,
        practice_use.age_group,
        practice_use.practice_id
),

months as (
    select
        period_end,
        age_group,
        practice_id,
        sum(scored_people) as scored_people,
        sum(scored_member_months) as member_months
    from practice_months
    group by
        period_end,
        age_group,
        practice_id
),

of_age_groups as (
    select
        months.period_end,
        months.age_group,
        months.practice_id,
        months.scored_people,
        months.member_months,
        coalesce(units.observed, 0) as observed,
        coalesce(units.expected, 0) as expected,
        coalesce(spread.variance, 0) as variance
    from months
    left join units
        on
            months.period_end = units.period_end
            and months.age_group = units.age_group
            and months.practice_id = units.practice_id
    left join spread
        on
            months.period_end = spread.period_end
            and months.age_group = spread.age_group
            and months.practice_id = spread.entity_id
),

{% set sums = [
    'scored_people', 'member_months', 'observed', 'expected', 'variance'
] -%}
entities as (
    {% for age_group in ['age_group', "'all'"] -%}
    select
        period_end,
        {{ age_group }} as counted_age_group,
        practice_id,
        {% for column in sums -%}
        sum({{ column }}) as {{ column }}
        {%- if not loop.last %},
        {% endif %}
        {%- endfor %}
    from of_age_groups
    group by
        period_end,
        {{ age_group }},
        practice_id
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
),

states as (
    select
        period_end,
        counted_age_group,
        cast(sum(observed) as double) / nullif(sum(expected), 0) as ratio
    from entities
    group by
        period_end,
        counted_age_group
),

indexed as (
    select
        entities.*,
        parameters.score_decimals,
        parameters.interval_z,
        cast(entities.observed as double) / nullif(entities.expected, 0)
        / nullif(states.ratio, 0) as ratio,
        sqrt(cast(entities.variance as double)) / nullif(entities.expected, 0)
        / nullif(states.ratio, 0) as standard_error,
        case
            when not completeness.is_complete then 'incomplete_claims'
            when
                entities.member_months / {{ months_of_year }}
                < parameters.scored_member_years_least
                then 'too_few_member_years'
            when coalesce(entities.expected, 0) = 0 then 'nothing_expected'
            else 'scored'
        end as score_status
    from entities
    inner join states
        on
            entities.period_end = states.period_end
            and entities.counted_age_group = states.counted_age_group
    inner join parameters
        on entities.period_end = parameters.period_end
    inner join completeness
        on entities.period_end = completeness.period_end
),

scored as (
    select
        *,
        cast(round(ratio, cast(score_decimals as integer)) as decimal(18, 6)) as trui,
        cast(
            round(
                case
                    when ratio > interval_z * standard_error
                        then ratio - interval_z * standard_error
                    else 0
                end,
                cast(score_decimals as integer)
            ) as decimal(18, 6)
        ) as ci_low,
        cast(
            round(
                ratio + interval_z * standard_error, cast(score_decimals as integer)
            ) as decimal(18, 6)
        ) as ci_high
    from indexed
),

-- Quarters of the practices by count; those at the same score are moved to the best
-- quarter that one of them is in.
counted as (
    select
        period_end,
        counted_age_group,
        practice_id,
        trui,
        ntile(4) over (
            partition by period_end, counted_age_group
            order by trui, practice_id
        ) as quarter
    from scored
    where score_status = 'scored'
),

quartiles as (
    select
        period_end,
        counted_age_group,
        practice_id,
        min(quarter) over (
            partition by period_end, counted_age_group, trui
        ) as quartile
    from counted
),

paid as (
    select
        scored.*,
        quartiles.quartile,
        case
            when scored.counted_age_group = 'all' then levels.amount_usd
        end as quartile_usd
    from scored
    left join quartiles
        on
            scored.period_end = quartiles.period_end
            and scored.counted_age_group = quartiles.counted_age_group
            and scored.practice_id = quartiles.practice_id
    left join levels
        on
            quartiles.quartile = levels.quartile
            and {{ is_in_force('levels', 'scored.period_end') }}
),

-- The last level is that of the last half-year that scored the practice.
kept as (
    select
        paid.period_end,
        paid.practice_id,
        max_by(earlier.quartile_usd, earlier.period_end) as last_usd
    from paid
    inner join paid as earlier
        on
            paid.practice_id = earlier.practice_id
            and paid.period_end >= earlier.period_end
            and earlier.counted_age_group = 'all'
            and earlier.quartile_usd is not null
    inner join periods as earlier_periods
        on
            earlier.period_end = earlier_periods.period_end
            and (earlier_periods.is_half_year or paid.period_end = earlier.period_end)
    where paid.counted_age_group = 'all'
    group by
        paid.period_end,
        paid.practice_id
),

-- What the last release told of periods of this run is scored anew, and does not count.
first_periods as (
    select min(period_end) as first_period_end
    from periods
),

kept_from_before as (
    select
        earlier_levels.practice_id,
        max_by(earlier_levels.amount_usd, earlier_levels.level_date) as last_usd
    from earlier_levels
    inner join first_periods
        on earlier_levels.level_date < first_periods.first_period_end
    group by earlier_levels.practice_id
),

final as (
    select
        paid.period_end,
        paid.counted_age_group as age_group,
        paid.practice_id,
        practices.hsa,
        paid.scored_people,
        cast(paid.member_months / {{ months_of_year }} as decimal(18, 4))
            as member_years,
        cast(paid.observed as decimal(18, 4)) as observed,
        cast(paid.expected as decimal(18, 4)) as expected,
        paid.score_status,
        case when paid.score_status = 'scored' then paid.trui end as trui,
        case when paid.score_status = 'scored' then paid.ci_low end as ci_low,
        case when paid.score_status = 'scored' then paid.ci_high end as ci_high,
        paid.quartile,
        case
            when paid.counted_age_group = 'all'
                then
                    coalesce(
                        paid.quartile_usd, kept.last_usd, kept_from_before.last_usd
                    )
        end as amount_usd,
        cast(
            {{ dbt.dateadd('month', 7, dbt.date_trunc('month', 'paid.period_end')) }}
            as date
        ) as effective_from_month
    from paid
    left join kept
        on
            paid.period_end = kept.period_end
            and paid.practice_id = kept.practice_id
    left join kept_from_before
        on paid.practice_id = kept_from_before.practice_id
    left join practices
        on
            paid.period_end = practices.as_of_date
            and paid.practice_id = practices.practice_id
)

select * from final
