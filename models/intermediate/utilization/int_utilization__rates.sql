-- One row per period, age group (and all), type of payer (and all), level, entity and
-- service category, indicator or total: what people with coverage used in the year, per
-- member and month or per 1,000 member-years, as it is and adjusted to the state's mix
-- of cases, with intervals of 95 % (rules section 3). Resource units are those that the
-- index scores, under the cap: beside any others the two would tell of the few people
-- who are capped or not scored. A practice's people count for its Health Service Area,
-- region and administrative entity. Indicators count services and have no money and no
-- units.
{% set months_of_year = 12 -%}
{% set sums = [
    'people', 'scored_people', 'users', 'scored_users',
    'months', 'scored_months', 'months_squared',
    'capped_units', 'expected_capped_units',
    'allowed_amount_usd', 'allowed_amount_usd_squared', 'allowed_amount_usd_months',
    'expected_allowed_amount_usd', 'paid_amount_usd',
    'services', 'services_squared', 'services_months', 'expected_services'
] -%}
{% set rates = [
    ('allowed_amount_usd', 'allowed_pmpm', '1'),
    ('services', 'services_per_1000', 1000 * months_of_year),
] -%}
with practice_use as (
    select * from {{ ref('int_utilization__practice_use') }}
),

practice_entities as (
    select * from {{ ref('int_utilization__practice_entities') }}
),

spread as (
    select * from {{ ref('int_utilization__spread') }}
),

categories as (
    select * from {{ ref('service_categories') }}
),

parameters as (
    select * from {{ ref('int_utilization__parameters') }}
),

keyed as (
    select
        practice_use.*,
        practice_entities.level,
        practice_entities.entity_id
    from practice_use
    inner join practice_entities
        on
            practice_use.period_end = practice_entities.period_end
            and practice_use.practice_id = practice_entities.practice_id
),

entities as (
    {% for age_group, payer_type in [
        ("'all'", "'all'"), ("'all'", 'payer_type'), ('age_group', "'all'"),
        ('age_group', 'payer_type')
    ] -%}
    select
        period_end,
        {{ age_group }} as counted_age_group,
        {{ payer_type }} as counted_payer_type,
        level,
        entity_id,
        category,
        {% for column in sums -%}
        sum({{ column }}) as {{ column }}
        {%- if not loop.last %},
        {% endif %}
        {%- endfor %}
    from keyed
    group by
        period_end,
        {{ age_group }},
        {{ payer_type }},
        level,
        entity_id,
        category
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
),

-- A rate is a ratio of sums over people, and so is its variance.
rated as (
    select
        entities.*,
        parameters.interval_z,
        {% for amount, name, _ in rates -%}
        cast(entities.{{ amount }} as double) / nullif(entities.months, 0)
            as {{ name }},
        cast(entities.{{ amount }} as double)
        / nullif(entities.expected_{{ amount }}, 0) as {{ name }}_ratio,
        case
            when entities.people > 1 and entities.months > 0
                then
                    sqrt(
                        greatest(
                            cast(entities.{{ amount }}_squared as double)
                            - 2.0 * entities.{{ amount }} / entities.months
                            * entities.{{ amount }}_months
                            + 1.0 * entities.{{ amount }} / entities.months
                            * entities.{{ amount }} / entities.months
                            * entities.months_squared,
                            0
                        ) * entities.people / (entities.people - 1)
                    ) / entities.months
        end as {{ name }}_error,
        {% endfor -%}
        cast(entities.capped_units as double)
        / nullif(entities.scored_months, 0) as units_pmpm,
        cast(entities.capped_units as double)
        / nullif(entities.expected_capped_units, 0) as unit_ratio,
        sqrt(cast(spread.variance as double))
        / nullif(entities.expected_capped_units, 0) as unit_ratio_error
    from entities
    inner join parameters
        on entities.period_end = parameters.period_end
    left join spread
        on
            entities.period_end = spread.period_end
            and entities.counted_age_group = spread.age_group
            and entities.counted_payer_type = spread.payer_type
            and entities.level = spread.level
            and entities.entity_id = spread.entity_id
            and entities.category = spread.category
),

states as (
    select
        period_end,
        counted_age_group,
        counted_payer_type,
        category,
        scored_months,
        units_pmpm,
        unit_ratio,
        {% for _, name, _ in rates -%}
        {{ name }},
        {{ name }}_ratio
        {%- if not loop.last %},
        {% endif %}
        {%- endfor %}
    from rated
    where level = 'state'
),

compared as (
    select
        rated.*,
        categories.category_kind <> 'indicator' as has_amounts,
        states.units_pmpm as state_units_pmpm,
        {% for _, name, _ in rates -%}
        states.{{ name }} as state_{{ name }},
        states.{{ name }} * rated.{{ name }}_ratio / nullif(states.{{ name }}_ratio, 0)
            as adjusted_{{ name }},
        case
            when rated.{{ name }} > rated.interval_z * rated.{{ name }}_error
                then rated.{{ name }} - rated.interval_z * rated.{{ name }}_error
            when rated.{{ name }}_error is not null then 0
        end as {{ name }}_low,
        rated.{{ name }} + rated.interval_z * rated.{{ name }}_error as {{ name }}_high,
        {% endfor -%}
        rated.unit_ratio / nullif(states.unit_ratio, 0) as resource_index,
        case
            when rated.scored_months < states.scored_months
                then
                    rated.interval_z
                    * rated.unit_ratio_error
                    / nullif(states.unit_ratio, 0)
        end as resource_index_margin
    from rated
    inner join states
        on
            rated.period_end = states.period_end
            and rated.counted_age_group = states.counted_age_group
            and rated.counted_payer_type = states.counted_payer_type
            and rated.category = states.category
    inner join categories
        on rated.category = categories.category
),

-- Who has all the months of the state is 1 by construction, and has no interval.
bounded as (
    select
        *,
        case
            when resource_index > resource_index_margin
                then resource_index - resource_index_margin
            when resource_index_margin is not null then 0
        end as resource_index_low,
        resource_index + resource_index_margin as resource_index_high
    from compared
),

final as (
    select
        period_end,
        counted_age_group as age_group,
        counted_payer_type as payer_type,
        level,
        entity_id,
        people,
        scored_people,
        users,
        scored_users,
        months as member_months,
        services,
        case when has_amounts then allowed_amount_usd end as allowed_amount_usd,
        case when has_amounts then paid_amount_usd end as paid_amount_usd,
        case when has_amounts then capped_units end as resource_units,
        {% for name, value, decimals in [
            ('resource_units_pmpm', 'units_pmpm', 4),
            ('state_resource_units_pmpm', 'state_units_pmpm', 4),
            ('resource_index', 'resource_index', 6),
            ('resource_index_low', 'resource_index_low', 6),
            ('resource_index_high', 'resource_index_high', 6),
        ] -%}
        case
            when has_amounts
                then
                    cast(
                        round({{ value }}, {{ decimals }})
                        as decimal(18, {{ decimals }})
                    )
        end as {{ name }},
        {% endfor -%}
        {% for amount, name, per in rates -%}
        {% for prefix, suffix in [
            ('', ''), ('adjusted_', ''), ('', '_low'), ('', '_high'), ('state_', '')
        ] -%}
        case
            when {{ 'true' if amount == 'services' else 'has_amounts' }}
                then
                    cast(
                        round({{ prefix }}{{ name }}{{ suffix }} * {{ per }}, 4)
                        as decimal(18, 4)
                    )
        end as {{ prefix }}{{ name }}{{ suffix }},
        {% endfor -%}
        {% endfor -%}
        category
    from bounded
)

select * from final
