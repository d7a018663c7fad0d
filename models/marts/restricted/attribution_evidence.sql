-- One row per as-of date, program, payer, person, practice and claim that counted, with
-- its service dates and codes (A-05). Few claims have lines with different codes, and
-- only theirs are listed one by one.
with visits as (
    select * from {{ ref('int_attribution__visits') }}
    where is_visit
),

lines as (
    select * from {{ ref('int_attribution__lines_as_of') }}
    where is_counted
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
        min(first_codes) as first_codes,
        max(last_codes) as last_codes,
        count(*) as service_dates,
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

claims_of_several_codes as (
    select * from claims
    where first_codes <> last_codes
),

lines_of_several_codes as (
    select lines.*
    from lines
    semi join claims_of_several_codes
        on
            lines.as_of_date = claims_of_several_codes.as_of_date
            and lines.program = claims_of_several_codes.program
            and lines.payer = claims_of_several_codes.payer
            and lines.person_id = claims_of_several_codes.person_id
            and lines.practice_id = claims_of_several_codes.practice_id
            and lines.claim_id = claims_of_several_codes.claim_id
),

-- A line has one code, or a revenue code and a procedure code.
codes as (
    select
        as_of_date,
        program,
        payer,
        person_id,
        practice_id,
        claim_id,
        split_part(qualifying_codes, ', ', 1) as code
    from lines_of_several_codes

    union all

    select
        as_of_date,
        program,
        payer,
        person_id,
        practice_id,
        claim_id,
        nullif(split_part(qualifying_codes, ', ', 2), '') as code
    from lines_of_several_codes
),

code_lists as (
    select
        as_of_date,
        program,
        payer,
        person_id,
        practice_id,
        claim_id,
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
        coalesce(code_lists.codes, claims.first_codes) as codes,
        cast(claims.service_dates as integer) as service_dates,
        cast(claims.lines as integer) as lines
    from claims
    left join code_lists
        on
            claims.as_of_date = code_lists.as_of_date
            and claims.program = code_lists.program
            and claims.payer = code_lists.payer
            and claims.person_id = code_lists.person_id
            and claims.practice_id = code_lists.practice_id
            and claims.claim_id = code_lists.claim_id
)

select * from final
