-- What the adult measures can come to at least and at most on the Tuva demo claims as of
-- 2018-09-30, counted on the files themselves and by none of the project's models or
-- seeds: table `bound`, one row per measure. The measures' rules are not repeated here.
-- A "most" takes everyone who has any code of the kind; a "least", those about whom no
-- rule can differ. Where a measure looks back into the year before the period, of which
-- the files have no claims, at most nobody can have what it asks for there.
--
-- Reads the variable `claims_folder`, the table `attributed` (patient_id), which is the
-- reference attribution's, and the table `drug` (ndc, atc), codes by class.
create view eligibility as
select * from read_csv(
    getvariable('claims_folder') || '/eligibility.csv', all_varchar = true
);
create view medical_claim as
select * from read_csv(
    getvariable('claims_folder') || '/medical_claim.csv', all_varchar = true
);
create view pharmacy_claim as
select * from read_csv(
    getvariable('claims_folder') || '/pharmacy_claim.csv', all_varchar = true
);

-- Every covered day of the two years, one by one.
create table covered_day as
with days as (
    select unnest(
        range(timestamp '2016-10-01', timestamp '2018-10-01', interval 1 day)
    ) as day
)

select distinct
    eligibility.patient_id,
    cast(days.day as date) as day
from eligibility
inner join attributed using (patient_id)
inner join days
    on days.day between
        cast(eligibility.enrollment_start_date as date)
        and cast(eligibility.enrollment_end_date as date);

-- Days without coverage, in the period and in the year before it. Who has none is
-- enrolled by any rule; who has more than 45 in a year, by no rule of that year.
create table person as
with covered as (
    select
        patient_id,
        count(*) filter (where day >= '2017-10-01') as days,
        count(*) filter (where day < '2017-10-01') as days_before
    from covered_day
    group by patient_id
),

people as (
    select
        patient_id,
        any_value(gender) as gender,
        date_diff('month', any_value(cast(birth_date as date)), date '2018-10-01')
        // 12 as age
    from eligibility
    inner join attributed using (patient_id)
    group by patient_id
)

select
    people.*,
    covered.days,
    365 - covered.days as missing,
    365 - covered.days_before as missing_before
from people
inner join covered using (patient_id);

-- Lines to the period's last day, each with its visit or not.
create table line as
select
    patient_id,
    claim_id,
    cast(coalesce(claim_line_start_date, claim_start_date) as date) as day,
    hcpcs_code,
    revenue_center_code as revenue,
    bill_type_code as bill,
    place_of_service_code as place,
    list_distinct(
        [columns('^diagnosis_code_[0-9]+$')]
    ) as diagnoses,
    regexp_full_match(coalesce(hcpcs_code, ''), '9920[1-5]|9921[1-5]')
    and claim_type = 'professional' and place_of_service_code = '11' as is_office,
    regexp_full_match(
        coalesce(hcpcs_code, ''), '99[234].*|98[0-9]{3}|G04[0-9]{2}|G05.*|T1015|920[01].'
    )
    or regexp_full_match(coalesce(revenue_center_code, ''), '05[1-3].|098.|045.')
        as is_any_visit
from medical_claim
inner join attributed using (patient_id)
where cast(claim_start_date as date) <= date '2018-09-30';

create table diagnosis as
select
    patient_id,
    claim_id,
    day,
    is_office,
    replace(unnest(diagnoses), '.', '') as code
from line;

create table fill as
select
    pharmacy_claim.patient_id,
    cast(pharmacy_claim.dispensing_date as date) as day,
    drug.atc
from pharmacy_claim
inner join attributed using (patient_id)
inner join drug
    on pharmacy_claim.ndc_code = drug.ndc
where cast(pharmacy_claim.dispensing_date as date) <= date '2018-09-30';

-- Every bill for an inpatient, of a hospital (11) or another facility.
create table stay as
select
    patient_id,
    claim_id,
    any_value(bill_type_code) as bill,
    any_value(replace(diagnosis_code_1, '.', '')) as principal,
    min(cast(coalesce(admission_date, claim_start_date) as date)) as admitted,
    max(cast(coalesce(discharge_date, claim_end_date) as date)) as discharged
from medical_claim
inner join attributed using (patient_id)
where regexp_matches(bill_type_code, '^0?(1[18]|2|[46][1-8])')
group by
    patient_id,
    claim_id;

