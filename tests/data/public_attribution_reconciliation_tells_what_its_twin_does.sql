{{ test_tells_what_its_twin_does(
    ref('attribution_reconciliation'),
    ref('restricted_attribution_reconciliation'),
    key=['program', 'payment_month', 'payer', 'practice_id'],
    figures=['warehouse_patients', 'payer_patients', 'difference'],
    withheld=['is_suppressed'],
) }}
