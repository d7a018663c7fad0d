{{ audited_rows(
    'pharmacy_claim',
    references={'person_id': 'eligibility'},
    repeated=(
        'base_pharmacy_claim_repeated', ['payer', 'claim_id', 'claim_line_number']
    ),
) }}
