{{ audited_rows('lab_result', references={'person_id': 'eligibility'}) }}
