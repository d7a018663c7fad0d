-- Shares are given to six places, so that three of them may miss their sum by two units
-- of the last.
with codes as (
    select * from {{ ref('avoidable_ed_codes') }}
)

select
    code_system,
    code,
    share
from codes
where
    share not between 0.000001 and 1
    or abs(share - non_emergent - primary_care_treatable - preventable) > 0.000002
