{{ audited_rows('cht') }}
