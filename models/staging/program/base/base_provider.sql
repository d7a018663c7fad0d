{{ audited_rows('provider') }}
