{{ test_tells_what_its_twin_does(
    ref('attribution_departures'),
    ref('restricted_attribution_departures'),
    key=['as_of_date', 'program', 'payer', 'practice_id', 'reason'],
    figures=['people'],
    withheld=['is_suppressed'],
) }}
