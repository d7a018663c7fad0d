-- Question: Where did every landed row go, and what is kept out or warned of?
-- Columns: rows that landed, were staged, were superseded by a newer version, or are
--     quarantined; kept_percent of those landed.
-- Reading: unaccounted is zero in a sound release. Single rows: make quarantine.
select
    "table",
    landed,
    staged,
    superseded,
    quarantined,
    landed - staged - superseded - quarantined as unaccounted,
    round(staged * 100.0 / nullif(landed, 0), 2) as kept_percent,
    gate_result
from marts.data_quality
where rule = 'row_accounts'
order by quarantined desc, "table"
