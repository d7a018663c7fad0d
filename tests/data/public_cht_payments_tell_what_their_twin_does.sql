{{ test_tells_what_its_twin_does(
    ref('cht_payments'),
    ref('restricted_cht_payments'),
    key=['payment_month', 'payer', 'practice_id', 'adjustment_no'],
    figures=['attributed_patients', 'pppm', 'factor', 'amount'],
    withheld=['is_suppressed'],
) }}
