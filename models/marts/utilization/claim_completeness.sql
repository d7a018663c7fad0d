-- One row per period, payer and month of service: how complete its claims were when
-- the period was scored (rules section 5). Amounts of payers with few
-- people are suppressed.
with months as (
    select * from {{ ref('int_utilization__completion') }}
),

small_cells as (
    select * from {{ ref('disclosure_rules') }}
    where rule = 'small_cell'
),

final as (
    select
        months.period_end,
        months.payer,
        months.service_month,
        months.people between 1 and small_cells.largest_suppressed_count
            as is_suppressed,
        cast(months.run_out_steps as integer) as run_out_steps,
        case
            when not (months.people between 1 and small_cells.largest_suppressed_count)
                then cast(months.lines as integer)
        end as lines,
        case
            when not (months.people between 1 and small_cells.largest_suppressed_count)
                then cast(months.allowed_amount_usd as decimal(18, 2))
        end as allowed_amount_usd,
        cast(months.completion_factor as decimal(9, 6)) as completion_factor,
        case
            when not (months.people between 1 and small_cells.largest_suppressed_count)
                then cast(months.completed_amount_usd as decimal(18, 2))
        end as completed_amount_usd,
        months.is_complete_enough
    from months
    cross join small_cells
)

select * from final
