{{ test_tells_what_its_twin_does(
    ref('practice_profiles'),
    ref('restricted_practice_profiles'),
    key=['period_end', 'practice_id', 'population', 'measure_id'],
    figures=['value', 'adjusted_value', 'ci_low', 'ci_high'],
    withheld=['is_suppressed'],
) }}
