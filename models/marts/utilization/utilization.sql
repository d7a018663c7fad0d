-- One row per period, age group (and all), type of payer (and all), level, entity and
-- service category, indicator or total: what people used in the year (rules section 3).
-- Cells of few people are suppressed, and what would give them back.
{% set figures = [
    ('people', 'integer'), ('users', 'integer'), ('member_months', 'integer'),
    ('services', 'decimal(18, 4)'),
    ('services_per_1000', 'decimal(18, 4)'),
    ('services_per_1000_low', 'decimal(18, 4)'),
    ('services_per_1000_high', 'decimal(18, 4)'),
    ('adjusted_services_per_1000', 'decimal(18, 4)'),
    ('state_services_per_1000', 'decimal(18, 4)'),
    ('allowed_amount_usd', 'decimal(18, 2)'), ('paid_amount_usd', 'decimal(18, 2)'),
    ('allowed_pmpm', 'decimal(18, 4)'),
    ('allowed_pmpm_low', 'decimal(18, 4)'), ('allowed_pmpm_high', 'decimal(18, 4)'),
    ('adjusted_allowed_pmpm', 'decimal(18, 4)'),
    ('state_allowed_pmpm', 'decimal(18, 4)'),
    ('resource_units', 'decimal(18, 4)'), ('resource_units_pmpm', 'decimal(18, 4)'),
    ('state_resource_units_pmpm', 'decimal(18, 4)'),
    ('resource_index', 'decimal(18, 6)'),
    ('resource_index_low', 'decimal(18, 6)'),
    ('resource_index_high', 'decimal(18, 6)'),
] -%}
with rates as (
    select * from {{ ref('int_utilization__disclosed_rates') }}
),

marked as (
    select
        *,
        not is_told as is_suppressed
    from rates
),

states as (
    select
        period_end,
        age_group,
        payer_type,
        category,
        is_told as is_state_told
    from rates
    where level = 'state'
),

final as (
    select
        marked.period_end,
        marked.age_group,
        marked.payer_type,
        marked.level,
        marked.entity_id,
        marked.category,
        marked.is_suppressed,
        {% for figure, data_type in figures -%}
        case
            {% if figure.startswith('state_') -%}
            when states.is_state_told
            {%- else -%}
            when not marked.is_suppressed
            {%- endif %}
                then cast(marked.{{ figure }} as {{ data_type }})
        end as {{ figure }}
        {%- if not loop.last %},
        {% endif %}
        {%- endfor %}
    from marked
    inner join states
        on
            marked.period_end = states.period_end
            and marked.age_group = states.age_group
            and marked.payer_type = states.payer_type
            and marked.category = states.category
)

select * from final
