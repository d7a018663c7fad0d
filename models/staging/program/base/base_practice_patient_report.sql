{{ audited_rows('practice_patient_report', references={'practice_id': 'practice'}) }}
