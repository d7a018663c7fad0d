-- One row per person, payer, plan and start of enrolment: who was covered, by whom,
-- where they lived or worked. A payer's spelling of its type, of a state and of a town
-- becomes the one that the rules use (A-02, D7, D56).
with audited as (
    select * from {{ ref('base_eligibility') }}
),

payer_types as (
    select * from {{ ref('payer_types') }}
),

states as (
    select * from {{ ref('states') }}
),

places as (
    select * from {{ ref('stg_place') }}
),

zip_codes as (
    select * from {{ ref('town_zip_codes') }}
),

towns as (
    select * from {{ ref('towns') }}
),

final as (
    select
        audited.person_id,
        audited.payer,
        audited.plan,
        audited.enrollment_start_date,
        audited.enrollment_end_date,
        coalesce(payer_types.payer_type, 'other') as payer_type,
        audited.payer_type as landed_payer_type,
        audited.birth_date,
        audited.death_date,
        lower(audited.gender) as gender,
        coalesce(home.state, upper(audited.state)) as residence_state,
        coalesce(workplace.state, upper(audited.x_employer_situs_state))
            as employer_situs_state,
        coalesce(place_of_town.town, place_of_city.town, zip_codes.town)
            as residence_town,
        towns.hsa as residence_hsa,
        {{ zero_padded('audited.dual_status_code', 2) }} as dual_status_code,
        {{ zero_padded('audited.original_reason_entitlement_code', 2) }}
            as original_reason_entitlement_code,
        audited.x_selected_pcp_npi as selected_pcp_npi,
        audited.x_primary_payer_flag as is_primary_payer,
        audited.x_requires_pcp_selection as is_pcp_selection_required,
        coalesce(
            audited.x_part_a_flag, coalesce(payer_types.payer_type, '') = 'medicare'
        ) as has_part_a,
        coalesce(
            audited.x_part_b_flag, coalesce(payer_types.payer_type, '') = 'medicare'
        ) as has_part_b,
        audited.x_medicare_advantage_flag as is_medicare_advantage,
        audited.x_self_insured_flag as is_self_insured,
        audited.x_program_participation_flag as is_plan_participating,
        audited.x_aco_opt_out_flag as is_aco_opt_out,
        audited.landed_copies
    from audited
    left join payer_types
        on lower(audited.payer_type) = payer_types.landed_payer_type
    left join states as home
        on upper(audited.state) = home.landed_state
    left join states as workplace
        on upper(audited.x_employer_situs_state) = workplace.landed_state
    left join places as place_of_town
        on upper(audited.x_town) = place_of_town.place_name
    left join places as place_of_city
        on
            upper(audited.city) = place_of_city.place_name
            and home.state is not null
    left join zip_codes
        on substring(audited.zip_code, 1, 5) = zip_codes.zip_code
    left join towns
        on
            coalesce(place_of_town.town, place_of_city.town, zip_codes.town)
            = towns.town
    where audited.fault_rule is null
)

select * from final
