-- One row per period, age group and group of people scored: observed to expected
-- resource units, and R squared of all (rules section 2).
with rates as (
    select * from {{ ref('int_utilization__fit') }}
),

small_cells as (
    select * from {{ ref('disclosure_rules') }}
    where rule = 'small_cell'
),

marked as (
    select
        rates.*,
        rates.people between 1 and small_cells.largest_suppressed_count
            as is_suppressed
    from rates
    cross join small_cells
),

final as (
    select
        period_end,
        age_group,
        group_kind,
        group_value,
        is_suppressed,
        case when not is_suppressed then cast(people as integer) end as people,
        case when not is_suppressed then cast(member_months as integer) end
            as member_months,
        case when not is_suppressed then cast(observed as decimal(18, 4)) end
            as observed,
        case when not is_suppressed then cast(expected as decimal(18, 4)) end
            as expected,
        case
            when not is_suppressed
                then cast(observed_to_expected as decimal(18, 6))
        end
            as observed_to_expected,
        case when not is_suppressed then cast(r_squared as decimal(18, 6)) end
            as r_squared
    from marked
)

select * from final
