{{ test_tells_what_its_twin_does(
    ref('utilization'),
    ref('restricted_utilization'),
    key=['period_end', 'age_group', 'payer_type', 'level', 'entity_id', 'category'],
    figures=[
        'people', 'users', 'member_months', 'services', 'services_per_1000',
        'services_per_1000_low', 'services_per_1000_high', 'adjusted_services_per_1000',
        'allowed_amount_usd', 'paid_amount_usd', 'allowed_pmpm', 'allowed_pmpm_low',
        'allowed_pmpm_high', 'adjusted_allowed_pmpm', 'resource_units',
        'resource_units_pmpm', 'resource_index', 'resource_index_low',
        'resource_index_high',
    ],
    withheld=['is_suppressed'],
) }}
