{{ config(materialized='view') }}
{%- set by_service_date = var('roster_date') == 'service_date' %}
-- One row per as-of date, program, payer, person and line of an eligible person in the
-- look-back window and known at the cutoff, with a code of some algorithm: whether it
-- is one of the person's, which practice the line belongs to and whether it counts
-- (A-01, A-04, A-05). A view, because a state has several times as many of these rows
-- as of claim lines.
with lines as (
    select * from {{ ref('int_attribution__qualifying_lines') }}
),

coverage as (
    select * from {{ ref('int_attribution__coverage') }}
    where is_eligible
),

codes as (
    select * from {{ ref('int_attribution__code_spans') }}
),

procedure_codes as (
    select * from codes
    where code_system = 'hcpcs'
),

revenue_codes as (
    select * from codes
    where code_system = 'revenue'
),

provider_practices as (
    select * from {{ ref('int_attribution__provider_practices') }}
),

as_of_practices as (
    select * from provider_practices
    where roster_date = as_of_date
),

-- The window stands in the coverage, and not in the calendar, so that lines meet one
-- table by person: joined by dates alone they would be thought few, and what is thought
-- few is held in memory.
dated as (
    select
        coverage.as_of_date,
        coverage.is_run_as_of,
        coverage.program,
        coverage.payer,
        coverage.person_id,
        coverage.algorithm_id,
        coverage.selected_pcp_npi,
        lines.claim_id,
        lines.claim_line_number,
        lines.service_date,
        lines.rendering_npi,
        lines.billing_npi,
        lines.facility_npi,
        lines.procedure_code,
        lines.revenue_code
    from coverage
    inner join lines
        on
            coverage.payer = lines.payer
            and coverage.person_id = lines.person_id
            and coverage.look_back_start_date <= lines.service_date
            and coverage.as_of_date >= lines.service_date
            and (
                coverage.attribution_cutoff_date >= lines.known_from
                or lines.known_from is null
            )
            and (
                coverage.attribution_cutoff_date < lines.known_to
                or lines.known_to is null
            )
),

coded as (
    select
        dated.*,
        coalesce(
            dated.service_date
            between procedure_codes.default_from
            and procedure_codes.default_to,
            false
        ) as has_procedure_by_default,
        coalesce(
            dated.service_date
            between revenue_codes.default_from
            and revenue_codes.default_to,
            false
        ) as has_revenue_by_default,
        coalesce(
            dated.service_date
            between procedure_codes.code_policy_from
            and procedure_codes.code_policy_to,
            false
        ) as has_procedure_by_code_policy,
        coalesce(
            dated.service_date
            between revenue_codes.code_policy_from
            and revenue_codes.code_policy_to,
            false
        ) as has_revenue_by_code_policy,
        coalesce(
            dated.service_date
            between procedure_codes.medicare_0525_from
            and procedure_codes.medicare_0525_to,
            false
        ) as has_procedure_by_medicare_0525,
        coalesce(
            dated.service_date
            between revenue_codes.medicare_0525_from
            and revenue_codes.medicare_0525_to,
            false
        ) as has_revenue_by_medicare_0525
    from dated
    left join procedure_codes
        on
            dated.algorithm_id = procedure_codes.algorithm_id
            and dated.procedure_code = procedure_codes.code
    left join revenue_codes
        on
            dated.algorithm_id = revenue_codes.algorithm_id
            and dated.revenue_code = revenue_codes.code
),

-- Every combination of NPIs has its row on every as-of date, so that no line is lost.
placed as (
    select
        coded.*,
        as_of_practices.practice_id,
        as_of_practices.is_group,
        as_of_practices.is_competing_by_roster,
        as_of_practices.is_provider_counted
    from coded
    inner join as_of_practices
        on
            coded.as_of_date = as_of_practices.as_of_date
            and coded.algorithm_id = as_of_practices.algorithm_id
            and coded.rendering_npi is not distinct from as_of_practices.rendering_npi
            and coded.billing_npi is not distinct from as_of_practices.billing_npi
            and coded.facility_npi is not distinct from as_of_practices.facility_npi
),

{% if by_service_date -%}
service_date_practices as (
    select * from provider_practices
    where roster_date < as_of_date
),

-- Where the roster of the service date says something else, it stands.
placed_by_service_date as (
    select
        placed.as_of_date,
        placed.is_run_as_of,
        placed.program,
        placed.payer,
        placed.person_id,
        placed.algorithm_id,
        placed.selected_pcp_npi,
        placed.claim_id,
        placed.claim_line_number,
        placed.service_date,
        placed.rendering_npi,
        placed.billing_npi,
        placed.facility_npi,
        placed.procedure_code,
        placed.revenue_code,
        placed.has_procedure_by_default,
        placed.has_revenue_by_default,
        placed.has_procedure_by_code_policy,
        placed.has_revenue_by_code_policy,
        placed.has_procedure_by_medicare_0525,
        placed.has_revenue_by_medicare_0525,
        case
            when service_date_practices.roster_date is not null
                then service_date_practices.practice_id
            else placed.practice_id
        end as practice_id,
        case
            when service_date_practices.roster_date is not null
                then service_date_practices.is_group
            else placed.is_group
        end as is_group,
        case
            when service_date_practices.roster_date is not null
                then service_date_practices.is_competing_by_roster
            else placed.is_competing_by_roster
        end as is_competing_by_roster,
        case
            when service_date_practices.roster_date is not null
                then service_date_practices.is_provider_counted
            else placed.is_provider_counted
        end as is_provider_counted
    from placed
    left join service_date_practices
        on
            placed.as_of_date = service_date_practices.as_of_date
            and placed.algorithm_id = service_date_practices.algorithm_id
            and placed.rendering_npi
            is not distinct from service_date_practices.rendering_npi
            and placed.billing_npi
            is not distinct from service_date_practices.billing_npi
            and placed.facility_npi
            is not distinct from service_date_practices.facility_npi
            and placed.service_date = service_date_practices.roster_date
),

{% endif -%}
final as (
    select
        as_of_date,
        is_run_as_of,
        program,
        payer,
        person_id,
        algorithm_id,
        selected_pcp_npi,
        claim_id,
        claim_line_number,
        service_date,
        rendering_npi,
        billing_npi,
        facility_npi,
        concat_ws(
            ', ',
            case when has_revenue_by_default then revenue_code end,
            case when has_procedure_by_default then procedure_code end
        ) as qualifying_codes,
        practice_id,
        is_group,
        is_competing_by_roster,
        is_provider_counted,
        has_procedure_by_default or has_revenue_by_default as is_qualifying,
        has_procedure_by_code_policy or has_revenue_by_code_policy
            as is_qualifying_by_code_policy,
        has_procedure_by_medicare_0525 or has_revenue_by_medicare_0525
            as is_qualifying_by_medicare_0525,
        {% if var('competing_practices') == 'all' -%}
        practice_id is not null as is_competing,
        {%- else -%}
        is_competing_by_roster and practice_id is not null as is_competing,
        {%- endif %}
        (has_procedure_by_default or has_revenue_by_default)
        and is_provider_counted
        {%- if var('competing_practices') != 'all' %}
        and is_competing_by_roster
        {%- endif %} as is_counted
    from {{ 'placed_by_service_date' if by_service_date else 'placed' }}
)

select * from final
