{{ test_tells_what_its_twin_does(
    ref('landed_payments'),
    ref('restricted_landed_payments'),
    key=['payment_month', 'payer', 'component', 'payee_id'],
    figures=['amount'],
    withheld=['is_suppressed'],
) }}
