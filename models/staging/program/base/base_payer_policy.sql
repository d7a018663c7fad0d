{{ audited_rows('payer_policy') }}
