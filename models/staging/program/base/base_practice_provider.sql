{{ audited_rows('practice_provider', references={'practice_id': 'practice'}) }}
