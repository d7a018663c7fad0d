-- One row per as-of date, program, payer, person, practice and claim that counted, with
-- its service dates and codes (A-05).
with visits as (
    select * from {{ ref('int_attribution__visits') }}
),

final as (
    select
        as_of_date,
        program,
        payer,
        person_id,
        practice_id,
        claim_id,
        min(service_date) as service_date,
        max(service_date) as last_service_date,
        {{ distinct_list('qualifying_codes') }} as codes,
        cast(count(*) as integer) as service_dates,
        cast(sum(lines) as integer) as lines
    from visits
    group by
        as_of_date,
        program,
        payer,
        person_id,
        practice_id,
        claim_id
)

select * from final
