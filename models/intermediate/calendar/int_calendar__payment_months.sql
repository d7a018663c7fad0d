-- One row per payment month: the months of a quarter use the as-of date at the end of
-- the quarter before (D72). An as-of date inside a quarter pays nothing.
with as_of_dates as (
    select * from {{ ref('int_calendar__as_of_dates') }}
),

quarter_ends as (
    select
        as_of_date,
        cast({{ dbt.dateadd('day', 1, 'as_of_date') }} as date) as quarter_start
    from as_of_dates
),

final as (
    {% for month in range(3) -%}
    select
        cast({{ dbt.dateadd('month', month, 'quarter_start') }} as date)
            as payment_month,
        as_of_date
    from quarter_ends
    where quarter_start = cast({{ dbt.date_trunc('quarter', 'quarter_start') }} as date)
    {% if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
)

select * from final
