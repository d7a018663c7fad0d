{{ test_tells_what_its_twin_does(
    ref('practice_recognition_episodes'),
    ref('restricted_practice_recognition_episodes'),
    key=['practice_id', 'failure_date'],
    figures=['plan_due_date', 'plan_status', 'pppm_end_date', 'cht_end_date', 'outcome'],
    withheld=[],
) }}
