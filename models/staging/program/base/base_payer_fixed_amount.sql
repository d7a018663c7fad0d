{{ audited_rows('payer_fixed_amount') }}
