{{ audited_rows('eligibility') }}
