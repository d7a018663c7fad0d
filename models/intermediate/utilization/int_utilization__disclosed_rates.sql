-- One row of int_utilization__rates each, and whether it may be told: neither its
-- people nor those who used the service are few, and it is not what is left when the
-- others are taken from a total. Of an entity's ages, types of payers, or both, all are
-- told or none; a level is not told where that would give the people or the users of a
-- part below it back.
{% set levels = [
    ('practice', []),
    ('hsa', [('practice', 'hsa')]),
    ('administrative_entity', [('practice', 'administrative_entity_id')]),
    ('qi_region', [('hsa', 'qi_region')]),
    ('state', [
        ('hsa', "'Vermont'"),
        ('administrative_entity', "'Vermont'"),
        ('qi_region', "'Vermont'"),
    ]),
] -%}
{% set counts = ['people', 'users'] -%}
{% set columns = [
    'period_end', 'age_group', 'payer_type', 'level', 'entity_id', 'category',
    'people', 'users', 'member_months',
    'services', 'services_per_1000', 'services_per_1000_low', 'services_per_1000_high',
    'adjusted_services_per_1000', 'state_services_per_1000',
    'allowed_amount_usd', 'paid_amount_usd', 'allowed_pmpm', 'allowed_pmpm_low',
    'allowed_pmpm_high', 'adjusted_allowed_pmpm', 'state_allowed_pmpm',
    'resource_units', 'resource_units_pmpm', 'state_resource_units_pmpm',
    'resource_index', 'resource_index_low', 'resource_index_high'
] -%}
with rates as (
    select * from {{ ref('int_utilization__rates') }}
),

practices as (
    select * from {{ ref('int_program__practices_as_of') }}
),

hsas as (
    select * from {{ ref('hsas') }}
),

small_cells as (
    select * from {{ ref('disclosure_rules') }}
    where rule = 'small_cell'
),

marked as (
    select
        rates.*,
        coalesce(practices.hsa, hsas.hsa) as hsa,
        practices.administrative_entity_id,
        hsas.qi_region,
        rates.age_group <> 'all' as is_of_an_age,
        rates.payer_type <> 'all' as is_of_a_type,
        small_cells.largest_suppressed_count as largest,
        rates.people between 1 and small_cells.largest_suppressed_count
        or rates.users between 1 and small_cells.largest_suppressed_count as is_small
    from rates
    cross join small_cells
    left join practices
        on
            rates.level = 'practice'
            and rates.period_end = practices.as_of_date
            and rates.entity_id = practices.practice_id
    left join hsas
        on
            rates.level = 'hsa'
            and rates.entity_id = hsas.hsa
),

{% for level, belows in levels -%}
{% for below, key in belows -%}
{% for counted in counts -%}
{{ level }}_hidden_{{ counted }}_of_{{ below }} as (
    select
        period_end,
        age_group,
        payer_type,
        category,
        {{ key }} as entity_id,
        count(*) as cells,
        sum({{ counted }}) as people
    from {{ below }}_told
    where not is_told and {{ counted }} > 0
    group by
        period_end,
        age_group,
        payer_type,
        category,
        {{ key }}
),

{% endfor -%}
{% endfor -%}
{{ level }}_open as (
    select
        marked.*,
        not marked.is_small
        {%- for below, _ in belows %}
        {%- for counted in counts %}
        and {{ is_hidden_part_open(counted ~ '_of_' ~ below) }}
        {%- endfor %}
        {%- endfor %} as is_open
    from marked
    {% for below, _ in belows -%}
    {% for counted in counts -%}
    {% set part = counted ~ '_of_' ~ below -%}
    left join {{ level }}_hidden_{{ part }} as {{ part }}
        on
            marked.period_end = {{ part }}.period_end
            and marked.age_group = {{ part }}.age_group
            and marked.payer_type = {{ part }}.payer_type
            and marked.category = {{ part }}.category
            and marked.entity_id = {{ part }}.entity_id
    {% endfor -%}
    {% endfor -%}
    where marked.level = '{{ level }}'
),

{{ level }}_families as (
    select
        period_end,
        entity_id,
        category,
        is_of_an_age,
        is_of_a_type,
        bool_and(is_open) as is_told
    from {{ level }}_open
    group by
        period_end,
        entity_id,
        category,
        is_of_an_age,
        is_of_a_type
),

{{ level }}_told as (
    select
        open_rates.*,
        families.is_told
    from {{ level }}_open as open_rates
    inner join {{ level }}_families as families
        on
            open_rates.period_end = families.period_end
            and open_rates.entity_id = families.entity_id
            and open_rates.category = families.category
            and open_rates.is_of_an_age = families.is_of_an_age
            and open_rates.is_of_a_type = families.is_of_a_type
),

{% endfor -%}
final as (
    {% for level, _ in levels -%}
    select
        {% for column in columns -%}
        {{ column }},
        {% endfor -%}
        is_small,
        is_told
    from {{ level }}_told
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
)

select * from final
