-- One row per period, practice and service category that is a resource, of all ages
-- together: why the practice's resource units per member and month differ from the
-- state's. What its people used beyond what was to be expected of them is use; what was
-- to be expected beyond the state's is case mix; the parts of all categories add up to
-- the difference. Users are those scored.
with practice_use as (
    select * from {{ ref('int_utilization__practice_use') }}
),

categories as (
    select * from {{ ref('service_categories') }}
    where is_resource and category_kind <> 'indicator'
),

totals as (
    select * from {{ ref('int_utilization__practice_months') }}
),

months as (
    select
        period_end,
        practice_id,
        sum(scored_member_months) as months
    from totals
    group by
        period_end,
        practice_id
),

practices as (
    select
        practice_use.period_end,
        practice_use.practice_id,
        practice_use.category,
        categories.category_kind,
        sum(practice_use.scored_users) as users,
        sum(practice_use.capped_units) as observed,
        sum(practice_use.expected_capped_units) as expected
    from practice_use
    inner join categories
        on practice_use.category = categories.category
    group by
        practice_use.period_end,
        practice_use.practice_id,
        practice_use.category,
        categories.category_kind
),

states as (
    select
        practices.period_end,
        practices.category,
        sum(practices.observed) as observed,
        sum(months.months) as months
    from practices
    inner join months
        on
            practices.period_end = months.period_end
            and practices.practice_id = months.practice_id
    group by
        practices.period_end,
        practices.category
),

final as (
    select
        practices.period_end,
        practices.practice_id,
        practices.category,
        practices.category_kind,
        practices.users,
        months.months as member_months,
        {% for name, value in [
            ('observed_pmpm', 'cast(practices.observed as double) / months.months'),
            ('expected_pmpm', 'cast(practices.expected as double) / months.months'),
            ('state_pmpm', 'cast(states.observed as double) / states.months'),
        ] -%}
        cast(round({{ value }}, 6) as decimal(18, 6)) as {{ name }}
        {%- if not loop.last %},
        {% endif %}
        {%- endfor %}
    from practices
    inner join months
        on
            practices.period_end = months.period_end
            and practices.practice_id = months.practice_id
    inner join states
        on
            practices.period_end = states.period_end
            and practices.category = states.category
    where months.months > 0
)

select
    *,
    observed_pmpm - state_pmpm as difference_pmpm,
    observed_pmpm - expected_pmpm as use_pmpm,
    expected_pmpm - state_pmpm as case_mix_pmpm
from final
