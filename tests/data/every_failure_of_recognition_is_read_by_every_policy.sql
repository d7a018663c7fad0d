-- A failure for which a policy has no track, time frame or ending would vanish, and its
-- practice be paid on.
with events as (
    select * from {{ ref('int_payments__recognition_events') }}
    where is_failure
),

policies as (
    select * from {{ ref('recognition_policies') }}
),

failures as (
    select * from {{ ref('int_payments__recognition_failures') }}
)

select
    policies.policy_id,
    events.practice_id,
    events.event_date
from events
cross join policies
left join failures
    on
        policies.policy_id = failures.policy_id
        and events.practice_id = failures.practice_id
        and events.event_date = failures.failure_date
where failures.pppm_end_date is null
