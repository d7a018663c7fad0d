{{ test_tells_what_its_twin_does(
    ref('data_quality'),
    ref('restricted_data_quality'),
    key=['as_of_date', 'table', 'rule'],
    figures=['landed', 'staged', 'superseded', 'quarantined', 'warnings'],
    withheld=['is_suppressed'],
) }}
