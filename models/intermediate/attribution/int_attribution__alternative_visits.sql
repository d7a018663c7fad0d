-- One row per reading that differs from the run's own in which lines count, program,
-- payer, person affected by it and practice, on the run's as-of date: what the practice
-- would compete by. Readings that differ later have no rows here.
with lines as (
    select * from {{ ref('int_attribution__lines_read_otherwise') }}
),

affected_people as (
    select * from {{ ref('int_attribution__affected_people') }}
    where
        scenario in (
            'code_policy', 'medicare_0525', 'competing_practices', 'roster_date'
        )
),

selected_practices as (
    select * from {{ ref('int_attribution__selected_practices') }}
),

read_otherwise as (
    select
        affected_people.scenario,
        lines.as_of_date,
        lines.program,
        lines.payer,
        lines.person_id,
        lines.selected_pcp_npi,
        lines.claim_id,
        lines.service_date,
        case
            when affected_people.scenario = 'roster_date'
                then lines.practice_id_by_roster_date
            else lines.practice_id
        end as practice_id,
        case
            when affected_people.scenario = 'roster_date'
                then lines.is_group_by_roster_date
            else lines.is_group
        end as is_group,
        case affected_people.scenario
            when 'roster_date' then lines.is_counted_by_roster_date
            when 'code_policy' then lines.is_counted_by_code_policy
            when 'medicare_0525' then lines.is_counted_by_medicare_0525
            when 'competing_practices' then lines.is_counted_by_competing_practices
        end as is_counted
    from lines
    inner join affected_people
        on
            lines.program = affected_people.program
            and lines.payer = affected_people.payer
            and lines.person_id = affected_people.person_id
),

competing as (
    select read_otherwise.*
    from read_otherwise
    left join selected_practices
        on
            read_otherwise.as_of_date = selected_practices.as_of_date
            and read_otherwise.program = selected_practices.program
            and read_otherwise.payer = selected_practices.payer
            and read_otherwise.person_id = selected_practices.person_id
            and read_otherwise.practice_id = selected_practices.practice_id
    where
        read_otherwise.is_counted
        and (
            read_otherwise.selected_pcp_npi is null
            or selected_practices.selected_practices > 1
        )
),

final as (
    select
        scenario,
        as_of_date,
        program,
        payer,
        person_id,
        practice_id,
        bool_or(is_group) as is_group,
        count(distinct claim_id) as claims,
        count(distinct service_date) as service_dates,
        count(*) as lines,
        min(service_date) as first_visit_date,
        max(service_date) as last_visit_date
    from competing
    group by
        scenario,
        as_of_date,
        program,
        payer,
        person_id,
        practice_id
)

select * from final
