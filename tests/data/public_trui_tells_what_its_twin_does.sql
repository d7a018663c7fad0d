{{ test_tells_what_its_twin_does(
    ref('trui'),
    ref('restricted_trui'),
    key=['period_end', 'age_group', 'practice_id'],
    figures=[
        'observed', 'expected', 'score_status', 'trui', 'ci_low', 'ci_high', 'quartile',
        'pppm',
    ],
    withheld=['is_suppressed'],
) }}