-- Who can be excluded at all, from the common exclusions.
create table signal as
select
    person.patient_id,
    coalesce(bool_or(
        line.revenue like '065%' or line.bill like '8%' or line.place = '34'
        or regexp_matches(line.hcpcs_code, '^(G0182|G9473|Q50|T204|S9126|9937[78]|G94[79])')
    ), false) as hospice,
    coalesce(bool_or(
        list_contains(line.diagnoses, 'Z515') or line.hcpcs_code in ('G9054', 'M1017')
    ), false) as palliative,
    person.age >= 66 and coalesce(bool_or(
        line.place in ('31', '32', '33', '54', '56') or line.bill like '2%'
        or regexp_matches(line.hcpcs_code, '^993[0-4]|^(E0|E1|G0299|G0300|G0162|T10)')
        or len(list_filter(line.diagnoses, lambda code: regexp_matches(
            code,
            '^(C25|C71|C7[789]|C9[12]|F0[1-4]|F10|G1[02]|G2|G3[0-2]|G35|I09|I1[123]|I50'
            || '|J43|J68|J84|J96|K70|K74|N18|L89|M62|R26|R53|R54|R62|R63|R64|W|Y92'
            || '|Z73|Z74|Z91|Z99)'
        ))) > 0
    ), false) as frail_or_ill
from person
left join line using (patient_id)
group by
    person.patient_id,
    person.age;

-- One row per measure and person (or stay): in the denominator or excluded for certain
-- (`surely`), perhaps excluded, perhaps and surely in the numerator. Whoever is not here
-- cannot be counted.
create table candidate as
with flags as (
    select
        person.*,
        signal.* exclude (patient_id),
        missing <= 45 as one_year_perhaps,
        missing = 0 as one_year_surely,
        missing <= 45 and missing_before <= 45 as two_years_perhaps,
        missing = 0 and missing_before = 0 as two_years_surely,
        hospice or palliative or frail_or_ill as common_exclusion
    from person
    inner join signal using (patient_id)
),

had as (
    select
        person.patient_id,
        -- Services.
        coalesce(bool_or(regexp_matches(
            line.hcpcs_code, '^(7705[5-7]|7706[1-7]|G020[246]|G0279)'
        ) or line.revenue in ('0401', '0403')), false) as mammogram,
        coalesce(bool_or(regexp_matches(
            line.hcpcs_code, '^(7706[57]|G020[24])'
        )), false) as mammogram_surely,
        coalesce(bool_or(regexp_matches(
            line.hcpcs_code,
            '^(4433|4434|4438|4439|4440|4510|4530|4531|4532|4533|4534|4535|4537|4538'
            || '|4539|G0104|G0105|G0106|G0120|G0121|G0122|G0328|G0394|G0464|81528'
            || '|8227[0-4]|7426)'
        )), false) as colorectal_test,
        coalesce(bool_or(regexp_matches(line.hcpcs_code, '^(4537[89]|4538|8227|G0121)')),
            false) as colorectal_test_surely,
        coalesce(bool_or(regexp_matches(
            line.hcpcs_code, '^(881[4-7]|G01[24]|P300|Q0091|8762)'
        ) or line.revenue = '0923'), false) as pap,
        coalesce(bool_or(regexp_matches(
            line.hcpcs_code, '^(80061|8370|8371|8372|304[89]F|3050F)'
        )), false) as lipids,
        coalesce(bool_or(regexp_matches(
            line.hcpcs_code, '^(9063|9065|9066|9067|9068|9072|90756|Q203|G0008)'
        ) and line.day between '2017-08-01' and '2018-03-31'), false) as influenza,
        coalesce(bool_or(regexp_matches(
            line.hcpcs_code, '^(90662|90674|90686|90688|Q203)'
        ) and line.day between '2017-08-01' and '2018-03-31'), false)
            as influenza_surely,
        coalesce(bool_or(
            line.is_any_visit and line.day between '2017-10-01' and '2018-03-31'
        ), false) as seen_in_winter,
        coalesce(bool_or(
            line.is_office and line.day between '2017-10-01' and '2018-03-31'
        ), false) as seen_in_winter_surely,
        coalesce(bool_or(regexp_matches(
            line.hcpcs_code, '^(9067[0-1]|9073[12]|G0009|G8864|4040F)'
        )), false) as pneumococcal,
        coalesce(bool_or(regexp_matches(line.hcpcs_code, '^(90670|90732)')), false)
            as pneumococcal_surely,
        coalesce(bool_or(line.is_any_visit), false) as seen,
        coalesce(bool_or(line.is_office), false) as seen_surely,
        coalesce(bool_or(line.hcpcs_code in ('1100F', '1101F', '3288F')), false)
            as falls_code,
        coalesce(bool_or(line.hcpcs_code in ('1111F', '99495', '99496', '99483')), false)
            as reconciled,
        coalesce(bool_or(regexp_matches(
            line.hcpcs_code,
            '^(67|920[01]|9213|9222|922[356]|20[2-3].F|3072F|S062|S300|G2102)'
        )), false) as eye_code,
        coalesce(bool_or(regexp_matches(
            line.hcpcs_code, '^(8100|8204|8215|8416|306[0-2]F|3066F|9093|9094|9095|4010F)'
        )), false) as kidney_code
    from person
    left join line using (patient_id)
    group by person.patient_id
),

