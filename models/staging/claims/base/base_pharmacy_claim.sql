{{ audited_rows('pharmacy_claim', references={'person_id': 'eligibility'}) }}
