{{ audited_rows('payer_attribution_report', references={'practice_id': 'practice'}) }}
