{{ test_tells_what_its_twin_does(
    ref('attribution_by_residence'),
    ref('restricted_attribution_by_residence'),
    key=['as_of_date', 'level', 'entity_id'],
    figures=[
        'residents', 'attributed_patients', 'attributed_here', 'attributed_elsewhere',
        'not_attributed', 'attributed_share', 'here_share',
    ],
    withheld=['is_suppressed', 'is_split_suppressed'],
) }}
