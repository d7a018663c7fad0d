{{ test_tells_what_its_twin_does(
    ref('resource_unit_methods'),
    ref('restricted_resource_unit_methods'),
    key=['period_end', 'category', 'unit_method'],
    figures=['lines', 'resource_units', 'share_of_units', 'allowed_amount_usd'],
    withheld=['is_suppressed'],
) }}
