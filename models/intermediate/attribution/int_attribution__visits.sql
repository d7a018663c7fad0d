-- One row per as-of date, program, payer, person, practice, claim and service date that
-- counts: the qualifying visits. For a person who selected a provider in several
-- practices only those practices compete; who selected one in a single practice needs
-- no visits (A-03, D5).
with lines as (
    select * from {{ ref('int_attribution__lines_as_of') }}
    where is_counted
),

selected_practices as (
    select * from {{ ref('int_attribution__selected_practices') }}
),

competing as (
    select lines.*
    from lines
    left join selected_practices
        on
            lines.as_of_date = selected_practices.as_of_date
            and lines.program = selected_practices.program
            and lines.payer = selected_practices.payer
            and lines.person_id = selected_practices.person_id
            and lines.practice_id = selected_practices.practice_id
    where
        lines.selected_pcp_npi is null
        or selected_practices.selected_practices > 1
),

final as (
    select
        as_of_date,
        program,
        payer,
        person_id,
        practice_id,
        claim_id,
        service_date,
        count(*) as lines,
        min(qualifying_codes) as first_codes,
        max(qualifying_codes) as last_codes
    from competing
    group by
        as_of_date,
        program,
        payer,
        person_id,
        practice_id,
        claim_id,
        service_date
)

select * from final
