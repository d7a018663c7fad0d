-- The floor, step 2 of 4, from staged tables: the same as floor_landed.sql leaves,
-- where keys, faults, spellings and final claims are settled already. It is what the
-- models of attribution start from too.
--
-- Belongs here: renaming. Does not belong here: any rule.
--
-- Reads schema staging of the database `build`.

create or replace temp view practice_periods as
select
    practice_id,
    start_date,
    end_date,
    hsa,
    practice_type,
    is_fqhc,
    is_rhc,
from build.staging.stg_practice;

create or replace temp view provider_rows as
select
    npi,
    specialty,
    credential,
from build.staging.stg_provider;

create or replace temp view roster_rows as
select
    program,
    practice_id,
    npi,
    start_date,
    end_date,
    specialty,
    credential,
    is_board_certified_obgyn,
    is_primary_practice,
    billing_npi,
from build.staging.stg_practice_provider;

create or replace temp view whi_events as
select
    practice_id,
    event_date,
    event,
from build.staging.stg_whi_participation;

create or replace temp view policies as
select
    payer,
    residence_rule,
    is_pcmh_participant as participates_pcmh,
    is_whi_participant as participates_whi,
    effective_from,
    effective_to,
from build.staging.stg_payer_policy;

create or replace temp view spans as
select
    payer,
    person_id,
    plan,
    enrollment_start_date,
    enrollment_end_date,
    birth_date,
    death_date,
    gender,
    payer_type,
    coalesce(residence_state in (select state from home_states), false) as is_resident,
    coalesce(employer_situs_state in (select state from home_states), false)
        as is_employed_here,
    is_primary_payer,
    is_plan_participating,
    has_part_a and has_part_b as has_parts_a_and_b,
    is_medicare_advantage,
    case when is_pcp_selection_required then selected_pcp_npi end as selected_pcp_npi,
from build.staging.stg_eligibility;

create or replace temp view claim_rows as
select
    payer,
    person_id,
    claim_id,
    claim_line_number,
    claim_version,
    claim_status_code,
    service_date,
    hcpcs_code as procedure_code,
    case when claim_type = 'institutional' then revenue_code end as revenue_code,
    rendering_npi,
    billing_npi,
    facility_npi,
    known_from,
    known_to,
    true as is_sound,
from build.staging.stg_medical_claim;

-- Every row says how long it counted.
create or replace temp view unsettled_claim_rows as
select
    *,
    null::varchar as replaces_claim_id,
    null as whole,
from claim_rows
where false;
