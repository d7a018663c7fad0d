{{ test_tells_what_its_twin_does(
    ref('case_mix_fit'),
    ref('restricted_case_mix_fit'),
    key=['period_end', 'age_group', 'group_kind', 'group_value'],
    figures=[
        'observed', 'expected', 'observed_to_expected', 'r_squared',
    ],
    withheld=['is_suppressed'],
) }}
