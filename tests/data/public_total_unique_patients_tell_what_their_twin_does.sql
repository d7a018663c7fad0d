{{ test_tells_what_its_twin_does(
    ref('total_unique_patients'),
    ref('restricted_total_unique_patients'),
    key=['as_of_date', 'program', 'level', 'entity_id'],
    figures=['counted', 'reported', 'attributed', 'ratio_to_attributed', 'is_ratio_in_band'],
    withheld=['is_suppressed'],
) }}
