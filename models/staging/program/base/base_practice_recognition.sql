{{ audited_rows('practice_recognition', references={'practice_id': 'practice'}) }}
