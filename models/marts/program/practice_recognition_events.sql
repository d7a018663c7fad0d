-- One row per practice, date and event of recognition: what stands after it, from when
-- payers pay by it, and whether it is a failure or a survey asked for too soon (E-03,
-- E-04, E-07, E-08, H-03). It counts no people.
with events as (
    select * from {{ ref('int_payments__recognition_events') }}
),

final as (
    select
        practice_id,
        event_date,
        event,
        cast(event_number as integer) as event_number,
        standard,
        recognition_level,
        state,
        case when is_pay_start then {{ month_after('event_date') }} end as pay_from,
        is_failure,
        is_survey_too_soon
    from events
)

select * from final
