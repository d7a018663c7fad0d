-- One row per reading of the manual: `default`, by the parameters of the run, and for
-- each parameter the reading that differs in it alone (D1, D2, D4, D12).
{%- set names = [
    'attribution_rule',
    'attribution_unit',
    'code_policy',
    'competing_practices',
    'medicare_0525',
    'roster_date',
] %}
with parameters as (
    select * from {{ ref('attribution_parameters') }}
),

chosen as (
    {% for name in names -%}
    select
        parameter,
        '{{ var(name) }}' as chosen_value,
        case
            when '{{ var(name) }}' = default_value then alternative_value
            else default_value
        end as other_value
    from parameters
    where parameter = '{{ name }}'
    {%- if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
),

readings as (
    select 'default' as scenario
    union all
    select parameter as scenario from chosen
),

read_values as (
    select
        readings.scenario,
        chosen.parameter,
        case
            when readings.scenario = chosen.parameter then chosen.other_value
            else chosen.chosen_value
        end as read_as
    from readings
    cross join chosen
),

final as (
    select
        scenario,
        {% for name in names -%}
        max(case when parameter = '{{ name }}' then read_as end) as {{ name }}
        {%- if not loop.last %},
        {% endif %}
        {%- endfor %}
    from read_values
    group by scenario
)

select * from final
