{{ test_tells_what_its_twin_does(
    ref('cht_payments_by_entity'),
    ref('restricted_cht_payments_by_entity'),
    key=['payment_month', 'administrative_entity_id', 'hsa', 'payer'],
    figures=[
        'practices',
        'attributed_patients',
        'payer_share',
        'amount',
        'fte_supported',
        'fte_filled',
        'fte_vacant',
        'fill_due_date',
    ],
    withheld=['is_suppressed', 'is_share_suppressed'],
) }}
