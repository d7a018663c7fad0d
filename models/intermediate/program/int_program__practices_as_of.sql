-- One row per as-of date and practice: what the practice was on that day. Where no
-- period of it is in force, the nearest one stands for it, so that a roster row never
-- meets a practice without a name.
with practices as (
    select * from {{ ref('stg_practice') }}
),

as_of_dates as (
    select * from {{ ref('int_calendar__as_of_dates') }}
),

participation as (
    select * from {{ ref('stg_whi_participation') }}
),

-- The Women's Health Initiative counts a practice from the day on which its attestation
-- was confirmed; lapses act on payment, not here (C-05, D67).
attested as (
    select
        practice_id,
        min(event_date) as attested_date
    from participation
    where event = 'attestation_confirmed'
    group by practice_id
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
        ranked.as_of_date,
        ranked.practice_id,
        ranked.practice_name,
        ranked.hsa,
        ranked.town,
        ranked.parent_organization,
        ranked.administrative_entity_id,
        ranked.practice_type,
        ranked.is_fqhc,
        ranked.is_rhc,
        ranked.is_340b,
        coalesce(attested.attested_date <= ranked.as_of_date, false)
            as is_whi_attested
    from ranked
    left join attested
        on ranked.practice_id = attested.practice_id
    where ranked.period_rank = 1
)

select * from final
