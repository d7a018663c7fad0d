-- One row per landed table: where its rows went, and how many of them may be at fault
-- before a run stops.
select
    landed_table as "table",
    cast(landed_rows as bigint) as landed,
    cast(staged_rows as bigint) as staged,
    cast(superseded_rows as bigint) as superseded,
    cast(duplicate_rows as bigint) as duplicates,
    cast(quarantined_rows as bigint) as quarantined,
    cast(own_fault_rows as bigint) as own_faults,
    cast(cascade_rows as bigint) as cascades,
    cast(fault_limit_rows as bigint) as fault_limit
from {{ ref('int_data_quality__row_accounts') }}