diagnosed as (
    select
        person.patient_id,
        coalesce(bool_or(regexp_matches(code, '^(E0[89]|E1[0-3])')), false) as diabetes,
        count(distinct day) filter (where regexp_matches(code, '^E1[01]') and is_office)
        >= 2 as diabetes_surely,
        coalesce(bool_or(regexp_matches(code, '^(I2|I6|I7|T82|Z95|Z98|G45|K55|H34)')), false)
            as vascular,
        coalesce(bool_or(regexp_matches(code, '^I25') and is_office), false)
            as vascular_surely,
        coalesce(bool_or(regexp_matches(code, '^(I2[0-5]|Z951|Z955|Z9861)')), false)
            as coronary,
        coalesce(bool_or(regexp_matches(code, '^(I50|I51|I42|I255|I11|I13|I09)')), false)
            as weak_heart,
        coalesce(bool_or(regexp_matches(code, '^(I50|I11|I13|I09)')), false)
            as heart_failure,
        coalesce(bool_or(regexp_matches(code, '^I50')), false) as heart_failure_surely,
        coalesce(bool_or(regexp_matches(code, '^J4[0-7]')), false) as lungs,
        coalesce(bool_or(regexp_matches(code, '^J4[45]')), false) as lungs_surely,
        coalesce(bool_or(regexp_matches(code, '^(J20|J40)')), false) as bronchitis,
        coalesce(bool_or(regexp_matches(code, '^F1[0-9]')), false) as substance,
        count(distinct claim_id) filter (where regexp_matches(code, '^F1[0-9]'))
        as substance_claims,
        coalesce(bool_or(regexp_matches(code, '^(C1[89]|C2[01]|Z8503|Z8504|Z90)')), false)
            as colon_gone,
        coalesce(bool_or(regexp_matches(code, '^(Z901|Z908)')), false) as breast_gone,
        coalesce(bool_or(regexp_matches(code, '^(Z90[67]|Q51)')), false) as cervix_gone,
        coalesce(bool_or(regexp_matches(code, '^(Z28|T50Z|Z88|Z8[79])')), false)
            as vaccine_reason,
        coalesce(bool_or(regexp_matches(code, '^(N|E1[0-3]2|I12|I13|I15|R80|Z49|Z94|Z99)')),
            false) as kidneys
    from person
    left join diagnosis using (patient_id)
    group by person.patient_id
),

filled as (
    select
        person.patient_id,
        coalesce(bool_or(atc like 'A10%'), false) as diabetes_drug,
        coalesce(bool_or(atc like 'B01A%'), false) as clot_drug,
        coalesce(bool_or(regexp_matches(atc, '^B01A[AEFBX]')), false)
            as anticoagulant,
        coalesce(bool_or(atc = 'B01AC'), false) as clot_drug_surely,
        coalesce(bool_or(atc like 'C09%'), false) as ace_arb,
        coalesce(bool_or(regexp_matches(atc, '^C09[AC]A')), false) as ace_arb_surely,
        coalesce(bool_or(atc like 'C07%'), false) as beta_blocker,
        coalesce(bool_or(atc like 'N06D%'), false) as dementia_drug
    from person
    left join fill using (patient_id)
    group by person.patient_id
),

facts as (
    select *
    from flags
    inner join had using (patient_id)
    inner join diagnosed using (patient_id)
    inner join filled using (patient_id)
)

-- Mammography: the year of the period and the one before.
select
    'core-11' as measure_id,
    two_years_surely as is_surely,
    common_exclusion or dementia_drug or breast_gone as may_be_excluded,
    hospice as is_excluded_surely,
    mammogram as numerator_perhaps,
    mammogram_surely as numerator_surely
from facts
where gender = 'female' and age between 52 and 74 and two_years_perhaps
union all
select
    'core-18', one_year_surely,
    common_exclusion or dementia_drug or colon_gone, hospice,
    colorectal_test, colorectal_test_surely
from facts
where age between 50 and 75 and one_year_perhaps
union all
select
    'core-30', one_year_surely, hospice or cervix_gone, hospice, pap, false
from facts
where gender = 'female' and age between 21 and 64 and one_year_perhaps
union all
-- Vascular disease in both years, or an event in the year before: there are no claims.
select
    'core-3', false, false, false, lipids, false
from facts
where
    age between 18 and 75 and two_years_perhaps and vascular
    and exists (select 1 from line where day < '2017-10-01')
union all
select
    'core-31', vascular_surely, hospice or anticoagulant, hospice,
    clot_drug, clot_drug_surely
from facts
where vascular
union all
select
    'core-35', seen_in_winter_surely, vaccine_reason, false,
    influenza, influenza_surely
