-- A rule that is not listed would leave a measure without anybody. Measures of events
-- that ask for days around the event have none.
with specifications as (
    select * from {{ ref('measure_specifications') }}
    where enrollment_rule is not null
),

enrollment_rules as (
    select * from {{ ref('enrollment_rules') }}
)

select
    specifications.measure_id,
    specifications.enrollment_rule
from specifications
anti join enrollment_rules
    on specifications.enrollment_rule = enrollment_rules.enrollment_rule
