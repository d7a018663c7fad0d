-- One row per practice, obligation and due date: what practices in the Women's Health
-- Initiative owe, by when, and what was done (K-13, K-14, L-01). It counts devices and
-- agreements, no people.
select
    practice_id,
    obligation,
    due_date,
    rule_id,
    hsa,
    done_date,
    judged_on_date,
    status,
    cast(days_late as integer) as days_late,
    required,
    reported
from {{ ref('int_payments__whi_obligations') }}
