-- What the adult measures can come to at least and at most on the Tuva demo claims as
-- of 2018-09-30, counted on the files themselves and by none of the project's models
-- or seeds: table `bound`, one row per measure that anybody can count in. The measures'
-- rules are not repeated here.
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
    list_distinct(list_value(*columns('^diagnosis_code_[0-9]+$'))) as diagnoses,
    regexp_full_match(coalesce(hcpcs_code, ''), '9920[1-5]|9921[1-5]')
    and claim_type = 'professional' and place_of_service_code = '11' as is_office,
    regexp_full_match(
        coalesce(hcpcs_code, ''),
        '99[234].*|98[0-9]{3}|G04[0-9]{2}|G05.*|T1015|920[01].'
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
create table bill as
select
    patient_id,
    claim_id,
    any_value(bill_type_code) as bill,
    any_value(discharge_disposition_code) as disposition,
    any_value(replace(diagnosis_code_1, '.', '')) as principal,
    min(cast(coalesce(admission_date, claim_start_date) as date)) as admitted,
    max(cast(coalesce(discharge_date, claim_end_date) as date)) as discharged
from medical_claim
inner join attributed using (patient_id)
where regexp_matches(bill_type_code, '^0?(1[18]|2|[46][1-8])')
group by
    patient_id,
    claim_id;

-- A plain stay is one that sent the patient home, and the only one for 30 days around.
create table stay as
select
    bill.*,
    bill.disposition = '01'
    and not regexp_matches(coalesce(bill.principal, ''), '^[OPZ]')
    and not exists (
        select 1 from bill as other
        where
            other.patient_id = bill.patient_id and other.claim_id <> bill.claim_id
            and other.admitted <= bill.discharged + 30
            and other.discharged >= bill.admitted - 30
    ) as is_plain,
    (
        select min(other.admitted) from bill as other
        where
            other.patient_id = bill.patient_id
            and other.admitted > bill.discharged
    ) as next_admitted,
    (
        select count(*) from covered_day
        where
            covered_day.patient_id = bill.patient_id
            and bill.discharged - covered_day.day between 1 and 365
    ) as days_before,
    (
        select count(*) from covered_day
        where
            covered_day.patient_id = bill.patient_id
            and covered_day.day - bill.discharged between 1 and 30
    ) as days_after
from bill;

-- Who can be excluded at all, from the common exclusions.
create table signal as
select
    person.patient_id,
    coalesce(bool_or(
        line.revenue like '065%'
        or regexp_matches(line.bill, '^8[12]')
        or line.place = '34'
        or regexp_matches(line.hcpcs_code, '^(G0182|Q50|T204|S9126|9937[78]|G94[79])')
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

-- What may and what must be true of a person, from services, diagnoses and fills.
create table services as
select
    person.patient_id,
    coalesce(bool_or(
        regexp_matches(
            line.hcpcs_code, '^(7705[5-7]|7706[1-7]|G020[246]|G0279|3014F|G9899)'
        )
        or line.revenue in ('0401', '0403')
    ), false) as mammogram,
    coalesce(bool_or(
        regexp_matches(
            line.hcpcs_code, '^(7706[567]|G020[246])'
        )
    ), false) as mammogram_surely,
    coalesce(bool_or(
        regexp_matches(
            line.hcpcs_code,
            '^(443[3489]|4440|45[13]|G010[456]|G012[012]|G0328|G0394|G0464|81528|8227'
            || '|7426|3017F)'
        )
    ), false) as colorectal_test,
    coalesce(bool_or(
        regexp_matches(
            line.hcpcs_code, '^(4537[8]|4538[0458]|82274|G0121|G0105)'
        )
    ), false) as colorectal_test_surely,
    coalesce(bool_or(
        regexp_matches(line.hcpcs_code, '^(881[4-7]|G01[24]|P300|Q0091|8762|3015F)')
        or line.revenue = '0923'
    ), false) as pap,
    coalesce(bool_or(
        regexp_matches(
            line.hcpcs_code, '^(80061|8370|8371|8372|304[89]F|3050F)'
        )
    ), false) as lipids,
    coalesce(bool_or(
        regexp_matches(
            line.hcpcs_code,
            '^(9063|906[56]|9067[2-4]|9068[2-9]|9075|Q203|G0008|G8482|4037F|4274F)'
        )
        and line.day between '2017-08-01' and '2018-03-31'
    ), false) as influenza,
    coalesce(bool_or(
        regexp_matches(line.hcpcs_code, '^(90662|90674|90686|90688|Q203)')
        and line.day between '2017-08-01' and '2018-03-31'
    ), false) as influenza_surely,
    coalesce(bool_or(
        line.is_any_visit
        and line.day between '2017-10-01' and '2018-03-31'
    ), false) as is_seen_in_winter,
    coalesce(bool_or(
        line.is_office
        and line.day between '2017-10-01' and '2018-03-31'
    ), false) as is_seen_in_winter_surely,
    coalesce(bool_or(
        regexp_matches(
            line.hcpcs_code, '^(9067[0-1]|9073[12]|G0009|G8864|4040F|3016F)'
        )
    ), false) as pneumococcal,
    coalesce(bool_or(
        regexp_matches(
            line.hcpcs_code, '^(90670|90732)'
        )
    ), false) as pneumococcal_surely,
    coalesce(bool_or(line.is_any_visit), false) as is_seen,
    coalesce(bool_or(line.is_office), false) as is_seen_surely,
    coalesce(bool_or(
        regexp_matches(
            line.hcpcs_code, '^(1100F|1101F|3288F|351[0-9]F)'
        )
    ), false) as falls_code,
    coalesce(bool_or(
        regexp_matches(
            line.hcpcs_code, '^(1111F|9949[56]|99483)'
        )
    ), false) as reconciled,
    coalesce(bool_or(
        regexp_matches(
            line.hcpcs_code, '^(6[57]|920|921|922|20[2-3].F|3072F|S062|S300|G2102)'
        )
    ), false) as eye_code,
    coalesce(bool_or(
        regexp_matches(
            line.hcpcs_code,
            '^(8100|820[34]|8215|8416|306[0-2]F|3066F|909|4010F|365|368|G025)'
        )
    ), false) as kidney_code
from person
left join line using (patient_id)
group by person.patient_id;

create table conditions as
select
    person.patient_id,
    coalesce(bool_or(regexp_matches(code, '^(E0[89]|E1[0-3])')), false) as diabetes,
    coalesce(bool_or(
        regexp_matches(
            code, '^(I2|I6|I7|T82|Z95|Z98|G45|K55|H34)'
        )
    ), false) as vascular,
    coalesce(bool_or(
        regexp_matches(code, '^(I25)')
        and is_office
    ), false) as vascular_surely,
    coalesce(bool_or(
        regexp_matches(
            code, '^(I2[0-5]|Z95[15]|Z9861)'
        )
    ), false) as coronary,
    coalesce(bool_or(
        regexp_matches(code, '^(I25)')
        and is_office
    ), false) as coronary_surely,
    coalesce(bool_or(
        regexp_matches(
            code, '^(I50|I51|I42|I255|I1[13]|I09)'
        )
    ), false) as weak_heart,
    coalesce(bool_or(
        regexp_matches(code, '^(I50[24])')
        and is_office
    ), false) as weak_heart_surely,
    coalesce(bool_or(regexp_matches(code, '^(J20|J40)')), false) as bronchitis,
    coalesce(bool_or(regexp_matches(code, '^(F1[0-689])')), false) as addiction,
    coalesce(bool_or(
        regexp_matches(
            code, '^(C1[89]|C2[01]|Z850[34]|Z904)'
        )
    ), false) as colon_disease,
    coalesce(bool_or(regexp_matches(code, '^(Z901)')), false) as breast_removed,
    coalesce(bool_or(regexp_matches(code, '^(Z907|Q51)')), false) as cervix_removed,
    coalesce(bool_or(
        regexp_matches(
            code, '^(Z28|T50Z|Z887|Z91012)'
        )
    ), false) as vaccine_reason,
    coalesce(bool_or(
        regexp_matches(
            code, '^(N0|N1|N2[5-7]|E1[0-3]2|I12|I13|I15|I701|Q6|R80|Z49|Z94|Z99)'
        )
    ), false) as kidney_diagnosis,
    coalesce(
        count(distinct day) filter (where regexp_matches(code, '^E1[01]') and is_office)
        >= 2, false
    ) as diabetes_surely
from person
left join diagnosis using (patient_id)
group by person.patient_id;

create table drugs as
select
    person.patient_id,
    coalesce(bool_or(fill.atc like 'A10%'), false) as diabetes_drug,
    coalesce(bool_or(fill.atc like 'B01A%'), false) as clot_drug,
    coalesce(bool_or(fill.atc = 'B01AC'), false) as clot_drug_surely,
    coalesce(bool_or(regexp_matches(fill.atc, '^B01A[ABEFX]')), false) as anticoagulant,
    coalesce(bool_or(fill.atc like 'C09%'), false) as ace_arb,
    coalesce(bool_or(regexp_matches(fill.atc, '^C09[AC]A')), false) as ace_arb_surely,
    coalesce(bool_or(fill.atc like 'C07%'), false) as beta_blocker,
    coalesce(bool_or(fill.atc like 'N06D%'), false) as dementia_drug
from person
left join fill using (patient_id)
group by person.patient_id;

create table fact as
select
    *,
    missing <= 45 as is_enrolled_perhaps,
    missing = 0 as is_enrolled,
    missing <= 45 and missing_before <= 45 as is_enrolled_two_years_perhaps,
    missing = 0 and missing_before = 0 as is_enrolled_two_years,
    hospice or palliative or frail_or_ill or dementia_drug as common_exclusion
from person
inner join signal using (patient_id)
inner join services using (patient_id)
inner join conditions using (patient_id)
inner join drugs using (patient_id);

-- One row per measure and person, or stay, that may be in its population. `is_certain`
-- says that it must be; whoever is not here can count nowhere.
create table candidate as
select
    'core-11' as measure_id,
    is_enrolled_two_years as is_certain,
    common_exclusion or breast_removed as may_be_excluded,
    hospice as is_excluded_certain,
    mammogram as may_count,
    mammogram_surely as must_count
from fact
where gender = 'female' and age between 52 and 74
    and is_enrolled_two_years_perhaps
union all
select
    'core-18' as measure_id,
    is_enrolled as is_certain,
    common_exclusion or colon_disease as may_be_excluded,
    hospice as is_excluded_certain,
    colorectal_test as may_count,
    colorectal_test_surely as must_count
from fact
where age between 50 and 75 and is_enrolled_perhaps
union all
select
    'core-30' as measure_id,
    is_enrolled as is_certain,
    hospice or cervix_removed as may_be_excluded,
    hospice as is_excluded_certain,
    pap as may_count,
    false as must_count
from fact
where gender = 'female' and age between 21 and 64 and is_enrolled_perhaps
union all
select
    'core-31' as measure_id,
    vascular_surely as is_certain,
    hospice or anticoagulant as may_be_excluded,
    hospice as is_excluded_certain,
    clot_drug as may_count,
    clot_drug_surely as must_count
from fact
where vascular
union all
-- The season that ended in March 2018.
select
    'core-35' as measure_id,
    is_seen_in_winter_surely as is_certain,
    vaccine_reason as may_be_excluded,
    false as is_excluded_certain,
    influenza as may_count,
    influenza_surely as must_count
from fact
where is_seen_in_winter
union all
select
    'core-38.mssp-33' as measure_id,
    coronary_surely and diabetes_surely as is_certain,
    hospice as may_be_excluded,
    false as is_excluded_certain,
    ace_arb or kidney_code as may_count,
    ace_arb_surely as must_count
from fact
where coronary and (diabetes or weak_heart)
union all
select
    'core-47' as measure_id,
    is_seen_surely as is_certain,
    hospice as may_be_excluded,
    hospice as is_excluded_certain,
    falls_code as may_count,
    false as must_count
from fact
where age >= 65 and is_seen
union all
select
    'core-48' as measure_id,
    true as is_certain,
    hospice as may_be_excluded,
    hospice as is_excluded_certain,
    pneumococcal as may_count,
    pneumococcal_surely as must_count
from fact
where age >= 65
union all
select
    'm&e-2' as measure_id,
    is_enrolled and diabetes_surely as is_certain,
    common_exclusion as may_be_excluded,
    hospice as is_excluded_certain,
    eye_code as may_count,
    false as must_count
from fact
where age between 18 and 75
    and is_enrolled_perhaps
    and (diabetes or diabetes_drug)
union all
select
    'm&e-3' as measure_id,
    is_enrolled and diabetes_surely as is_certain,
    common_exclusion as may_be_excluded,
    hospice as is_excluded_certain,
    kidney_code or kidney_diagnosis or ace_arb as may_count,
    ace_arb_surely as must_count
from fact
where age between 18 and 75
    and is_enrolled_perhaps
    and (diabetes or diabetes_drug)
union all
select
    'mssp-31' as measure_id,
    weak_heart_surely as is_certain,
    hospice as may_be_excluded,
    false as is_excluded_certain,
    beta_blocker as may_count,
    false as must_count
from fact
where weak_heart
union all
-- Vascular disease in the year before, of which there are no claims: nobody can count.
select
    'core-3' as measure_id,
    false as is_certain,
    false as may_be_excluded,
    false as is_excluded_certain,
    false as may_count,
    false as must_count
from fact
where false
union all
-- New spells of dependence, and bronchitis: few have any such diagnosis.
select
    'core-5.a' as measure_id,
    false as is_certain,
    true as may_be_excluded,
    false as is_excluded_certain,
    true as may_count,
    false as must_count
from fact
where addiction
union all
select
    'core-5.b' as measure_id,
    false as is_certain,
    true as may_be_excluded,
    false as is_excluded_certain,
    true as may_count,
    false as must_count
from fact
where addiction
union all
select
    'core-6' as measure_id,
    false as is_certain,
    true as may_be_excluded,
    false as is_excluded_certain,
    true as may_count,
    false as must_count
from fact
where age <= 64 and bronchitis
union all
-- Measures of younger women than there are.
select
    'core-7' as measure_id,
    false as is_certain,
    true as may_be_excluded,
    false as is_excluded_certain,
    true as may_count,
    false as must_count
from fact
where gender = 'female' and age between 16 and 24
union all
select
    'whi-contraception' as measure_id,
    false as is_certain,
    true as may_be_excluded,
    false as is_excluded_certain,
    true as may_count,
    false as must_count
from fact
where gender = 'female' and age between 15 and 44
union all
-- Stays. Who died, was moved on or has other stays near may be treated otherwise.
select
    'core-1' as measure_id,
    stay.is_plain and stay.discharged > stay.admitted and stay.days_before = 365
    and stay.days_after = 30 as is_certain,
    true as may_be_excluded,
    false as is_excluded_certain,
    stay.next_admitted - stay.discharged <= 30 as may_count,
    false as must_count
from stay
where
    stay.bill like '11%' and stay.discharged between '2017-10-01' and '2018-08-31'
union all
select
    'core-4' as measure_id,
    false as is_certain,
    true as may_be_excluded,
    false as is_excluded_certain,
    true as may_count,
    false as must_count
from stay
where
    stay.bill like '11%' and stay.discharged between '2017-10-01' and '2018-08-31'
    and regexp_matches(stay.principal, '^F[2-9]')
union all
select
    'mssp-12' as measure_id,
    stay.is_plain and stay.days_after = 30 and exists (
        select 1 from line
        where
            line.patient_id = stay.patient_id and line.is_office
            and line.day - stay.discharged between 1 and 30
    ) as is_certain,
    fact.hospice as may_be_excluded,
    false as is_excluded_certain,
    fact.reconciled as may_count,
    false as must_count
from stay
inner join fact using (patient_id)
where stay.discharged between '2017-10-01' and '2018-08-31' and fact.age >= 65;

-- Denominator with exclusions, exclusions and numerator, each at least and at most. A
-- rate per member has the members as its denominator and the stays as its numerator.
create table bound as
with shares as (
    select
        measure_id,
        cast(count(*) filter (where is_certain) as decimal(9, 4)) as population_least,
        cast(count(*) as decimal(9, 4)) as population_most,
        count(*) filter (where is_certain and is_excluded_certain) as exclusions_least,
        count(*) filter (where may_be_excluded) as exclusions_most,
        count(*) filter (where is_certain and must_count and not may_be_excluded)
            as numerator_least,
        count(*) filter (where may_count) as numerator_most
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
