{{ test_tells_what_its_twin_does(
    ref('payment_reconciliation'),
    ref('restricted_payment_reconciliation'),
    key=['program', 'payment_month', 'payer', 'practice_id'],
    figures=[
        'computed_patients', 'reported_patients', 'computed', 'reported', 'difference',
        'difference_by_count', 'difference_by_rate', 'difference_by_timing',
        'difference_by_status'
    ],
    withheld=['is_suppressed'],
) }}
