-- One row per landed table: where its rows went. Landed rows are counted where they
-- landed and the others where they ended, so that a row lost on the way shows.
-- Duplicates are among the superseded: a file that was sent twice shows in them.
with quarantine as (
    select * from {{ ref('int_data_quality__quarantine') }}
),

limits as (
    select * from {{ ref('quarantine_limits') }}
),

staged as (
    {% for table in landed_tables() -%}
    select
        '{{ table }}' as landed_table,
        {% if table in ('medical_claim', 'pharmacy_claim') -%}
        count(*) filter (where known_to is null) as staged_rows,
        {%- else -%}
        count(*) filter (where landed_copies > 0) as staged_rows,
        {%- endif %}
        coalesce(sum(landed_copies), 0) as arrived_rows,
        count(*) filter (where landed_copies > 0) as distinct_rows
    from {{ ref('stg_' ~ table) }}
    {% if not loop.last %}
    union all

    {% endif %}
    {%- endfor %}
),

landed as (
    {% for table in landed_tables() -%}
    select
        '{{ table }}' as landed_table,
        count(*) as landed_rows
    from {{ ref(table) }}
    {% if not loop.last %}
    union all

    {% endif %}
    {%- endfor %}
),

quarantined as (
    select
        landed_table,
        sum(landed_copies) as quarantined_rows,
        coalesce(
            sum(landed_copies) filter (where not is_cascade), 0
        ) as own_fault_rows
    from quarantine
    group by landed_table
),

final as (
    select
        landed.landed_table,
        landed.landed_rows,
        staged.staged_rows,
        staged.arrived_rows - staged.staged_rows as superseded_rows,
        staged.arrived_rows - staged.distinct_rows as duplicate_rows,
        coalesce(quarantined.quarantined_rows, 0) as quarantined_rows,
        coalesce(quarantined.own_fault_rows, 0) as own_fault_rows,
        coalesce(quarantined.quarantined_rows - quarantined.own_fault_rows, 0)
            as cascade_rows,
        greatest(
            cast(floor(landed.landed_rows * limits.share_of_rows) as bigint),
            limits.row_floor
        ) as fault_limit_rows
    from landed
    inner join staged
        on landed.landed_table = staged.landed_table
    left join quarantined
        on landed.landed_table = quarantined.landed_table
    cross join limits
)

select * from final
