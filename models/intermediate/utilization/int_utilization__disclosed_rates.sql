-- One row of int_utilization__rates each, and whether it may be told: neither its
-- people nor those who used the service, scored or not, are few, and it is not what is
-- left when the others are taken from a total. Of an entity's ages, types of payers, or
-- both, all are told or none, and none that add up to a total which is not; a level is
-- not told where that would give the people or the users of a part below it back. Where
-- a category of expenditure is withheld beside its total, a second one is.
-- Administrative entities cross the areas: they are told where they add nothing to what
-- practices and areas tell, and regions where all their areas are, lest the state
-- should have to be withheld for one of them. Types of payers are told where the
-- profiles tell the mix of payers of each population: their people add up to those of
-- the profiles.
{% set levels = [
    ('practice', none, none),
    ('hsa', 'practice', 'hsa'),
    ('state', 'hsa', "'Vermont'"),
] -%}
{% set cell = ['period_end', 'age_group', 'payer_type', 'category'] -%}
{% set family = [
    'period_end', 'entity_id', 'category', 'is_of_an_age', 'is_of_a_type'
] -%}
{% set columns = [
    'period_end', 'age_group', 'payer_type', 'level', 'entity_id', 'category',
    'people', 'scored_people', 'users', 'scored_users', 'member_months',
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

payer_mixes as (
    select
        members.period_end,
        members.level,
        members.entity_id,
        bool_and(members.is_told) as is_told
    from {{ ref('int_profiles__disclosed_members') }} as members
    inner join {{ ref('profile_characteristics') }} as characteristics
        on members.characteristic = characteristics.characteristic
    where characteristics.attribute = 'payer_type'
    group by
        members.period_end,
        members.level,
        members.entity_id
),

categories as (
    select * from {{ ref('service_categories') }}
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
        categories.category_kind = 'total' as is_total,
        categories.category_kind = 'category'
        and categories.is_resource as is_in_total,
        small_cells.largest_suppressed_count as largest,
        coalesce(
            rates.people between 1 and small_cells.largest_suppressed_count
            or rates.scored_people between 1 and small_cells.largest_suppressed_count
            or rates.users between 1 and small_cells.largest_suppressed_count
            or rates.scored_users between 1 and small_cells.largest_suppressed_count,
            false
        ) as is_small,
        rates.payer_type = 'all' or coalesce(payer_mixes.is_told, true) as is_mix_told
    from rates
    cross join small_cells
    inner join categories
        on rates.category = categories.category
    left join payer_mixes
        on {{ are_equal('rates', 'payer_mixes', ['period_end', 'level', 'entity_id']) }}
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

{% for level, below, key in levels -%}
{% if below -%}
{% for counted in ['people', 'users'] -%}
{{ level }}_hidden_{{ counted }} as (
    select
        {{ cell | join(',\n        ') }},
        {{ key }} as entity_id,
        count(*) as cells,
        sum({{ counted }}) as people
    from {{ below }}_told
    where not is_told and {{ counted }} > 0
    group by
        {{ cell | join(',\n        ') }},
        {{ key }}
),

{% endfor -%}
{% endif -%}
{{ level }}_open as (
    select
        marked.*,
        {% if below -%}
        coalesce(hidden_users.cells, 0) as hidden_parts,
        not marked.is_small
        and marked.is_mix_told
        and {{ is_hidden_part_open('hidden_people') }}
        and {{ is_hidden_part_open('hidden_users') }} as is_open
        {%- else -%}
        0 as hidden_parts,
        not marked.is_small and marked.is_mix_told as is_open
        {%- endif %}
    from marked
    {% if below -%}
    {% for counted in ['people', 'users'] -%}
    left join {{ level }}_hidden_{{ counted }} as hidden_{{ counted }}
        on {{ are_equal('marked', 'hidden_' ~ counted, cell + ['entity_id']) }}
    {% endfor -%}
    {% endif -%}
    where marked.level = '{{ level }}'
),

{{ level }}_families as (
    select
        {{ family | join(',\n        ') }},
        bool_and(is_open) as is_open,
        bool_or(is_total) as is_total,
        sum(hidden_parts) as hidden_parts,
        sum(users) as users
    from {{ level }}_open
    group by
        {{ family | join(',\n        ') }}
),

-- What adds up to a total, and the total. That of the categories is among them, so that
-- people, who are the same in each category, are told in all or none.
{{ level }}_lines as (
    select
        {{ columns_of('parts', family) }},
        parts.hidden_parts,
        parts.users,
        bool_and(wholes.is_open) as is_open
    from {{ level }}_families as parts
    inner join {{ level }}_families as wholes
        on
            parts.period_end = wholes.period_end
            and parts.entity_id = wholes.entity_id
            and (parts.category = wholes.category or wholes.is_total)
            and parts.is_of_an_age >= wholes.is_of_an_age
            and parts.is_of_a_type >= wholes.is_of_a_type
    group by
        {{ columns_of('parts', family) }},
        parts.hidden_parts,
        parts.users
),

{{ level }}_judged as (
    select
        open_rates.period_end,
        open_rates.entity_id,
        open_rates.age_group,
        open_rates.payer_type,
        open_rates.category,
        open_rates.is_of_an_age,
        open_rates.is_of_a_type,
        open_rates.is_total,
        open_rates.users,
        open_rates.largest,
        lines.is_open,
        lines.hidden_parts,
        lines.users as users_of_line
    from {{ level }}_open as open_rates
    inner join {{ level }}_lines as lines
        on {{ are_equal('open_rates', 'lines', family) }}
    where
        open_rates.is_total
        or (open_rates.is_in_total and open_rates.users > 0)
),

-- The second category is one that is withheld below, and so is no sum of what is told;
-- of those the least used. If no category will do, the total is withheld.
{{ level }}_ranked as (
    select
        *,
        bool_or(is_total and is_open) over cells as is_total_told,
        count_if(not is_total and not is_open) over cells as closed_cells,
        sum(case when is_total or is_open then 0 else users end) over cells
            as closed_users,
        count(*) over earlier_cells as earlier_cells,
        coalesce(sum(users) over earlier_cells, 0) as earlier_users
    from {{ level }}_judged
    window
        cells as (partition by period_end, entity_id, age_group, payer_type),
        earlier_cells as (
            partition by period_end, entity_id, age_group, payer_type, is_open
            order by is_total, hidden_parts desc, users_of_line, category
            rows between unbounded preceding and 1 preceding
        )
),

{{ level }}_closed_lines as (
    select distinct
        {{ family | join(',\n        ') }},
        is_total
    from {{ level }}_ranked
    where
        is_total_told
        and is_open
        and closed_cells > 0
        and (
            closed_cells + earlier_cells < 2
            or closed_users + earlier_users <= largest
        )
),

{{ level }}_told_lines as (
    select
        {{ columns_of('lines', family) }},
        bool_and(lines.is_open and closed_lines.entity_id is null) as is_told
    from {{ level }}_lines as lines
    left join {{ level }}_closed_lines as closed_lines
        on
            lines.period_end = closed_lines.period_end
            and lines.entity_id = closed_lines.entity_id
            and (lines.category = closed_lines.category or closed_lines.is_total)
            and lines.is_of_an_age >= closed_lines.is_of_an_age
            and lines.is_of_a_type >= closed_lines.is_of_a_type
    group by
        {{ columns_of('lines', family) }}
),

{{ level }}_told as (
    select
        open_rates.*,
        told_lines.is_told
    from {{ level }}_open as open_rates
    inner join {{ level }}_told_lines as told_lines
        on {{ are_equal('open_rates', 'told_lines', family) }}
),

{% endfor -%}
-- What is withheld of an entity in one area must be all that is of the area.
hidden_in_hsas as (
    select
        {{ cell | join(',\n        ') }},
        hsa,
        count(*) as cells
    from practice_told
    where not is_told
    group by
        {{ cell | join(',\n        ') }},
        hsa
),

hidden_in_entities as (
    select
        {{ cell | join(',\n        ') }},
        hsa,
        administrative_entity_id,
        count(*) as cells
    from practice_told
    where not is_told and administrative_entity_id is not null
    group by
        {{ cell | join(',\n        ') }},
        hsa,
        administrative_entity_id
),

closed_entities as (
    select distinct
        {{ columns_of('in_entities', cell) }},
        in_entities.administrative_entity_id
    from hidden_in_entities as in_entities
    inner join hidden_in_hsas as in_hsas
        on {{ are_equal('in_entities', 'in_hsas', cell + ['hsa']) }}
    inner join hsa_told
        on
            {{ are_equal('in_entities', 'hsa_told', cell) }}
            and in_entities.hsa = hsa_told.entity_id
    where in_entities.cells < in_hsas.cells or not hsa_told.is_told
),

closed_regions as (
    select distinct
        {{ cell | join(',\n        ') }},
        qi_region
    from hsa_told
    where not is_told
),

qi_region_told as (
    select
        marked.*,
        not marked.is_small and closed_regions.qi_region is null as is_told
    from marked
    left join closed_regions
        on
            {{ are_equal('marked', 'closed_regions', cell) }}
            and marked.entity_id = closed_regions.qi_region
    where marked.level = 'qi_region'
),

administrative_entity_told as (
    select
        marked.*,
        not marked.is_small
        and closed_entities.administrative_entity_id is null as is_told
    from marked
    left join closed_entities
        on
            {{ are_equal('marked', 'closed_entities', cell) }}
            and marked.entity_id = closed_entities.administrative_entity_id
    where marked.level = 'administrative_entity'
),

final as (
    {% for level in [
        'practice', 'hsa', 'state', 'qi_region', 'administrative_entity'
    ] -%}
    select
        {{ columns | join(',\n        ') }},
        is_small,
        is_told
    from {{ level }}_told
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
)

select * from final
