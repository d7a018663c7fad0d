{{ audited_rows('immunization', references={'person_id': 'eligibility'}) }}
