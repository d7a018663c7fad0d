-- One row per eligible person with qualifying lines of which none counted: how far the
-- lines came, so that everyone unattributed has a reason.
with lines as (
    select * from {{ ref('int_attribution__lines_as_of') }}
),

final as (
    select
        as_of_date,
        program,
        payer,
        person_id,
        count(practice_id) > 0 as has_roster_lines
    from lines
    group by
        as_of_date,
        program,
        payer,
        person_id
    having not bool_or(is_counted)
)

select * from final
