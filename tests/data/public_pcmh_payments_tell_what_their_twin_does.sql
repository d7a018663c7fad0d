{{ test_tells_what_its_twin_does(
    ref('pcmh_payments'),
    ref('restricted_pcmh_payments'),
    key=['payment_month', 'payer', 'practice_id', 'adjustment_no'],
    figures=['attributed_patients', 'total_pppm', 'amount'],
    withheld=['is_suppressed'],
) }}
