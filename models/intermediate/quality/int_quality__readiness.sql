-- One row per period, measure and payer of people of any program: whether all the
-- tables that the measure needs have landed with rows of that year and payer, and which
-- have not. Results and immunizations land without a payer, and count for every one.
with periods as (
    select * from {{ ref('int_quality__periods') }}
),

people as (
    select * from {{ ref('int_quality__people') }}
),

whi_women as (
    select * from {{ ref('int_quality__whi_women') }}
),

needs as (
    select * from {{ ref('measure_data_needs') }}
),

volumes as (
    select * from {{ ref('int_landing__volumes') }}
    where volume_month is not null
),

payers as (
    select
        period_end,
        payer
    from people

    union

    select
        period_end,
        payer
    from whi_women
),

landed as (
    select
        periods.period_end,
        volumes.landed_table,
        volumes.payer,
        sum(volumes.landed_rows) as landed_rows
    from periods
    inner join volumes
        on
            periods.period_start <= volumes.volume_month
            and periods.period_end >= volumes.volume_month
    group by
        periods.period_end,
        volumes.landed_table,
        volumes.payer
),

asked as (
    select
        payers.period_end,
        needs.measure_id,
        payers.payer,
        needs.landed_table,
        coalesce(sum(landed.landed_rows), 0) > 0 as is_landed
    from payers
    inner join needs
        on {{ is_in_force('needs', 'payers.period_end') }}
    left join landed
        on
            payers.period_end = landed.period_end
            and needs.landed_table = landed.landed_table
            and payers.payer = coalesce(landed.payer, payers.payer)
    group by
        payers.period_end,
        needs.measure_id,
        payers.payer,
        needs.landed_table
),

final as (
    select
        period_end,
        measure_id,
        payer,
        bool_and(is_landed) as is_ready,
        {{ distinct_list("case when not is_landed then landed_table end") }} as lacks
    from asked
    group by
        period_end,
        measure_id,
        payer
)

select * from final
