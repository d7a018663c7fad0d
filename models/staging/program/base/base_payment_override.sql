{{ audited_rows('payment_override', references={'practice_id': 'practice'}) }}
