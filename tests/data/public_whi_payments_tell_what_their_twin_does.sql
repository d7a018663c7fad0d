{{ test_tells_what_its_twin_does(
    ref('whi_payments'),
    ref('restricted_whi_payments'),
    key=['payment_month', 'payer', 'practice_id', 'component', 'adjustment_no'],
    figures=['attributed_patients', 'rate', 'shared_amount', 'amount'],
    withheld=['is_suppressed'],
) }}
