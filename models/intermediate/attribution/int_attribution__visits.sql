-- One row per as-of date, program, payer, person, practice, claim, service date and
-- codes that count: the qualifying visits. For a person who selected a provider in
-- several practices only those practices compete; who selected one in a single
-- practice needs no visits (A-03, D5). Qualifying lines that do not count are one row
-- per person, which says how far they came, so that everyone unattributed has a reason.
with lines as (
    select * from {{ ref('int_attribution__lines_as_of') }}
    where is_qualifying
),

selected_practices as (
    select * from {{ ref('int_attribution__selected_practices') }}
),

competing as (
    select
        lines.*,
        lines.is_counted and (
            lines.selected_pcp_npi is null
            or coalesce(selected_practices.selected_practices > 1, false)
        ) as is_visit
    from lines
    left join selected_practices
        on
            lines.as_of_date = selected_practices.as_of_date
            and lines.program = selected_practices.program
            and lines.payer = selected_practices.payer
            and lines.person_id = selected_practices.person_id
            and lines.practice_id = selected_practices.practice_id
),

final as (
    select
        as_of_date,
        is_run_as_of,
        program,
        payer,
        person_id,
        is_visit,
        case when is_visit then practice_id end as practice_id,
        case when is_visit then claim_id end as claim_id,
        case when is_visit then service_date end as service_date,
        case when is_visit then qualifying_codes end as qualifying_codes,
        bool_or(is_group) as is_group,
        bool_or(is_competing) as has_practice,
        count(*) as lines
    from competing
    group by
        as_of_date,
        is_run_as_of,
        program,
        payer,
        person_id,
        is_visit,
        case when is_visit then practice_id end,
        case when is_visit then claim_id end,
        case when is_visit then service_date end,
        case when is_visit then qualifying_codes end
)

select * from final
