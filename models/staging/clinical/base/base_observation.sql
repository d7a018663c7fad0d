{{ audited_rows('observation', references={'person_id': 'eligibility'}) }}
