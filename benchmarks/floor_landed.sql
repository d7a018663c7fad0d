-- The floor, step 2 of 4, from landed files: what a drop holds that attribution asks,
-- each row once and without those at fault.
--
-- Belongs here: keys, faults and spellings, as staging settles them (design, "Keys" and
-- "Bad input"), for the columns that attribution asks and no others. Does not belong
-- here: how files are read and typed (floor.py), final claims (floor_claims.sql), or
-- any rule of attribution.
--
-- Reads views landed_<table>: the contract's columns in its order, typed, blanks null,
-- defaults filled in, and `is_sound` last, which says that no required value is missing
-- and that every value could be typed. floor_staged.sql leaves the same from tables
-- that are staged already.

-- Practices and their rosters ---------------------------------------------------------
-- All of it is small, so that whole tables are windowed. Of rows with one key the first
-- by contents stands: to order by the row is to order by its columns, left to right.

create or replace temp table practice_periods as
with sound as (
    select *
    from landed_practice
    where is_sound
),

periods as (
    select *
    from sound
    qualify row_number() over (partition by practice_id, start_date order by sound) = 1
),

towns as (
    select
        town,
        hsa,
    from reference('towns')
),

-- A town's own name wins over a village of that name elsewhere.
places as (
    select
        town as place_name,
        hsa,
    from towns

    union all

    select
        aliases.alias as place_name,
        min_by(towns.hsa, towns.town) as hsa,
    from reference('town_aliases') as aliases
    inner join towns on aliases.town = towns.town
    where aliases.alias not in (select town from towns)
    group by aliases.alias
)

select
    periods.practice_id,
    periods.start_date,
    periods.end_date,
    coalesce(hsa_aliases.hsa, places.hsa) as hsa,
    lower(periods.practice_type) as practice_type,
    periods.is_fqhc,
    periods.is_rhc,
from periods
left join reference('hsa_aliases') as hsa_aliases
    on upper(periods.hsa) = hsa_aliases.alias
left join places on upper(periods.town) = places.place_name;

create or replace temp table provider_rows as
with sound as (
    select *
    from landed_provider
    where is_sound
),

providers as (
    select *
    from sound
    qualify row_number() over (partition by npi order by sound) = 1
),

taxonomies as (
    select
        taxonomy_code,
        specialty,
    from reference('specialty_taxonomies')
)

select
    providers.npi,
    coalesce(
        taxonomy_of_word.specialty,
        lower(providers.specialty),
        taxonomy_of_code.specialty
    ) as specialty,
    upper(providers.credential) as credential,
from providers
left join taxonomies as taxonomy_of_word
    on upper(providers.specialty) = taxonomy_of_word.taxonomy_code
left join taxonomies as taxonomy_of_code
    on upper(providers.taxonomy_code) = taxonomy_of_code.taxonomy_code;

create or replace temp table roster_rows as
with sound as (
    select *
    from landed_practice_provider
    where is_sound
        and practice_id in (select practice_id from practice_periods)
),

rows_of_roster as (
    select *
    from sound
    qualify row_number() over (
        partition by practice_id, npi, program, start_date
        order by sound
    ) = 1
)

select
    lower(rows_of_roster.program) as program,
    rows_of_roster.practice_id,
    rows_of_roster.npi,
    rows_of_roster.start_date,
    rows_of_roster.end_date,
    coalesce(taxonomies.specialty, lower(rows_of_roster.specialty)) as specialty,
    upper(rows_of_roster.credential) as credential,
    rows_of_roster.board_certified_obgyn as is_board_certified_obgyn,
    rows_of_roster.is_primary_practice,
    rows_of_roster.billing_npi,
from rows_of_roster
left join reference('specialty_taxonomies') as taxonomies
    on upper(rows_of_roster.specialty) = taxonomies.taxonomy_code;

create or replace temp table whi_events as
select
    practice_id,
    event_date,
    lower(event) as event,
from landed_whi_participation
where is_sound
    and practice_id in (select practice_id from practice_periods);

