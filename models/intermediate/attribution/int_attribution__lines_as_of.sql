-- One row per as-of date, program, payer, person and qualifying line of an eligible
-- person in the look-back window and known at the cutoff, with its practice if it has
-- one and whether it counts there. A table: the join by dates is dear, and three models
-- read it.
with lines as (
    select * from {{ ref('int_attribution__qualifying_lines') }}
),

coverage as (
    select * from {{ ref('int_attribution__coverage') }}
    where is_eligible
),

as_of_dates as (
    select * from {{ ref('int_calendar__as_of_dates') }}
),

provider_practices as (
    select * from {{ ref('int_attribution__provider_practices') }}
),

final as (
    select
        coverage.as_of_date,
        coverage.program,
        coverage.payer,
        coverage.person_id,
        coverage.selected_pcp_npi,
        lines.claim_id,
        lines.claim_line_number,
        lines.service_date,
        lines.qualifying_codes,
        provider_practices.practice_id,
        coalesce(provider_practices.is_counted, false) as is_counted
    from coverage
    inner join as_of_dates
        on coverage.as_of_date = as_of_dates.as_of_date
    inner join lines
        on
            coverage.payer = lines.payer
            and coverage.person_id = lines.person_id
            and coverage.algorithm_id = lines.algorithm_id
            and as_of_dates.look_back_start_date <= lines.service_date
            and as_of_dates.as_of_date >= lines.service_date
            and (
                as_of_dates.attribution_cutoff_date >= lines.known_from
                or lines.known_from is null
            )
            and (
                as_of_dates.attribution_cutoff_date < lines.known_to
                or lines.known_to is null
            )
    left join provider_practices
        on
            coverage.as_of_date = provider_practices.as_of_date
            and lines.algorithm_id = provider_practices.algorithm_id
            and lines.rendering_npi
            is not distinct from provider_practices.rendering_npi
            and lines.billing_npi
            is not distinct from provider_practices.billing_npi
            and lines.facility_npi
            is not distinct from provider_practices.facility_npi
)

select * from final
