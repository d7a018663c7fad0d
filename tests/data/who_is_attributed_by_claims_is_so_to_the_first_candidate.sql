-- Everyone with candidates is attributed to the one of rank 1, of which there is one,
-- and nobody is attributed by claims without (A-06). Who is not, though a practice came
-- first, is told why: it is a group off the roster (D68), or lacks a majority where one
-- is asked for (D1).
with attribution as (
    select * from {{ ref('attribution') }}
),

winners as (
    select * from {{ ref('attribution_candidates') }}
    where rank = 1
)

select
    attribution.as_of_date,
    attribution.program,
    attribution.payer,
    attribution.person_id,
    attribution.method,
    attribution.practice_id,
    winners.practice_id as first_candidate
from attribution
full outer join winners
    on
        attribution.as_of_date = winners.as_of_date
        and attribution.program = winners.program
        and attribution.payer = winners.payer
        and attribution.person_id = winners.person_id
where
    (
        winners.practice_id is not null
        and attribution.practice_id is distinct from winners.practice_id
        and attribution.reason <> 'no_majority'
        and (
            attribution.reason <> 'non_blueprint_practice'
            or (
                winners.practice_id not like 'billing:%'
                and winners.practice_id not like 'rendering:%'
            )
        )
    )
    or (attribution.method = 'claims' and winners.practice_id is null)
