-- One row per period, service category and method: how much of all resource units was
-- found by it (rules section 2).
with rates as (
    select * from {{ ref('int_utilization__unit_methods') }}
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
        category,
        unit_method,
        is_resource,
        is_suppressed,
        case when not is_suppressed then cast(lines as integer) end as lines,
        case when not is_suppressed then cast(units as decimal(18, 4)) end
            as resource_units,
        case when not is_suppressed then cast(share_of_units as decimal(9, 6)) end
            as share_of_units,
        case when not is_suppressed then cast(allowed_amount_usd as decimal(18, 2)) end
            as allowed_amount_usd
    from marked
)

select * from final
