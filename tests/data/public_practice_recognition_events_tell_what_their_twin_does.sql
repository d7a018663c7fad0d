{{ test_tells_what_its_twin_does(
    ref('practice_recognition_events'),
    ref('restricted_practice_recognition_events'),
    key=['practice_id', 'event_date', 'event'],
    figures=['state', 'pay_from', 'is_failure', 'is_survey_too_soon'],
    withheld=[],
) }}
