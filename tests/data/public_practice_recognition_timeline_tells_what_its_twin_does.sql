{{ test_tells_what_its_twin_does(
    ref('practice_recognition_timeline'),
    ref('restricted_practice_recognition_timeline'),
    key=['practice_id', 'from_date'],
    figures=['to_date', 'state', 'pppm_status', 'cht_factor', 'failure_date'],
    withheld=[],
) }}
