-- A figure of a profile, and the state's beside it, is the figure of the mart that it
-- comes from, told where that is told (rules section 3).
with profiles as (
    select
        period_end,
        'hsa' as level,
        hsa as entity_id,
        population,
        measure_id,
        value,
        state_value
    from {{ ref('hsa_profiles') }}

    union all

    select
        period_end,
        'practice' as level,
        practice_id as entity_id,
        population,
        measure_id,
        value,
        state_value
    from {{ ref('practice_profiles') }}
),

lines as (
    select * from {{ ref('profile_lines') }}
),

utilization as (
    select * from {{ ref('utilization') }}
    where payer_type = 'all'
),

quality as (
    select * from {{ ref('quality_measures') }}
    where payer_type = 'all'
),

indices as (
    select * from {{ ref('trui') }}
    where age_group = 'all'
),

quality_indices as (
    select * from {{ ref('quality_index') }}
),

figures as (
    {% for figure in ['allowed_pmpm', 'services_per_1000', 'resource_index'] -%}
    select
        'utilization' as source_mart,
        period_end,
        age_group as population,
        level,
        entity_id,
        category as source_key,
        '{{ figure }}' as figure,
        cast({{ figure }} as decimal(18, 6)) as value
    from utilization

    union all

    {% endfor -%}
    {% for population in ['adult', 'pediatric'] -%}
    select
        'quality' as source_mart,
        period_end,
        '{{ population }}' as population,
        level,
        entity_id,
        measure_id as source_key,
        'rate' as figure,
        rate as value
    from quality

    union all

    {% endfor -%}
    {% for figure in ['quartile', 'pppm'] -%}
    select
        'trui' as source_mart,
        period_end,
        'all' as population,
        'practice' as level,
        practice_id as entity_id,
        '{{ figure }}' as source_key,
        '{{ figure }}' as figure,
        {{ figure }} as value
    from indices

    union all

    {% endfor -%}
    {% for figure in ['points', 'pppm'] -%}
    select
        'quality_index' as source_mart,
        period_end,
        'all' as population,
        'hsa' as level,
        hsa as entity_id,
        '{{ figure }}' as source_key,
        '{{ figure }}' as figure,
        cast({{ figure }} as decimal(18, 6)) as value
    from quality_indices
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
),

compared as (
    select distinct
        source_mart,
        source_key,
        figure
    from figures
),

shown as (
    select
        profiles.*,
        lines.source_mart,
        lines.source_key,
        lines.figure
    from profiles
    inner join lines
        on profiles.measure_id = lines.measure_id
    inner join compared
        on
            lines.source_mart = compared.source_mart
            and lines.source_key = compared.source_key
            and lines.figure = compared.figure
),

final as (
    select
        shown.period_end,
        shown.level,
        shown.entity_id,
        shown.population,
        shown.measure_id,
        shown.value,
        figures.value as value_of_the_mart,
        shown.state_value,
        states.value as state_value_of_the_mart
    from shown
    left join figures
        on
            shown.source_mart = figures.source_mart
            and shown.source_key = figures.source_key
            and shown.figure = figures.figure
            and shown.period_end = figures.period_end
            and shown.population = figures.population
            and shown.level = figures.level
            and shown.entity_id = figures.entity_id
    left join figures as states
        on
            shown.source_mart = states.source_mart
            and shown.source_key = states.source_key
            and shown.figure = states.figure
            and shown.period_end = states.period_end
            and shown.population = states.population
            and states.level = 'state'
    where
        shown.value is distinct from figures.value
        or shown.state_value is distinct from states.value
)

select * from final
