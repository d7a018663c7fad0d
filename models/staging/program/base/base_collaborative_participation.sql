{{ audited_rows('collaborative_participation', references={'practice_id': 'practice'}) }}
