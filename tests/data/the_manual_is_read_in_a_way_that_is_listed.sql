-- D1, D2, D4, D12: a parameter that is misspelt would be read as if it were not set.
{% set names = [
    'attribution_rule', 'attribution_unit', 'code_policy', 'competing_practices',
    'medicare_0525', 'roster_date',
] %}
with parameters as (
    select * from {{ ref('attribution_parameters') }}
),

chosen as (
    {% for name in names -%}
    select
        '{{ name }}' as parameter,
        '{{ var(name) }}' as chosen_value
    {%- if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
)

select
    coalesce(chosen.parameter, parameters.parameter) as parameter,
    chosen.chosen_value
from chosen
full outer join parameters
    on chosen.parameter = parameters.parameter
where
    chosen.parameter is null
    or parameters.parameter is null
    or chosen.chosen_value
    not in (parameters.default_value, parameters.alternative_value)
