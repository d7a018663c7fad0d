{{ test_tells_what_its_twin_does(
    ref('attribution_counts'),
    ref('restricted_attribution_counts'),
    key=['as_of_date', 'program', 'payer', 'practice_id'],
    figures=['attributed_patients', 'newly_attributed', 'moved', 'left'],
    withheld=['is_suppressed', 'is_movement_suppressed'],
) }}
