-- One row per as-of date, program, payer, person, practice and claim that counted, with
-- its service dates and codes (A-05). Few claims have several of either, and only
-- theirs are looked at one by one.
with visits as (
    select * from {{ ref('int_attribution__visits') }}
    where is_visit
),

claims as (
    select
        as_of_date,
        program,
        payer,
        person_id,
        practice_id,
        claim_id,
        min(service_date) as service_date,
        max(service_date) as last_service_date,
        min(qualifying_codes) as first_codes,
        max(qualifying_codes) as last_codes,
        sum(lines) as lines
    from visits
    group by
        as_of_date,
        program,
        payer,
        person_id,
        practice_id,
        claim_id
),

varied_claims as (
    select * from claims
    where first_codes <> last_codes or service_date <> last_service_date
),

varied_visits as (
    select visits.*
    from visits
    semi join varied_claims
        on
            visits.as_of_date = varied_claims.as_of_date
            and visits.program = varied_claims.program
            and visits.payer = varied_claims.payer
            and visits.person_id = varied_claims.person_id
            and visits.practice_id = varied_claims.practice_id
            and visits.claim_id = varied_claims.claim_id
),

-- A line has one code, or a revenue code and a procedure code.
codes as (
    select
        *,
        split_part(qualifying_codes, ', ', 1) as code
    from varied_visits

    union all

    select
        *,
        nullif(split_part(qualifying_codes, ', ', 2), '') as code
    from varied_visits
),

lists as (
    select
        as_of_date,
        program,
        payer,
        person_id,
        practice_id,
        claim_id,
        count(distinct service_date) as service_dates,
        {{ distinct_list('code') }} as codes
    from codes
    group by
        as_of_date,
        program,
        payer,
        person_id,
        practice_id,
        claim_id
),

final as (
    select
        claims.as_of_date,
        claims.program,
        claims.payer,
        claims.person_id,
        claims.practice_id,
        claims.claim_id,
        claims.service_date,
        claims.last_service_date,
        coalesce(lists.codes, claims.first_codes) as codes,
        cast(coalesce(lists.service_dates, 1) as integer) as service_dates,
        cast(claims.lines as integer) as lines
    from claims
    left join lists
        on
            claims.as_of_date = lists.as_of_date
            and claims.program = lists.program
            and claims.payer = lists.payer
            and claims.person_id = lists.person_id
            and claims.practice_id = lists.practice_id
            and claims.claim_id = lists.claim_id
)

select * from final
