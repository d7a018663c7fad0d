-- Turns the Tuva demo claims into a drop of the landing contract: schema `landing`, one
-- table per landed table. Every relabelling is a rule over the rows themselves, stated
-- here and on the page docs/methods/external-claims.md; nothing is drawn at random.
-- Reads the variable `claims_folder`.
create schema work;
create schema landing;

create view work.eligibility as
select * from read_csv(
    getvariable('claims_folder') || '/eligibility.csv', all_varchar = true
);
create view work.medical_claim as
select * from read_csv(
    getvariable('claims_folder') || '/medical_claim.csv', all_varchar = true
);
create view work.pharmacy_claim as
select * from read_csv(
    getvariable('claims_folder') || '/pharmacy_claim.csv', all_varchar = true
);

-- Where the commercial half lives: two towns of Rutland, one each of four other areas,
-- and a village (alias) of a sixth.
create table work.town as
select * from (
    values
    (0, 'Rutland City'),
    (1, 'Burlington'),
    (2, 'Brandon'),
    (3, 'Barre City'),
    (4, 'St. Albans City'),
    (5, 'Bennington'),
    (6, 'Bellows Falls')
) as town (town_no, town);

-- Practices take providers in turns of eight: `slots` says which of them are theirs.
create table work.practice as
select * from (
    values
    (
        'EXT-RUT-1', 'Overlay practice Rutland 1', 'Rutland', null,
        'EXT-AE-RUT', false, [0, 2, 4, 6]
    ),
    (
        'EXT-RUT-2', 'Overlay practice Rutland 2', null, 'Brandon',
        'EXT-AE-RUT', false, [1]
    ),
    (
        'EXT-BUR-1', 'Overlay practice Burlington', 'Burlington', 'Burlington',
        'EXT-AE-BUR', false, [3]
    ),
    (
        'EXT-BAR-1', 'Overlay health center Barre', 'Barre', null,
        'EXT-AE-BAR', true, [5]
    ),
    (
        'EXT-STA-1', 'Overlay practice St. Albans', 'St. Albans', null,
        'EXT-AE-STA', false, [7]
    )
) as practice (
    practice_id, practice_name, hsa, town, administrative_entity_id, is_fqhc, slots
);

-- Half of the people, those with an even id, become commercial; in the order of their
-- ids they live in the seven towns in turn. The other half stays as it is.
create table work.person as
with people as (
    select
        patient_id,
        cast(patient_id as bigint) as person_no,
        cast(patient_id as bigint) % 2 = 0 as is_commercial,
        min(payer) as original_payer
    from work.eligibility
    group by all
),

numbered as (
    select
        *,
        row_number() over (partition by is_commercial order by person_no) - 1 as place_no
    from people
)

select
    numbered.patient_id,
    numbered.is_commercial,
    if(numbered.is_commercial, 'bcbsvt', numbered.original_payer) as payer,
    if(numbered.is_commercial, town.town, null) as town
from numbered
inner join work.town
    on numbered.place_no % (select count(*) from work.town) = town.town_no;

-- Medicare's own codes mean nothing for a commercial member, so they are blanked.
create table landing.eligibility as
select
    eligibility.* replace (
        person.payer as payer,
        if(person.is_commercial, 'commercial', eligibility.payer_type) as payer_type,
        if(person.is_commercial, null, eligibility.dual_status_code)
            as dual_status_code,
        if(person.is_commercial, null, eligibility.medicare_status_code)
            as medicare_status_code,
        if(person.is_commercial, 'Vermont', eligibility.state) as state
    ),
    person.town as x_town
from work.eligibility
inner join work.person
    on eligibility.patient_id = person.patient_id;

-- A claim's payer is its person's. A claim of nobody would keep a null payer and show
-- up in quarantine. What Parquet can type is typed here.
create table landing.medical_claim as
select
    medical_claim.* replace (
        cast(medical_claim.claim_line_number as integer) as claim_line_number,
        cast(medical_claim.claim_start_date as date) as claim_start_date,
        cast(medical_claim.claim_end_date as date) as claim_end_date,
        cast(medical_claim.claim_line_start_date as date) as claim_line_start_date,
        cast(medical_claim.claim_line_end_date as date) as claim_line_end_date,
        cast(medical_claim.admission_date as date) as admission_date,
        cast(medical_claim.discharge_date as date) as discharge_date,
        cast(medical_claim.paid_date as date) as paid_date,
        cast(medical_claim.service_unit_quantity as double) as service_unit_quantity,
        cast(medical_claim.paid_amount as decimal(18, 2)) as paid_amount,
        cast(medical_claim.allowed_amount as decimal(18, 2)) as allowed_amount,
        cast(medical_claim.charge_amount as decimal(18, 2)) as charge_amount
    ),
    person.payer
