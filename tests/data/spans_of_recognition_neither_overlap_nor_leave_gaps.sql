-- Every day since a practice's first event is in exactly one span, and only the last
-- one is open.
with spans as (
    select
        practice_id,
        from_date,
        to_date,
        lead(from_date) over (
            partition by practice_id
            order by from_date
        ) as next_from
    from {{ ref('practice_recognition_timeline') }}
)

select
    practice_id,
    from_date,
    to_date,
    next_from
from spans
where
    to_date < from_date
    or cast({{ dbt.dateadd('day', 1, 'to_date') }} as date) is distinct from next_from
