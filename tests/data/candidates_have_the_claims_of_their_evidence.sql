-- Claims, lines and last visit of every candidate are those of the claims that are
-- shown as evidence (A-05, A-06).
with candidates as (
    select * from {{ ref('attribution_candidates') }}
),

evidence as (
    select
        as_of_date,
        program,
        payer,
        person_id,
        practice_id,
        count(distinct claim_id) as claims,
        sum(lines) as lines,
        max(last_service_date) as last_visit_date
    from {{ ref('attribution_evidence') }}
    group by
        as_of_date,
        program,
        payer,
        person_id,
        practice_id
)

select
    coalesce(candidates.person_id, evidence.person_id) as person_id,
    coalesce(candidates.practice_id, evidence.practice_id) as practice_id,
    candidates.claims as candidate_claims,
    evidence.claims as evidence_claims
from candidates
full outer join evidence
    on
        candidates.as_of_date = evidence.as_of_date
        and candidates.program = evidence.program
        and candidates.payer = evidence.payer
        and candidates.person_id = evidence.person_id
        and candidates.practice_id = evidence.practice_id
where
    candidates.claims is distinct from evidence.claims
    or candidates.lines is distinct from evidence.lines
    or candidates.last_visit_date is distinct from evidence.last_visit_date
