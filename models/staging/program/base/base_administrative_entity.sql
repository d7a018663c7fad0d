{{ audited_rows('administrative_entity') }}
