{{ test_tells_what_its_twin_does(
    ref('attribution_sensitivity'),
    ref('restricted_attribution_sensitivity'),
    key=['as_of_date', 'program', 'parameter', 'level', 'entity_id'],
    figures=['default_patients', 'alternative_patients', 'default_amount_usd', 'alternative_amount_usd'],
    withheld=['is_suppressed'],
) }}
