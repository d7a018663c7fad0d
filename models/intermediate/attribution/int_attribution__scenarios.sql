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

final as (
    select
        readings.scenario,
        {% for name in names -%}
        max(case when chosen.parameter = '{{ name }}' then
            case
                when readings.scenario = '{{ name }}' then chosen.other_value
                else chosen.chosen_value
            end
        end) as {{ name }}{{ ',' if not loop.last }}
        {% endfor %}
    from readings
    cross join chosen
    group by readings.scenario
)

select * from final
