{{ config(materialized='view') }}
{%- set readings = ['default', 'code_policy', 'medicare_0525'] %}
{%- set by_service_date = var('roster_date') == 'service_date' %}
{%- set do_all_compete = var('competing_practices') == 'all' %}
-- One row per as-of date, program, payer, person and line of an eligible person in the
-- look-back window and known at the cutoff, with a code of the person's algorithm: which
-- practice it belongs to and whether it counts (A-01, A-04, A-05), by the run's own
-- reading and by each that differs from it in one parameter. A view, because a state has
-- several times as many of these rows as of claim lines.
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

service_date_practices as (
    select * from provider_practices
    where roster_date < as_of_date
),

dated as (
    select
        coverage.as_of_date,
        as_of_dates.is_run_as_of,
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
    inner join as_of_dates
        on coverage.as_of_date = as_of_dates.as_of_date
    inner join lines
        on
            coverage.payer = lines.payer
            and coverage.person_id = lines.person_id
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
),

coded as (
    select
        dated.*,
        {% for reading in readings -%}
        coalesce(
            dated.service_date
            between procedure_codes.{{ reading }}_from
            and procedure_codes.{{ reading }}_to,
            false
        ) as has_procedure_by_{{ reading }},
        coalesce(
            dated.service_date
            between revenue_codes.{{ reading }}_from
            and revenue_codes.{{ reading }}_to,
            false
        ) as has_revenue_by_{{ reading }}{{ ',' if not loop.last }}
        {% endfor %}
    from dated
    left join procedure_codes
        on
            dated.algorithm_id = procedure_codes.algorithm_id
            and dated.procedure_code = procedure_codes.code
    left join revenue_codes
        on
            dated.algorithm_id = revenue_codes.algorithm_id
            and dated.revenue_code = revenue_codes.code
    where procedure_codes.code is not null or revenue_codes.code is not null
),

-- By both rosters; where that of the service date says nothing else, the other stands.
placed as (
    select
        coded.*,
        {% for column in [
            'practice_id',
            'is_group',
            'is_competing_by_roster',
            'is_provider_counted',
        ] -%}
        as_of_practices.{{ column }} as as_of_{{ column }},
        case
            when service_date_practices.roster_date is not null
                then service_date_practices.{{ column }}
            else as_of_practices.{{ column }}
        end as service_date_{{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from coded
    left join as_of_practices
        on
            coded.as_of_date = as_of_practices.as_of_date
            and coded.algorithm_id = as_of_practices.algorithm_id
            and coded.rendering_npi is not distinct from as_of_practices.rendering_npi
            and coded.billing_npi is not distinct from as_of_practices.billing_npi
            and coded.facility_npi is not distinct from as_of_practices.facility_npi
    left join service_date_practices
        on
            coded.as_of_date = service_date_practices.as_of_date
            and coded.algorithm_id = service_date_practices.algorithm_id
            and coded.rendering_npi
            is not distinct from service_date_practices.rendering_npi
            and coded.billing_npi is not distinct from service_date_practices.billing_npi
            and coded.facility_npi
            is not distinct from service_date_practices.facility_npi
            and coded.service_date = service_date_practices.roster_date
),

{%- set own = 'service_date' if by_service_date else 'as_of' %}
{%- set other = 'as_of' if by_service_date else 'service_date' %}

judged as (
    select
        *,
        has_procedure_by_default or has_revenue_by_default as is_qualifying,
        {{ own }}_practice_id as practice_id,
        {{ own }}_is_group as is_group,
        {{ own }}_is_provider_counted
        and {{ 'true' if do_all_compete else own ~ '_is_competing_by_roster' }}
            as is_practice_counted
    from placed
),

final as (
    select
        as_of_date,
        is_run_as_of,
        program,
        payer,
        person_id,
        selected_pcp_npi,
        claim_id,
        claim_line_number,
        service_date,
        concat_ws(
            ', ',
            case when has_revenue_by_default then revenue_code end,
            case when has_procedure_by_default then procedure_code end
        ) as qualifying_codes,
        practice_id,
        is_group,
        is_qualifying,
        {{ 'true' if do_all_compete else own ~ '_is_competing_by_roster' }}
        and practice_id is not null as is_competing,
        is_qualifying and is_practice_counted as is_counted,
        {{ other }}_practice_id as practice_id_by_roster_date,
        {{ other }}_is_group as is_group_by_roster_date,
        is_qualifying
        and {{ other }}_is_provider_counted
        and {{ 'true' if do_all_compete else other ~ '_is_competing_by_roster' }}
            as is_counted_by_roster_date,
        (has_procedure_by_code_policy or has_revenue_by_code_policy)
        and is_practice_counted as is_counted_by_code_policy,
        (has_procedure_by_medicare_0525 or has_revenue_by_medicare_0525)
        and is_practice_counted as is_counted_by_medicare_0525,
        is_qualifying
        and {{ own }}_is_provider_counted
        and {{ own ~ '_is_competing_by_roster' if do_all_compete else 'true' }}
            as is_counted_by_competing_practices
    from judged
)

select * from final
