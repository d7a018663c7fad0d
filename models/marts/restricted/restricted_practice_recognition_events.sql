{{ config(alias='practice_recognition_events') }}
-- One row per practice, date and event of recognition, as the public table, which
-- withholds nothing of it (E-03, E-04, E-07, E-08, H-03).
select
    practice_id,
    event_date,
    event,
    event_number,
    standard,
    recognition_level,
    state,
    pay_from,
    is_failure,
    is_survey_too_soon
from {{ ref('practice_recognition_events') }}
