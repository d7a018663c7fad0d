-- One row per period, age group and group of people scored: observed to expected
-- resource units, and R squared of all (rules section 2). Units are told where the
-- table utilization tells them; those of tenths, which it does not have, where their
-- total is told and none is of few people. How many people are scored is told nowhere:
-- beside those attributed it would tell how few are not.
{% set figures = [
    ('observed', 'decimal(18, 4)'), ('expected', 'decimal(18, 4)'),
    ('observed_to_expected', 'decimal(18, 6)'), ('r_squared', 'decimal(18, 6)'),
] -%}
with rates as (
    select * from {{ ref('int_utilization__fit') }}
),

totals as (
    select * from {{ ref('int_utilization__disclosed_rates') }}
    where category = 'total'
),

small_cells as (
    select * from {{ ref('disclosure_rules') }}
    where rule = 'small_cell'
),

told_groups as (
    select
        period_end,
        age_group,
        case
            when level = 'hsa' then 'hsa'
            when payer_type = 'all' then 'all'
            else 'payer_type'
        end as group_kind,
        case
            when level = 'hsa' then entity_id
            else payer_type
        end as group_value,
        is_told
    from totals
    where
        level = 'state'
        or (level = 'hsa' and payer_type = 'all')
),

told_tenths as (
    select
        rates.period_end,
        rates.age_group,
        min(rates.people) > max(small_cells.largest_suppressed_count) as is_told
    from rates
    cross join small_cells
    where rates.group_kind = 'tenth'
    group by
        rates.period_end,
        rates.age_group
),

marked as (
    select
        rates.*,
        not case
            when rates.group_kind = 'tenth'
                then all_told.is_told and told_tenths.is_told
            else told_groups.is_told
        end as is_suppressed
    from rates
    left join told_groups
        on
            rates.period_end = told_groups.period_end
            and rates.age_group = told_groups.age_group
            and rates.group_kind = told_groups.group_kind
            and rates.group_value = told_groups.group_value
    left join told_tenths
        on
            rates.period_end = told_tenths.period_end
            and rates.age_group = told_tenths.age_group
    left join told_groups as all_told
        on
            rates.period_end = all_told.period_end
            and rates.age_group = all_told.age_group
            and all_told.group_kind = 'all'
),

final as (
    select
        period_end,
        age_group,
        group_kind,
        group_value,
        is_suppressed,
        {% for figure, data_type in figures -%}
        case when not is_suppressed then cast({{ figure }} as {{ data_type }}) end
            as {{ figure }}
        {%- if not loop.last %},
        {% endif %}
        {%- endfor %}
    from marked
)

select * from final
