{{ test_tells_what_its_twin_does(
    ref('claim_completeness'),
    ref('restricted_claim_completeness'),
    key=['period_end', 'payer', 'service_month'],
    figures=[
        'run_out_steps', 'lines', 'allowed_amount_usd', 'completion_factor',
        'completed_amount_usd', 'is_complete_enough',
    ],
    withheld=['is_suppressed'],
) }}
