-- One row per as-of date, program and type of payer with an algorithm: the window that
-- is looked back on and the dates that follow from it (A-01, A-14, B-05, C-08).
select
    as_of_date,
    program,
    payer_type,
    algorithm_id,
    algorithm_name,
    look_back_start_date,
    look_back_end_date,
    cutoff_date,
    report_due_date,
    payments_from_date,
    is_provisional
from {{ ref('int_attribution__calendar') }}