from work.medical_claim
left join work.person
    on medical_claim.patient_id = person.patient_id;

create table landing.pharmacy_claim as
select
    pharmacy_claim.*,
    person.payer
from work.pharmacy_claim
left join work.person
    on pharmacy_claim.patient_id = person.patient_id;

create table landing.payer_policy as
select * from (
    values
    ('bcbsvt', 'commercial', 'residence', 'quarterly', 'quarterly', true, true, false),
    ('medicare', 'medicare', 'residence', 'quarterly', 'monthly', true, true, false)
) as payer_policy (
    payer, payer_type, residence_rule, attribution_frequency, payment_frequency,
    participates_pcmh, participates_cht, participates_whi
);

create table landing.administrative_entity as
select
    administrative_entity_id,
    'Overlay entity ' || any_value(coalesce(hsa, town) order by hsa nulls last) as name,
    any_value(coalesce(hsa, town) order by hsa nulls last) as hsa,
    true as cms_eligible
from work.practice
group by administrative_entity_id;

create table landing.practice as
select
    practice_id,
    practice_name,
    hsa,
    town,
    administrative_entity_id,
    'pcmh' as practice_type,
    is_fqhc,
    date '2016-01-01' as start_date
from work.practice;

-- Every NPI seen in claims. The files say nothing about providers, so that the ninth
-- digit decides what an individual is: seven kinds in ten are primary care.
create table landing.provider as
with seen as (
    select rendering_npi as npi, true as is_individual from work.medical_claim
    union all
    select billing_npi as npi, false as is_individual from work.medical_claim
    union all
    select facility_npi as npi, false as is_individual from work.medical_claim
),

providers as (
    select
        npi,
        bool_or(is_individual) as is_individual,
        cast(substr(npi, 9, 1) as integer) as digit
    from seen
    where npi is not null
    group by npi
)

select
    npi,
    case
        when not is_individual then null
        when digit <= 3 then 'family medicine'
        when digit = 6 then 'nurse practitioner'
        when digit >= 7 then 'cardiovascular disease'
    end as specialty,
    case when is_individual and digit in (4, 5) then '207R00000X' end as taxonomy_code,
    case
        when not is_individual then null
        when digit = 6 then 'NP'
        else 'MD'
    end as credential,
    if(is_individual, '1', '2') as entity_type
from providers;

-- Who most often rendered office visits (99201 to 99205, 99211 to 99215) to the
-- commercial half: distinct claims, then the lower NPI.
create table work.office_provider as
with visits as (
    select
        medical_claim.rendering_npi as npi,
        count(distinct medical_claim.claim_id) as claims
    from work.medical_claim
    semi join work.person
        on medical_claim.patient_id = person.patient_id and person.is_commercial
    where
        medical_claim.rendering_npi is not null
        and regexp_full_match(medical_claim.hcpcs_code, '9920[1-5]|9921[1-5]')
    group by medical_claim.rendering_npi
)

select
    npi,
    row_number() over (order by claims desc, npi asc) as provider_no
from visits;

-- The first 200 are on the roster; nobody else is. Of them every 13th left before the
-- as-of date and every 17th joins after it, every fifth has a specialty of its own on
-- the roster, and every ninth also works at Rutland 2, for longer. Odd numbers say
-- which practice is the main one; even ones do not, so that the earlier start decides.
create table landing.practice_provider as
with rostered as (
    select * from work.office_provider
    where provider_no <= 200
),

first_places as (
    select
        practice.practice_id,
        rostered.npi,
        'pcmh' as program,
        if(rostered.provider_no % 5 = 0, 'internal medicine', null) as specialty,
        null as credential,
        rostered.provider_no % 2 = 1 as is_primary_practice,
        case
            when rostered.provider_no % 17 = 0 then date '2018-10-01'
            else date '2016-07-01'
        end as start_date,
        case when rostered.provider_no % 13 = 0 then date '2018-06-30' end as end_date
    from rostered
    inner join work.practice
        on list_contains(practice.slots, rostered.provider_no % 8)
),

second_places as (
    select
        'EXT-RUT-2' as practice_id,
        npi,
        'pcmh' as program,
        null as specialty,
        null as credential,
        false as is_primary_practice,
        date '2016-01-01' as start_date,
        cast(null as date) as end_date
    from rostered
    where provider_no % 9 = 0 and provider_no % 8 <> 1
)

select * from first_places
union all by name
select * from second_places;

create table landing.practice_recognition as
select
    practice_id,
    date '2017-11-15' as event_date,
    'transmitted_to_payers' as event,
    '2014' as standard,
    '3' as level
from work.practice;

create table landing.collaborative_participation as
select
    practice.practice_id,
    years.calendar_year,
    'Hypertension control' as initiative
from work.practice
cross join (values (2017), (2018)) as years (calendar_year);
