-- One row per period: the parameters of utilization_parameters in force at its end, a
-- column each.
{% set names = [
    'cap_percentile', 'cell_people_least', 'completeness_least', 'completion_lines_least',
    'development_steps',
    'disability_age_below', 'interval_z', 'member_months_least', 'price_lines_least',
    'score_decimals', 'scored_member_years_least'
] -%}
with periods as (
    select * from {{ ref('int_quality__periods') }}
),

parameters as (
    select * from {{ ref('utilization_parameters') }}
),

final as (
    select
        periods.period_end,
        {% for name in names -%}
        max(parameters.value) filter (where parameters.parameter = '{{ name }}')
            as {{ name }}
        {%- if not loop.last %},
        {% endif %}
        {%- endfor %}
    from periods
    inner join parameters
        on {{ is_in_force('parameters', 'periods.period_end') }}
    group by periods.period_end
)

select * from final
