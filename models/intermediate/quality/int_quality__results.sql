-- One row per period, measure and person of every measure that asks whether the last
-- result in its months is within a threshold (`design` = result), or else whether it
-- was followed up: HbA1c, LDL, blood pressure, body mass, tobacco, depression. A result
-- may have parts (systolic and diastolic), all of one day. Who has none counts as the
-- measure says: in the numerator, outside it, or not at all.
with people as (
    select * from {{ ref('int_quality__eligible_people') }}
    where design = 'result'
),

value_set_windows as (
    select * from {{ ref('int_quality__value_set_windows') }}
    where design = 'result' and role in ('result', 'met', 'not met')
),

result_events as (
    select * from {{ ref('int_quality__result_events') }}
),

parameters as (
    select * from {{ ref('int_quality__parameters') }}
),

settings as (
    select
        period_end,
        measure_id,
        coalesce(
            max(value) filter (where parameter = 'one_reading_of_the_day_suffices') = 1,
            false
        ) as one_reading_suffices,
        coalesce(
            max(value) filter (where parameter = 'missing_is_in_numerator') = 1, false
        ) as missing_is_in_numerator,
        coalesce(
            max(value) filter (where parameter = 'missing_is_left_out') = 1, false
        ) as missing_is_left_out,
        cast(
            max(value) filter (where parameter = 'follow_up_days_before') as integer
        ) as follow_up_days_before,
        cast(
            max(value) filter (where parameter = 'follow_up_days_after') as integer
        ) as follow_up_days_after
    from parameters
    group by
        period_end,
        measure_id
),

parts as (
    select
        value_set_windows.period_end,
        value_set_windows.measure_id,
        count(distinct value_set_windows.part) as parts
    from value_set_windows
    group by
        value_set_windows.period_end,
        value_set_windows.measure_id
),

-- Of several readings of one day the lowest is the day's, where one that is low enough
-- suffices; else all of them are to be within the threshold.
days as (
    select
        result_events.period_end,
        result_events.measure_id,
        result_events.person_id,
        result_events.part,
        result_events.event_date,
        case
            when coalesce(bool_or(settings.one_reading_suffices), false)
                then bool_or(result_events.is_met)
            else bool_and(result_events.is_met)
        end as is_met,
        min(result_events.result) as value,
        min({
            'has_no_number': result_events.result is null,
            'value': result_events.result,
            'record_id': result_events.record_id,
            'code': result_events.code
        }) as first_event
    from result_events
    left join settings
        on
            result_events.period_end = settings.period_end
            and result_events.measure_id = settings.measure_id
    where result_events.role <> 'follow-up'
    group by
        result_events.period_end,
        result_events.measure_id,
        result_events.person_id,
        result_events.part,
        result_events.event_date
),

-- A day with one of the parts only says nothing.
whole_days as (
    select
        days.period_end,
        days.measure_id,
        days.person_id,
        days.event_date,
        bool_and(days.is_met) as is_met,
        min_by(days.value, days.part) as value,
        min_by(days.first_event, days.part) as first_event
    from days
    inner join parts
        on
            days.period_end = parts.period_end
            and days.measure_id = parts.measure_id
    group by
        days.period_end,
        days.measure_id,
        days.person_id,
        days.event_date
    having count(*) = max(parts.parts)
),

ranked as (
    select
        *,
        row_number() over (
            partition by period_end, measure_id, person_id
            order by event_date desc
        ) as day_rank
    from whole_days
),

last_days as (
    select
        *,
        struct_extract(first_event, 'record_id') as record_id,
        struct_extract(first_event, 'code') as code
    from ranked
    where day_rank = 1
),

follow_ups as (
    select
        last_days.period_end,
        last_days.measure_id,
        last_days.person_id,
        min_by(
            result_events.record_id,
            (result_events.event_date, result_events.record_id, result_events.code)
        ) as record_id,
        min(result_events.event_date) as event_date,
        min_by(
            result_events.code,
            (result_events.event_date, result_events.record_id, result_events.code)
        ) as code
    from last_days
    left join settings
        on
            last_days.period_end = settings.period_end
            and last_days.measure_id = settings.measure_id
    inner join result_events
        on
            last_days.period_end = result_events.period_end
            and last_days.measure_id = result_events.measure_id
            and last_days.person_id = result_events.person_id
    where
        result_events.role = 'follow-up'
        and not last_days.is_met
        and {{ dbt.datediff(
            'result_events.event_date', 'last_days.event_date', 'day'
        ) }} <= coalesce(settings.follow_up_days_before, 99999)
        and {{ dbt.datediff(
            'last_days.event_date', 'result_events.event_date', 'day'
        ) }} <= coalesce(settings.follow_up_days_after, 99999)
    group by
        last_days.period_end,
        last_days.measure_id,
        last_days.person_id
),

final as (
    select
        people.period_end,
        people.measure_id,
        people.person_id,
        'person' as event_id,
        cast(1 as decimal(9, 6)) as weight,
        case
            when last_days.person_id is null and settings.missing_is_left_out
                then 'no result recorded'
        end as exclusion_reason,
        case
            when last_days.person_id is null
                then coalesce(settings.missing_is_in_numerator, false)
            else last_days.is_met or follow_ups.person_id is not null
        end as in_numerator,
        people.denominator_record_id,
        people.denominator_date,
        people.denominator_code,
        coalesce(follow_ups.record_id, last_days.record_id) as numerator_record_id,
        coalesce(follow_ups.event_date, last_days.event_date) as numerator_date,
        coalesce(follow_ups.code, last_days.code) as numerator_code,
        last_days.value as numerator_value
    from people
    inner join parts
        on
            people.period_end = parts.period_end
            and people.measure_id = parts.measure_id
    left join settings
        on
            people.period_end = settings.period_end
            and people.measure_id = settings.measure_id
    left join last_days
        on
            people.period_end = last_days.period_end
            and people.measure_id = last_days.measure_id
            and people.person_id = last_days.person_id
    left join follow_ups
        on
            people.period_end = follow_ups.period_end
            and people.measure_id = follow_ups.measure_id
            and people.person_id = follow_ups.person_id
)

select * from final
