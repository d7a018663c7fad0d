{{ audited_rows('invoice') }}
