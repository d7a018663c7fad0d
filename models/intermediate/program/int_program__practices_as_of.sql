-- One row per as-of date and practice: what the practice was on that day. Where no
-- period of it is in force, the nearest one stands for it, so that a roster row never
-- meets a practice without a name.
with practices as (
    select * from {{ ref('stg_practice') }}
),

as_of_dates as (
    select * from {{ ref('int_calendar__as_of_dates') }}
),

ranked as (
    select
        as_of_dates.as_of_date,
        practices.*,
        row_number() over (
            partition by as_of_dates.as_of_date, practices.practice_id
            order by
                case
                    when
                        coalesce(practices.start_date, as_of_dates.as_of_date)
                        > as_of_dates.as_of_date then 3
                    when
                        coalesce(practices.end_date, as_of_dates.as_of_date)
                        < as_of_dates.as_of_date then 2
                    else 1
                end,
                case
                    when practices.start_date > as_of_dates.as_of_date
                        then practices.start_date
                end nulls first,
                practices.start_date desc nulls last
        ) as period_rank
    from practices
    cross join as_of_dates
),

final as (
    select
        as_of_date,
        practice_id,
        practice_name,
        hsa,
        town,
        parent_organization,
        administrative_entity_id,
        practice_type,
        is_fqhc,
        is_rhc,
        is_340b
    from ranked
    where period_rank = 1
)

select * from final
