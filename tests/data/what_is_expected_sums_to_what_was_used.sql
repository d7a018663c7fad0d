-- Rules section 2: statewide, what was to be expected is what was used, of each age
-- group and category, but for the rounding of rates.
{% set amounts = ['capped_units', 'allowed_amount_usd', 'services'] -%}
with practice_use as (
    select * from {{ ref('int_utilization__practice_use') }}
),

sums as (
    select
        period_end,
        age_group,
        category,
        {% for amount in amounts -%}
        sum({{ amount }}) as {{ amount }},
        sum(expected_{{ amount }}) as expected_{{ amount }}
        {%- if not loop.last %},
        {% endif %}
        {%- endfor %}
    from practice_use
    group by
        period_end,
        age_group,
        category
)

select *
from sums
where
    false
    {%- for amount in amounts %}
    or abs({{ amount }} - expected_{{ amount }}) > 0.01 + 0.000001 * {{ amount }}
    {%- endfor %}
