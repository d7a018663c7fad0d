-- One row per as-of date, program, payer, person and practice that competed for the
-- person, with its rank and why it lost (A-06, A-07, D1 to D3).
select
    as_of_date,
    program,
    payer,
    person_id,
    practice_id,
    cast(candidate_rank as integer) as rank,
    lost_because,
    cast(claims as integer) as claims,
    cast(service_dates as integer) as service_dates,
    cast(lines as integer) as lines,
    first_visit_date,
    last_visit_date
from {{ ref('int_attribution__candidates') }}
where scenario = 'default'
