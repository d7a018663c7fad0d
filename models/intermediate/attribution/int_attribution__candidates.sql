-- One row per as-of date, program, payer, person and practice that competed, ranked:
-- most distinct claims, then the most recent visit, then most service dates, then most
-- lines, then the lowest practice id (A-06, A-07, D1 to D3). The practice id is unique
-- within a person, so no tie is left.
with visits as (
    select * from {{ ref('int_attribution__visits') }}
),

practices as (
    select
        as_of_date,
        program,
        payer,
        person_id,
        practice_id,
        count(distinct claim_id) as claims,
        count(distinct service_date) as service_dates,
        sum(lines) as lines,
        min(service_date) as first_visit_date,
        max(service_date) as last_visit_date
    from visits
    group by
        as_of_date,
        program,
        payer,
        person_id,
        practice_id
),

ranked as (
    select
        *,
        row_number() over (
            partition by as_of_date, program, payer, person_id
            order by
                claims desc,
                last_visit_date desc,
                service_dates desc,
                lines desc,
                practice_id asc
        ) as candidate_rank,
        count(*) over (
            partition by as_of_date, program, payer, person_id
        ) as candidates,
        sum(claims) over (
            partition by as_of_date, program, payer, person_id
        ) as claims_of_all_candidates
    from practices
),

winners as (
    select * from ranked
    where candidate_rank = 1
),

-- The first step of the ladder at which a practice falls behind the winner.
final as (
    select
        ranked.as_of_date,
        ranked.program,
        ranked.payer,
        ranked.person_id,
        ranked.practice_id,
        ranked.candidate_rank,
        ranked.candidates,
        ranked.claims,
        ranked.service_dates,
        ranked.lines,
        ranked.first_visit_date,
        ranked.last_visit_date,
        ranked.claims_of_all_candidates,
        case
            when ranked.candidate_rank = 1 then null
            when ranked.claims < winners.claims then 'fewer_claims'
            when ranked.last_visit_date < winners.last_visit_date
                then 'earlier_last_visit'
            when ranked.service_dates < winners.service_dates
                then 'fewer_service_dates'
            when ranked.lines < winners.lines then 'fewer_lines'
            else 'higher_practice_id'
        end as lost_because
    from ranked
    inner join winners
        on
            ranked.as_of_date = winners.as_of_date
            and ranked.program = winners.program
            and ranked.payer = winners.payer
            and ranked.person_id = winners.person_id
)

select * from final
