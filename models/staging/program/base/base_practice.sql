{{ audited_rows('practice') }}