from facts
where seen_in_winter
union all
select
    'core-48', true, hospice, hospice, pneumococcal, pneumococcal_surely
from facts
where age >= 65
union all
select
    'core-47', seen_surely, hospice, hospice, falls_code, false
from facts
where age >= 65 and seen
union all
select
    'm&e-2', diabetes_surely and one_year_surely,
    common_exclusion or dementia_drug, hospice, eye_code, false
from facts
where age between 18 and 75 and one_year_perhaps and (diabetes or diabetes_drug)
union all
select
    'm&e-3', diabetes_surely and one_year_surely,
    common_exclusion or dementia_drug, hospice,
    kidney_code or kidneys or ace_arb, ace_arb_surely
from facts
where age between 18 and 75 and one_year_perhaps and (diabetes or diabetes_drug)
union all
select
    'core-38.mssp-33', false, hospice, false, ace_arb or kidney_code, false
from facts
where coronary and (diabetes or weak_heart)
union all
select
    'mssp-31', false, hospice, false, beta_blocker, false
from facts
where weak_heart
union all
select
    'core-6', false, true, false, true, false
from facts
where age <= 64 and bronchitis
union all
select
    'core-5.a', false, true, false, substance_claims >= 2, false
from facts
where substance
union all
select
    'core-5.b', false, true, false, substance_claims >= 3, false
from facts
where substance
union all
-- Nobody is young enough: whoever is here would be counted.
select
    'core-7', false, true, false, true, false
from facts
where gender = 'female' and age between 16 and 24
union all
select
    'whi-contraception', false, true, false, true, false
from facts
where gender = 'female' and age between 15 and 44
union all
-- Stays. Those of other facilities count for reconciliation alone.
select
    'core-1', false, true, false,
    exists (
        select 1 from stay as next
        where
            next.patient_id = stay.patient_id
            and next.admitted - stay.discharged between 1 and 30
    ), false
from stay
where bill like '11%' and discharged between '2017-10-01' and '2018-08-31'
union all
select
    'core-4', false, true, false,
    exists (
        select 1 from line
        where
            line.patient_id = stay.patient_id
            and line.day - stay.discharged between 1 and 7
    ), false
from stay
where
    bill like '11%' and discharged between '2017-10-01' and '2018-08-31'
    and regexp_matches(principal, '^F[2-9]')
union all
select
    'mssp-12', false, hospice, false, reconciled, false
from stay
inner join facts using (patient_id)
where discharged between '2017-10-01' and '2018-08-31' and age >= 65;

-- Denominator with exclusions, exclusions and numerator, each at least and at most. A
-- rate per member has the members as its denominator and the stays as its numerator.
create table bound as
with shares as (
    select
        measure_id,
        cast(count(*) filter (where is_surely) as decimal(9, 4)) as population_least,
        cast(count(*) as decimal(9, 4)) as population_most,
        count(*) filter (where is_surely and is_excluded_surely) as exclusions_least,
        count(*) filter (where may_be_excluded) as exclusions_most,
        count(*) filter (where is_surely and numerator_surely and not may_be_excluded)
            as numerator_least,
        count(*) filter (where numerator_perhaps) as numerator_most
    from candidate
    group by measure_id
),

-- Member-years to the share of a day that six decimals of each person's may lose.
members as (
    select
        'core-12' as measure_id,
        sum(days) / 365 - 0.0001 as population_least,
        sum(days) / 365 + 0.0001 as population_most
    from person
    where age >= 18
    union all
    select
        'core-10',
        count(distinct patient_id) filter (where regexp_matches(code, '^J4[45]')),
        count(distinct patient_id)
    from diagnosis
    inner join person using (patient_id)
    where age >= 40 and regexp_matches(code, '^J4[0-7]')
    union all
    select
        'mssp-10',
        count(distinct patient_id) filter (where regexp_matches(code, '^I50')),
        count(distinct patient_id)
    from diagnosis
    where regexp_matches(code, '^(I50|I11|I13|I09)')
),

-- A principal diagnosis of the kind; an amputation is left out, being no diagnosis.
admissions as (
    select
        members.*,
        count(distinct stay.claim_id) as stays
    from members
    left join stay
        on
            stay.bill like '11%'
            and stay.discharged between '2017-10-01' and '2018-09-30'
            and regexp_matches(
                stay.principal,
                case members.measure_id
                    when 'core-12' then '^(E0[89]|E1[0-3]|J4[1-7]|I09|I1[0-3]|I50)'
                    when 'core-10' then '^J4[1-7]'
                    else '^(I09|I1[13]|I50)'
                end
            )
    group by all
)

select * from shares
union all
select
    measure_id,
    cast(population_least as decimal(9, 4)),
    cast(population_most as decimal(9, 4)),
    0,
    stays,
    0,
    stays
from admissions;
