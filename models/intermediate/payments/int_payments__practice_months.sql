-- One row per payment month and practice: whether the base payment's two conditions
-- hold, recognition (E-03, E-07, D18) and participation in a Community Collaborative
-- (D69), and the status that follows.
with payment_months as (
    select * from {{ ref('int_calendar__payment_months') }}
),

practices as (
    select distinct practice_id from {{ ref('stg_practice') }}
),

recognition as (
    select * from {{ ref('stg_practice_recognition') }}
),

event_effects as (
    select * from {{ ref('recognition_event_effects') }}
),

participation as (
    select distinct
        practice_id,
        calendar_year
    from {{ ref('stg_collaborative_participation') }}
),

months as (
    select
        payment_months.payment_month,
        practices.practice_id
    from payment_months
    cross join practices
),

-- Both a start and an end take effect on the first of the month after their date: pay
-- starts the month after the transmission, and ends with the month of the lapse. Of
-- events on one day a start stands over an end.
ranked_events as (
    select
        months.payment_month,
        months.practice_id,
        recognition.event_date,
        event_effects.is_recognised,
        row_number() over (
            partition by months.payment_month, months.practice_id
            order by
                recognition.event_date desc,
                event_effects.is_recognised desc,
                recognition.event asc
        ) as event_rank
    from months
    inner join recognition
        on
            months.practice_id = recognition.practice_id
            and months.payment_month > recognition.event_date
    inner join event_effects
        on recognition.event = event_effects.event
),

latest_events as (
    select * from ranked_events
    where event_rank = 1
),

first_starts as (
    select
        recognition.practice_id,
        min(recognition.event_date) as first_start_date
    from recognition
    inner join event_effects
        on
            recognition.event = event_effects.event
            and event_effects.is_recognised
    group by recognition.practice_id
),

first_months as (
    select
        practice_id,
        {{ dbt.dateadd(
            'month', 1, dbt.date_trunc('month', 'first_start_date')
        ) }} as first_month
    from first_starts
),

-- An initiative of the calendar year or the year before, or a start within the year.
participating_months as (
    select distinct
        months.payment_month,
        months.practice_id
    from months
    inner join participation
        on
            months.practice_id = participation.practice_id
            and participation.calendar_year
            between extract(year from months.payment_month) - 1
            and extract(year from months.payment_month)
),

conditions as (
    select
        months.payment_month,
        months.practice_id,
        latest_events.event_date as recognition_event_date,
        coalesce(latest_events.is_recognised, false) as is_recognised,
        participating_months.practice_id is not null
        or coalesce(
            extract(year from first_months.first_month)
            = extract(year from months.payment_month),
            false
        ) as is_participating
    from months
    left join latest_events
        on
            months.payment_month = latest_events.payment_month
            and months.practice_id = latest_events.practice_id
    left join first_months
        on months.practice_id = first_months.practice_id
    left join participating_months
        on
            months.payment_month = participating_months.payment_month
            and months.practice_id = participating_months.practice_id
),

final as (
    select
        payment_month,
        practice_id,
        recognition_event_date,
        is_recognised,
        is_participating,
        case
            when not is_recognised and recognition_event_date is null
                then 'not_started'
            when not is_recognised then 'lapsed'
            when not is_participating then 'suspended'
            else 'paid'
        end as status
    from conditions
)

select * from final
