{{ audited_rows('whi_participation', references={'practice_id': 'practice'}) }}