-- Payers and people -------------------------------------------------------------------

-- A payer that landed a row of its own is ruled by those alone.
create or replace temp table policies as
with sound as (
    select *
    from landed_payer_policy
    where is_sound
),

landed as (
    select *
    from sound
    qualify row_number() over (partition by payer, effective_from order by sound) = 1
)

select
    payer,
    lower(residence_rule) as residence_rule,
    participates_pcmh,
    participates_whi,
    effective_from,
    effective_to,
from landed

union all

select
    payer,
    residence_rule,
    participates_pcmh::boolean as participates_pcmh,
    participates_whi::boolean as participates_whi,
    effective_from::date as effective_from,
    effective_to::date as effective_to,
from reference('payer_policy_defaults')
where payer not in (select payer from landed);

create or replace temp table spans as
with sound as (
    select *
    from landed_eligibility
    where is_sound
),

-- Only keys that occur more than once need a window, which takes every column.
repeated as (
    select
        person_id,
        payer,
        plan,
        enrollment_start_date,
    from sound
    group by
        person_id,
        payer,
        plan,
        enrollment_start_date
    having count(*) > 1
),

first_of_repeated as (
    select sound.*
    from sound
    semi join repeated
        on sound.person_id = repeated.person_id
        and sound.payer = repeated.payer
        and sound.plan is not distinct from repeated.plan
        and sound.enrollment_start_date = repeated.enrollment_start_date
    qualify row_number() over (
        partition by
            sound.person_id, sound.payer, sound.plan, sound.enrollment_start_date
        order by sound
    ) = 1
),

distinct_spans as (
    select sound.*
    from sound
    anti join repeated
        on sound.person_id = repeated.person_id
        and sound.payer = repeated.payer
        and sound.plan is not distinct from repeated.plan
        and sound.enrollment_start_date = repeated.enrollment_start_date

    union all

    select *
    from first_of_repeated
),

typed as (
    select
        distinct_spans.* exclude (payer_type),
        coalesce(payer_types.payer_type, 'other') as payer_type,
    from distinct_spans
    left join reference('payer_types') as payer_types
        on lower(distinct_spans.payer_type) = payer_types.landed_payer_type
)

select
    payer,
    person_id,
    plan,
    enrollment_start_date,
    enrollment_end_date,
    birth_date,
    death_date,
    lower(gender) as gender,
    payer_type,
    coalesce(upper(state) in (select state from home_states), false) as is_resident,
    coalesce(upper(x_employer_situs_state) in (select state from home_states), false)
        as is_employed_here,
    x_primary_payer_flag as is_primary_payer,
    x_program_participation_flag as is_plan_participating,
    coalesce(x_part_a_flag, payer_type = 'medicare')
    and coalesce(x_part_b_flag, payer_type = 'medicare') as has_parts_a_and_b,
    x_medicare_advantage_flag as is_medicare_advantage,
    case when x_requires_pcp_selection then x_selected_pcp_npi end as selected_pcp_npi,
from typed;

-- Claims ------------------------------------------------------------------------------

-- What of a claim line attribution asks, and the whole row for what little needs it:
-- other rows of the claim may still end it.
create or replace temp view unsettled_claim_rows as
select
    payer,
    person_id,
    claim_id,
    claim_line_number,
    x_claim_version as claim_version,
    x_claim_status_code as claim_status_code,
    coalesce(claim_line_start_date, claim_start_date) as service_date,
    upper(hcpcs_code) as procedure_code,
    case
        when lower(claim_type) = 'institutional'
            then zero_padded(revenue_center_code, 4)
    end as revenue_code,
    rendering_npi,
    billing_npi,
    facility_npi,
    x_replaces_claim_id as replaces_claim_id,
    paid_date as known_from,
    null::date as known_to,
    is_sound,
    landed as whole,
from landed_medical_claim as landed;

create or replace temp view claim_rows as
select * exclude (whole)
from unsettled_claim_rows;
