{{ test_tells_what_its_twin_does(
    ref('hsa_profiles'),
    ref('restricted_hsa_profiles'),
    key=['period_end', 'hsa', 'population', 'measure_id'],
    figures=['value', 'adjusted_value', 'ci_low', 'ci_high'],
    withheld=['is_suppressed'],
) }}
