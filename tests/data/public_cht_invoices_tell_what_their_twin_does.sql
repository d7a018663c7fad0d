{{ test_tells_what_its_twin_does(
    ref('cht_invoices'),
    ref('restricted_cht_invoices'),
    key=['administrative_entity_id', 'payer', 'period'],
    figures=['computed_amount', 'invoiced_amount', 'difference'],
    withheld=['is_suppressed'],
) }}
