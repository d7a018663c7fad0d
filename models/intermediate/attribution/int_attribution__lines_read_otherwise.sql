{{ config(materialized='view') }}
{%- set by_service_date = var('roster_date') == 'service_date' %}
-- One row per line of int_attribution__lines_as_of on the run's as-of date: whether it
-- counts, and for which practice, by each reading that differs from the run's own in
-- one parameter of lines (D4, D12; rules section 5.13).
with lines as (
    select * from {{ ref('int_attribution__lines_as_of') }}
    where is_run_as_of
),

provider_practices as (
    select * from {{ ref('int_attribution__provider_practices') }}
),

-- By the roster that the run does not read; where that of the service date says nothing
-- else than the as-of date's, it has no row.
other_practices as (
    select * from provider_practices
    where roster_date {{ '=' if by_service_date else '<' }} as_of_date
),

placed as (
    select
        lines.*,
        case
            when other_practices.roster_date is not null
                then other_practices.practice_id
            else lines.practice_id
        end as other_practice_id,
        case
            when other_practices.roster_date is not null
                then other_practices.is_group
            else lines.is_group
        end as other_is_group,
        case
            when other_practices.roster_date is not null
                then other_practices.is_competing_by_roster
            else lines.is_competing_by_roster
        end as other_is_competing_by_roster,
        case
            when other_practices.roster_date is not null
                then other_practices.is_provider_counted
            else lines.is_provider_counted
        end as other_is_provider_counted
    from lines
    left join other_practices
        on
            lines.as_of_date = other_practices.as_of_date
            and lines.algorithm_id = other_practices.algorithm_id
            and lines.rendering_npi is not distinct from other_practices.rendering_npi
            and lines.billing_npi is not distinct from other_practices.billing_npi
            and lines.facility_npi is not distinct from other_practices.facility_npi
            {%- if not by_service_date %}
            and lines.service_date = other_practices.roster_date
            {%- endif %}
),

final as (
    select
        as_of_date,
        program,
        payer,
        person_id,
        selected_pcp_npi,
        claim_id,
        service_date,
        practice_id,
        is_group,
        is_counted,
        other_practice_id as practice_id_by_roster_date,
        other_is_group as is_group_by_roster_date,
        is_qualifying
        and other_is_provider_counted
        {%- if var('competing_practices') != 'all' %}
        and other_is_competing_by_roster
        {%- endif %} as is_counted_by_roster_date,
        is_qualifying_by_code_policy
        and is_provider_counted
        and is_competing as is_counted_by_code_policy,
        is_qualifying_by_medicare_0525
        and is_provider_counted
        and is_competing as is_counted_by_medicare_0525,
        is_qualifying
        and is_provider_counted
        {%- if var('competing_practices') == 'all' %}
        and is_competing_by_roster
        {%- endif %} as is_counted_by_competing_practices
    from placed
)

select * from final
