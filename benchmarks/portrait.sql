-- What a drop's people are like, read from its landed tables alone (views
-- `drop_<table>`, typed) and from the attribution of floor.sql. Variables: `last_day`
-- (date, the as-of date) and `first_day`. Leaves the tables `phenomenon` and `figure`
-- and those of the charts, all in schema `portrait`.

create schema portrait;

-- Lines as they stand: neither denied, nor reversed, nor replaced, nor a secondary
-- payer's copy; the last version of each, once.
create table portrait.line as
with statuses as (
    select
        *,
        coalesce(x_claim_status_code, '01') as status,
        coalesce(x_claim_version, 1) as version,
    from drop_medical_claim
    where claim_start_date between getvariable('first_day') and getvariable('last_day')
),

-- a reversal voids what it names, else the claim of its own id
ended as (
    select distinct payer, coalesce(x_replaces_claim_id, claim_id) as claim_id,
    from statuses
    where status = '22' or x_replaces_claim_id is not null
),

numbered as (
    select
        statuses.*,
        row_number() over (
            partition by payer, claim_id, claim_line_number
            order by version desc, paid_date desc nulls last
        ) as position,
    from statuses
    anti join ended using (payer, claim_id)
    where status = '01'
)

select
    payer || claim_id as claim,
    person_id,
    payer,
    claim_type,
    claim_start_date as service_date,
    coalesce(discharge_date, claim_end_date, claim_start_date) as end_date,
    place_of_service_code,
    bill_type_code,
    discharge_disposition_code,
    drg_code,
    revenue_center_code,
    hcpcs_code,
    rendering_npi,
    billing_npi,
    facility_npi,
    diagnosis_code_1,
    diagnosis_code_2,
    diagnosis_code_3,
    allowed_amount,
from numbered
where position = 1;

create table portrait.person as
select
    person_id,
    any_value(birth_date) as birth_date,
    any_value(death_date) as death_date,
    any_value(gender) as gender,
    date_sub('year', any_value(birth_date), getvariable('last_day')) as age,
from drop_eligibility
where birth_date is not null
group by person_id;

-- Days covered, each once: a person with two coverages lives only once.
create table portrait.covered_day as
with spans as (
    select
        eligibility.person_id,
        greatest(eligibility.enrollment_start_date, getvariable('first_day'))
            as from_day,
        least(
            coalesce(eligibility.enrollment_end_date, getvariable('last_day')),
            coalesce(eligibility.death_date, getvariable('last_day')),
            getvariable('last_day')
        ) as to_day,
    from drop_eligibility as eligibility
    semi join portrait.person as person using (person_id)
),

ordered as (
    select
        *,
        max(to_day) over (
            partition by person_id
            order by from_day, to_day
            rows between unbounded preceding and 1 preceding
        ) as covered_to,
    from spans
    where from_day <= to_day
)

select
    ordered.person_id,
    (sum(
        greatest(
            0,
            date_diff(
                'day',
                greatest(from_day, coalesce(covered_to + 1, from_day)),
                to_day
            ) + 1
        )
    ) / 365.25)::decimal(18, 6) as years,
    -- a hole between two coverages
    bool_or(from_day > covered_to + 1) as has_gap,
from ordered
group by ordered.person_id;

create table portrait.stay as
select
    claim,
    any_value(person_id) as person_id,
    any_value(payer) as payer,
    min(service_date) as admitted,
    max(end_date) as discharged,
    max(drg_code) as drg_code,
    max(discharge_disposition_code) as disposition,
    max(diagnosis_code_1) as diagnosis,
from portrait.line
where drg_code is not null
group by claim;

-- The next stay of the same person, and days to it
create table portrait.next_stay as
select
    *,
    lead(admitted) over stays - discharged as days_to_next,
    lead(drg_code) over stays as next_drg_code,
from portrait.stay
where drg_code not in ('795', '790')
window stays as (partition by person_id order by admitted, discharged, claim);

-- Chronic conditions as profiles name them: a diagnosis in the last two years
create table portrait.chronic as
select distinct line.person_id, condition.condition,
from portrait.line as line
inner join (
    values
    ('diabetes', 'E11'), ('diabetes', 'E10'), ('hypertension', 'I10'),
    ('coronary heart disease', 'I251'), ('heart failure', 'I50'), ('COPD', 'J44'),
    ('asthma', 'J45'), ('depression', 'F32'), ('depression', 'F33'),
) as condition (condition, stem)
    on starts_with(line.diagnosis_code_1, condition.stem)
    or starts_with(line.diagnosis_code_2, condition.stem)
    or starts_with(line.diagnosis_code_3, condition.stem)
where line.service_date > getvariable('last_day') - 730;

create table portrait.roster as
select *,
from drop_practice_provider
where start_date <= coalesce(end_date, date '2100-01-01');

-- Phenomena ---------------------------------------------------------------------------
create table portrait.phenomenon as
with lives as (
    select 'lives' as area, *,
    from (
        select
            'towns lived in' as phenomenon,
            count(distinct city) as count,
            'names' as unit,
        from drop_eligibility
        union all
        select
            'people who turned 65 and came into Medicare',
            count(distinct person_id),
            'people'
        from drop_eligibility
        inner join portrait.person as person using (person_id)
        where payer = 'medicare'
            and enrollment_start_date >= getvariable('first_day')
            and enrollment_start_date <= getvariable('last_day')
            and person.birth_date + interval 65 year
            between enrollment_start_date and enrollment_start_date + interval 31 day
        union all
        select 'births', count(*), 'people'
        from portrait.person
        where birth_date between getvariable('first_day') and getvariable('last_day')
        union all
        select 'deaths', count(*), 'people'
        from portrait.person
        where death_date is not null
        union all
        select 'people who visited two primary-care practices', count(*), 'people'
        from (
            select line.person_id,
            from portrait.line as line
            inner join portrait.roster as roster on line.rendering_npi = roster.npi
            where roster.program = 'pcmh'
                and roster.is_primary_practice
            group by line.person_id
            having count(distinct roster.practice_id) > 1
        )
        union all
        select 'people who kept to one', count(*), 'people'
        from (
            select line.person_id,
            from portrait.line as line
            inner join portrait.roster as roster on line.rendering_npi = roster.npi
            where roster.program = 'pcmh'
                and roster.is_primary_practice
            group by line.person_id
            having count(distinct roster.practice_id) = 1
        )
        union all
        select 'moves to another town', count(*), 'people'
        from (
            select person_id,
            from drop_eligibility
            where x_town is not null
            group by person_id
            having count(distinct x_town) > 1
            union
            select person_id,
            from drop_eligibility
            where x_town is null
            group by person_id, payer
            having count(distinct city) > 1
        )
        union all
        select 'changes of payer', count(*), 'people'
        from (
            select person_id,
            from drop_eligibility
            where coalesce(x_primary_payer_flag, true)
            group by person_id
            having count(distinct payer) > 1
                and max(enrollment_start_date) > min(enrollment_start_date)
        )
        union all
        select 'gaps in coverage', count(*), 'people'
        from portrait.covered_day
        where has_gap
        union all
        select 'two primary coverages at once', count(distinct one.person_id), 'people'
        from drop_eligibility as one
        inner join drop_eligibility as other
            on one.person_id = other.person_id
            and one.payer < other.payer
            and one.enrollment_start_date
            <= coalesce(other.enrollment_end_date, date '2100-01-01')
            and other.enrollment_start_date
            <= coalesce(one.enrollment_end_date, date '2100-01-01')
        where coalesce(one.x_primary_payer_flag, true)
            and coalesce(other.x_primary_payer_flag, true)
        union all
        select 'a secondary coverage', count(distinct person_id), 'people'
        from drop_eligibility
        where not x_primary_payer_flag
        union all
        select
            'product that requires a PCP, one selected',
            count(distinct person_id),
            'people'
        from drop_eligibility
        where x_requires_pcp_selection and x_selected_pcp_npi is not null
        union all
        select
            'selected PCP off the roster',
            count(distinct eligibility.person_id),
            'people'
        from drop_eligibility as eligibility
        where eligibility.x_selected_pcp_npi is not null
            and not exists (
                from portrait.roster as roster
                where roster.npi = eligibility.x_selected_pcp_npi
            )
        union all
        select
            'product that requires a PCP, none selected',
            count(distinct person_id),
            'people'
        from drop_eligibility
        where x_requires_pcp_selection and x_selected_pcp_npi is null
        union all
        select 'self-insured plan that takes part', count(distinct person_id), 'people'
        from drop_eligibility
        where x_self_insured_flag and x_program_participation_flag
        union all
        select 'self-insured plan that does not', count(distinct person_id), 'people'
        from drop_eligibility
        where x_self_insured_flag and not coalesce(x_program_participation_flag, false)
        union all
        select 'ACO opt-outs', count(distinct person_id), 'people'
        from drop_eligibility
        where x_aco_opt_out_flag
        union all
        select 'Medicare Advantage', count(distinct person_id), 'people'
        from drop_eligibility
        where x_medicare_advantage_flag
        union all
        select 'living out of state', count(distinct person_id), 'people'
        from drop_eligibility
        where state not in ('VT', 'Vermont')
        union all
        select 'employer out of state', count(distinct person_id), 'people'
        from drop_eligibility
        where x_employer_situs_state <> 'VT'
    )
),

health as (
    select 'health' as area, *,
    from (
        select
            'chronic conditions seen in two years' as phenomenon,
            count(*) as count,
            'person-conditions' as unit,
        from (
            select person_id, left(diagnosis_code_1, 3) as stem,
            from portrait.line
            where left(diagnosis_code_1, 3)
                in ('E11', 'I10', 'J44', 'J45', 'I50', 'F32')
            group by person_id, stem
            having count(distinct year(service_date)) > 1
        )
        union all
        select 'prescriptions filled', count(*), 'fills' from drop_pharmacy_claim
        union all
        select 'different drugs', count(distinct ndc_code), 'NDCs'
        from drop_pharmacy_claim
        union all
        select 'hemoglobin A1c results', count(*), 'results'
        from drop_lab_result where normalized_code = '4548-4'
        union all
        select 'LDL results', count(*), 'results'
        from drop_lab_result where normalized_code = '13457-7'
        union all
        select 'blood pressures', count(*), 'readings'
        from drop_observation where normalized_code = '8480-6'
        union all
        select 'deliveries, vaginal', count(*), 'stays'
        from portrait.stay
        where drg_code = '775'
        union all
        select 'deliveries, caesarean', count(*), 'stays'
        from portrait.stay
        where drg_code = '766'
        union all
        select 'newborn stays', count(*), 'stays'
        from portrait.stay
        where drg_code = '795'
        union all
        select 'newborns in intensive care', count(*), 'stays'
        from portrait.stay
        where drg_code = '790'
        union all
        select 'well-child visits', count(distinct claim), 'claims'
        from portrait.line
        where hcpcs_code in ('99381', '99382', '99383', '99391', '99392', '99393')
        union all
        select 'adolescent visits', count(distinct claim), 'claims'
        from portrait.line
        inner join portrait.person as person using (person_id)
        where hcpcs_code in ('99384', '99385', '99394', '99395')
            and date_sub('year', person.birth_date, service_date) between 12 and 21
        union all
        select 'developmental screens', count(distinct claim), 'claims'
        from portrait.line where hcpcs_code = '96110'
        union all
        select 'vaccine doses', count(*), 'doses' from drop_immunization
        union all
        select
            'two-year-olds and older, all four DTaP',
            count(*) filter (where doses >= 4),
            'people'
        from (
            select person_id, count(*) filter (where normalized_code = '20') as doses,
            from drop_immunization
            inner join portrait.person as person using (person_id)
            where person.age between 2 and 5
            group by person_id
        )
        union all
        select
            'two-year-olds and older, a DTaP missing',
            count(*) filter (where doses < 4),
            'people'
        from (
            select
                person.person_id,
                count(*) filter (where immunization.normalized_code = '20') as doses,
            from portrait.person as person
            left join drop_immunization as immunization
                on person.person_id = immunization.person_id
            where person.age between 2 and 5
            group by person.person_id
        )
        union all
        select 'mammograms', count(distinct claim), 'claims'
        from portrait.line where hcpcs_code in ('77057', '77067', 'G0202')
        union all
        select 'Pap tests', count(distinct claim), 'claims'
        from portrait.line where hcpcs_code in ('88175', '88142')
        union all
        select 'HPV tests', count(distinct claim), 'claims'
        from portrait.line where hcpcs_code = '87624'
        union all
        select 'chlamydia tests', count(distinct claim), 'claims'
        from portrait.line where hcpcs_code = '87491'
        union all
        select 'colonoscopies', count(distinct person_id || service_date), 'procedures'
        from portrait.line where hcpcs_code in ('45378', '45380', '45385')
        union all
        select
            'pharyngitis, ' || if(has_test, 'tested', 'not tested')
            || if(has_antibiotic, ', antibiotic', ', none'),
            count(*),
            'episodes'
        from (
            select
                line.claim,
                bool_or(line.hcpcs_code = '87880') as has_test,
                bool_or(exists (
                    from drop_pharmacy_claim as fill
                    where fill.person_id = line.person_id
                        and fill.ndc_code in ('00781194339', '00069040001')
                        and fill.dispensing_date - line.service_date between 0 and 3
                )) as has_antibiotic,
            from portrait.line as line
            where line.diagnosis_code_1 in ('J029', 'J020')
            group by line.claim
        )
        group by has_test, has_antibiotic
        union all
        select
            'bronchitis' || if(has_antibiotic, ', antibiotic', ', none'),
            count(*),
            'episodes'
        from (
            select
                line.claim,
                bool_or(exists (
                    from drop_pharmacy_claim as fill
                    where fill.person_id = line.person_id
                        and fill.ndc_code in ('00781194339', '00069040001')
                        and fill.dispensing_date - line.service_date between 0 and 3
                )) as has_antibiotic,
            from portrait.line as line
            where line.diagnosis_code_1 = 'J209'
            group by line.claim
        )
        group by has_antibiotic
        union all
        select
            'mental-health stay, ' || if(
                exists (
                    from portrait.line as line
                    inner join drop_provider as provider
                        on line.rendering_npi = provider.npi
                    where line.person_id = stay.person_id
                        and line.service_date - stay.discharged between 1 and 7
                        and (
                            provider.specialty
                            in ('psychiatry', 'psychology', 'clinical social work')
                            or provider.taxonomy_code = '2084P0800X'
                        )
                ),
                'seen within 7 days',
                'not seen within 7 days'
            ) as phenomenon,
            count(*),
            'stays'
        from portrait.stay as stay
        where drg_code = '885'
        group by all
        union all
        select
            'substance-use intake, ' || case
                when visits > 1 then 'engaged'
                when visits = 1 then 'initiated'
                else 'not followed'
            end as phenomenon,
            count(*),
            'episodes'
        from (
            select
                intake.claim,
                (
                    select count(distinct line.service_date)
                    from portrait.line as line
                    where line.person_id = intake.person_id
                        and line.hcpcs_code in ('H0004', '99213')
                        and left(line.diagnosis_code_1, 2) = 'F1'
                        and line.service_date - intake.service_date between 1 and 44
                ) as visits,
            from portrait.line as intake
            where intake.hcpcs_code = 'H0001'
        )
        group by all
        union all
        select 'hospital stays with a DRG', count(*), 'stays' from portrait.stay
        union all
        select 'different DRGs', count(distinct drg_code), 'DRGs' from portrait.stay
        union all
        select 'ambulatory-sensitive stays', count(*), 'stays'
        from portrait.stay
        where drg_code in (
            '291', '190', '203', '638', '639', '699', '240', '305', '193', '194', '690'
        )
        union all
        select 'unplanned readmissions within 30 days', count(*), 'stays'
        from portrait.next_stay
        where days_to_next between 1 and 30 and next_drg_code <> '847'
        union all
        select 'planned readmissions within 30 days', count(*), 'stays'
        from portrait.next_stay
        where days_to_next between 1 and 30 and next_drg_code = '847'
        union all
        select 'transfers to another hospital', count(*), 'stays'
        from portrait.next_stay where disposition = '02' and days_to_next = 0
        union all
        select 'ED visits', count(distinct claim), 'claims'
        from portrait.line where revenue_center_code = '0450'
        union all
        select 'observation stays', count(distinct claim), 'claims'
        from portrait.line where hcpcs_code = 'G0378'
        union all
        select 'CT and MRI', count(distinct claim), 'claims'
        from portrait.line
        where hcpcs_code in ('74177', '70450', '72148', '70553', '73721')
        union all
        select 'specialist visits', count(distinct claim), 'claims'
        from portrait.line
        inner join drop_provider as provider on line.rendering_npi = provider.npi
        where provider.specialty in (
            'cardiology', 'orthopedic surgery', 'dermatology', 'ophthalmology'
        )
        union all
        select
            'skilled nursing and nursing-home claims',
            count(distinct claim),
            'claims'
        from portrait.line where bill_type_code = '0213'
        union all
        select 'hospice claims', count(distinct claim), 'claims'
        from portrait.line where revenue_center_code = '0651'
        union all
        select 'opioid treatment, hub', count(distinct claim), 'claims'
        from portrait.line where hcpcs_code = 'H0020'
        union all
        select
            'women''s visits at women''s health practices',
            count(distinct claim),
            'claims'
        from portrait.line
        inner join drop_practice_provider as roster on line.rendering_npi = roster.npi
        where roster.program = 'whi'
            and left(line.diagnosis_code_1, 4) in ('Z014', 'Z309', 'N760', 'Z113')
        union all
        select 'contraceptives filled', count(*), 'fills'
        from drop_pharmacy_claim where ndc_code in ('00555901658', '00009074630')
        union all
        select 'devices placed (LARC)', count(distinct claim), 'claims'
        from portrait.line where hcpcs_code in ('J7298', 'J7307')
        union all
        select 'falls screened for', count(distinct claim), 'claims'
        from portrait.line where hcpcs_code in ('1100F', '1101F')
        union all
        select 'amputations of people with diabetes', count(*), 'stays'
        from portrait.stay where drg_code = '240'
        union all
        select 'psychiatric wards', count(distinct claim), 'claims'
        from portrait.line where revenue_center_code = '0124'
        union all
        select 'breasts removed', count(*), 'stays'
        from portrait.stay where drg_code = '582'
        union all
        select 'dialysis', count(distinct claim), 'claims'
        from portrait.line where revenue_center_code = '0821'
        union all
        select 'palliative visits', count(distinct claim), 'claims'
        from portrait.line where diagnosis_code_1 in ('Z515', 'V667')
        union all
        select 'hospice, and alive', count(distinct line.person_id), 'people'
        from portrait.line as line
        inner join portrait.person as person using (person_id)
        where line.revenue_center_code = '0651'
            and person.death_date is null
        union all
        select 'ejection fractions below 40 percent', count(*), 'results'
        from drop_lab_result
        where normalized_code = '10230-1'
            and try_cast(result as double) < 40
        union all
        select 'tobacco asked about', count(*), 'answers'
        from drop_observation where normalized_code = '72166-2'
        union all
        select 'families advised on food and exercise', count(distinct claim_id), 'claims'
        from drop_medical_claim
        where diagnosis_code_4 in ('Z713', 'V653')
            and diagnosis_code_5 in ('Z7182', 'V6541')
        union all
        select
            'dental visits, ' || if(payer = 'medicaid', 'Medicaid', 'commercial')
            || if(
                date_sub('year', person.birth_date, service_date) < 21,
                ', under 21',
                ', 21 and over'
            ),
            count(distinct claim),
            'claims'
        from portrait.line
        inner join portrait.person as person using (person_id)
        where hcpcs_code like 'D0%'
        group by all
        union all
        select 'teeth filled, crowned or drawn', count(*), 'teeth'
        from portrait.line where hcpcs_code like 'D2%' or hcpcs_code like 'D7%'
        union all
        select
            special.phenomenon,
            count(distinct line.claim),
            'claims'
        from (
            values
            ('Medicaid: case management', 'T2023'),
            ('Medicaid: services at school', 'T1018'),
            ('Medicaid: day treatment', 'H2020'),
            ('Medicaid: support at home', 'T1020'),
            ('Medicaid: shared living', 'T2016'),
            ('Medicaid: residential treatment', 'H0019'),
            ('Medicaid: rides to care', 'T2003'),
        ) as special (phenomenon, hcpcs_code)
        left join portrait.line as line
            on special.hcpcs_code = line.hcpcs_code
            and line.payer = 'medicaid'
        group by special.phenomenon
        union all
        select
            'Medicaid: special services behind Medicare',
            count(distinct line.person_id),
            'people'
        from portrait.line as line
        where line.hcpcs_code
            in ('T2023', 'T1018', 'H2020', 'T1020', 'T2016', 'H0019', 'T2003')
            and line.payer = 'medicaid'
            and exists (
                from drop_eligibility as eligibility
                where eligibility.person_id = line.person_id
                    and eligibility.payer = 'medicare'
                    and line.service_date
                    between eligibility.enrollment_start_date
                    and coalesce(eligibility.enrollment_end_date, line.service_date)
            )
        union all
        select 'vaccines refused', count(distinct claim_id), 'claims'
        from drop_medical_claim where diagnosis_code_5 in ('Z2821', 'V6406')
        union all
        select 'an unsteady gait: frail', count(distinct person_id), 'people'
        from drop_medical_claim where diagnosis_code_4 in ('R2689', '7812')
    )
),

claims as (
    select 'claims' as area, *,
    from (
        select
            'denied' as phenomenon,
            count(distinct payer || claim_id) as count,
            'claims' as unit,
        from drop_medical_claim where x_claim_status_code = '04'
        union all
        select 'reversed under the same id', count(distinct payer || claim_id), 'claims'
        from drop_medical_claim
        where x_claim_status_code = '22' and x_replaces_claim_id is null
        union all
        select 'reversed under a new id', count(distinct payer || claim_id), 'claims'
        from drop_medical_claim
        where x_claim_status_code = '22' and x_replaces_claim_id is not null
        union all
        select 'sent as a later version', count(distinct payer || claim_id), 'claims'
        from drop_medical_claim where x_claim_version > 1
        union all
        select 'replaced under a new id', count(distinct payer || claim_id), 'claims'
        from drop_medical_claim
        where coalesce(x_claim_status_code, '01') = '01'
            and x_replaces_claim_id is not null
        union all
        select 'sent twice', count(distinct payer || claim_id), 'claims'
        from (
            select payer, claim_id,
            from drop_medical_claim
            group by
                payer, claim_id, claim_line_number, x_claim_version, x_claim_status_code
            having count(*) > 1
        )
        union all
        select 'paid zero, not denied', count(distinct payer || claim_id), 'claims'
        from drop_medical_claim
        where paid_amount = 0 and allowed_amount > 0
            and coalesce(x_claim_status_code, '01') = '01'
        union all
        -- of codes for which somebody is paid: those that only report are not
        select
            'capitated: neither paid nor allowed',
            count(distinct payer || claim_id),
            'claims'
        from drop_medical_claim as claim
        where paid_amount = 0 and allowed_amount = 0
            and coalesce(x_claim_status_code, '01') = '01'
            and exists (
                from portrait.line as line
                where line.hcpcs_code = claim.hcpcs_code
                    and line.allowed_amount > 0
            )
        union all
        select 'secondary payer''s copy', count(distinct payer || claim_id), 'claims'
        from drop_medical_claim where x_claim_status_code = '02'
        union all
        select
            'secondary payer''s copy, forwarded',
            count(distinct payer || claim_id),
            'claims'
        from drop_medical_claim where x_claim_status_code = '20'
        union all
        select
            'paid more than four months later',
            count(distinct payer || claim_id),
            'claims'
        from drop_medical_claim
        where paid_date > coalesce(claim_end_date, claim_start_date) + 120
        union all
        select 'without a paid date', count(distinct payer || claim_id), 'claims'
        from drop_medical_claim where paid_date is null
        union all
        select 'clinic visits on revenue lines', count(*), 'lines'
        from drop_medical_claim
        where revenue_center_code in ('0521', '0522', '0525')
        union all
        select 'of them in nursing homes, of Medicare', count(*), 'lines'
        from drop_medical_claim where revenue_center_code = '0525'
        union all
        select
            'stays that came from another facility',
            count(distinct claim_id),
            'claims'
        from drop_medical_claim
        where drg_code not in ('795', '790')
            and admit_source_code in ('4', '5')
        union all
        select 'codes that took the place of others', count(distinct claim_id), 'claims'
        from drop_medical_claim where hcpcs_code = '96160'
        union all
        select 'with rendering and billing NPI', count(distinct claim), 'claims'
        from portrait.line where rendering_npi is not null and billing_npi is not null
        union all
        select 'professional, billing NPI blank', count(distinct claim), 'claims'
        from portrait.line where billing_npi is null and claim_type = 'professional'
        union all
        select 'health center, rendering NPI blank', count(distinct claim), 'claims'
        from portrait.line where bill_type_code = '0771' and rendering_npi is null
        union all
        select 'by a locum off the roster', count(distinct line.claim), 'claims'
        from portrait.line as line
        inner join portrait.roster as practice
            on line.billing_npi = practice.billing_npi
        where practice.is_primary_practice
            and line.rendering_npi is not null
            and not exists (
                from portrait.roster as roster where roster.npi = line.rendering_npi
            )
        union all
        select 'by a provider in two practices', count(distinct claim), 'claims'
        from portrait.line
        where rendering_npi in (
            select npi
            from portrait.roster
            group by npi
            having count(distinct practice_id) > 1
        )
        union all
        select
            'payers'' prices of 99213, highest less lowest',
            max(price) - min(price),
            'US dollars'
        from (
            select payer, median(allowed_amount) as price,
            from portrait.line
            where hcpcs_code = '99213' and claim_type = 'professional'
            group by payer
        )
        union all
        select 'coverage rows broken on purpose', count(*), 'rows'
        from drop_eligibility
        where birth_date is null or enrollment_start_date is null or payer is null
        union all
        select 'claim rows broken on purpose', count(*), 'rows'
        from drop_medical_claim
        where claim_id is null
            or claim_start_date is null
            or paid_amount is null
            or not exists (
                from drop_eligibility as eligibility
                where eligibility.person_id = drop_medical_claim.person_id
            )
        union all
        select 'roster rows broken on purpose', count(*), 'rows'
        from drop_practice_provider as roster
        where start_date is null
            or start_date > end_date
            or not exists (
                from drop_practice as practice
                where practice.practice_id = roster.practice_id
            )
    )
),

-- the first plan after each event that calls for one
troubles as (
    select
        trouble.practice_id,
        trouble.event_date,
        trouble.event,
        trouble.level,
        min(plan.event_date) as plan_date,
        arg_min(
            plan.has_reasons::integer
            + plan.has_improvement_plan::integer
            + plan.has_timeline::integer,
            plan.event_date
        ) as plan_parts,
        min(fee.event_date) as fee_date,
        min(won.event_date) as won_date,
    from drop_practice_recognition as trouble
    left join drop_practice_recognition as plan
        on trouble.practice_id = plan.practice_id
        and plan.event = 'action_plan_submitted'
        and plan.event_date >= trouble.event_date - 20
    left join drop_practice_recognition as fee
        on trouble.practice_id = fee.practice_id
        and fee.event = 'extension_fee_paid'
        and fee.event_date >= trouble.event_date
    left join drop_practice_recognition as won
        on trouble.practice_id = won.practice_id
        and won.event = 'recognized'
        and won.event_date > trouble.event_date
    where trouble.event in ('lapsed', 'not_attained', 'postponed')
        -- What ends extra time is no trouble of its own.
        and not (
            trouble.event = 'not_attained'
            and exists (
                select 1
                from drop_practice_recognition as earlier
                where earlier.practice_id = trouble.practice_id
                    and earlier.event = 'extension_fee_paid'
                    and earlier.event_date < trouble.event_date
            )
        )
    group by trouble.practice_id, trouble.event_date, trouble.event, trouble.level
),

programs as (
    select 'program' as area, *,
    from (
        select
            'primary-care practices' as phenomenon,
            count(distinct practice_id) as count,
            'practices' as unit,
        from drop_practice where practice_type in ('pcmh', 'mixed')
        union all
        select 'women''s health practices', count(distinct practice_id), 'practices'
        from drop_practice where practice_type in ('whi', 'mixed')
        union all
        select 'providers who came', count(*), 'roster rows'
        from portrait.roster where start_date > getvariable('first_day')
        union all
        select 'providers who left', count(*), 'roster rows'
        from portrait.roster where end_date < getvariable('last_day')
        union all
        select 'practices that went into another', count(*), 'practices'
        from drop_practice where successor_practice_id is not null
        union all
        select 'recognition won', count(*), 'events'
        from drop_practice_recognition where event = 'recognized'
        union all
        select 'recognition lapsed', count(*), 'events'
        from drop_practice_recognition where event = 'lapsed'
        union all
        select 'recognition recovered after a lapse', count(*), 'practices'
        from troubles where event = 'lapsed' and won_date is not null
        union all
        select 'interim surveys (E-08)', count(*), 'events'
        from drop_practice_recognition where event = 'interim_survey'
        union all
        select 'plan in time: 15 days after postponing (H-01)', count(*), 'practices'
        from troubles where event = 'postponed' and plan_date <= event_date + 15
        union all
        select 'plan late: more than 30 days after (H-01)', count(*), 'practices'
        from troubles where event <> 'postponed' and plan_date > event_date + 30
        union all
        select 'plan incomplete (H-02)', count(*), 'practices'
        from troubles where plan_parts < 3
        union all
        select 'payment ends with a lapse (H-03)', count(*), 'practices'
        from troubles where event = 'lapsed' and fee_date is null
        union all
        select
            'payment ends with a first recognition missed (H-03)',
            count(*),
            'practices'
        from troubles where event = 'not_attained' and fee_date is null
        union all
        select 'lapse without a plan (H-04)', count(*), 'practices'
        from troubles where event = 'lapsed' and plan_date is null
        union all
        select 'first recognition missed without a plan (H-04)', count(*), 'practices'
        from troubles where event = 'not_attained' and plan_date is null
        union all
        select 'lapse with a complete plan in time (H-05)', count(*), 'practices'
        from troubles
        where event = 'lapsed' and plan_parts = 3 and plan_date <= event_date + 30
        union all
        select
            'first recognition missed with a complete plan (H-06)',
            count(*),
            'practices'
        from troubles
        where event = 'not_attained' and plan_parts = 3 and plan_date <= event_date + 30
        union all
        select 'extended-time fee paid (H-07)', count(*), 'events'
        from drop_practice_recognition where event = 'extension_fee_paid'
        union all
        select
            'recoupment open, level 3: 90 days passed (H-08)',
            count(distinct practice_id),
            'practices'
        from troubles
        where event = 'lapsed' and level = '3' and fee_date is not null
            and coalesce(won_date, date '2100-01-01') > event_date + 90
        union all
        select
            'recoupment open, levels 1 and 2: 3 months passed (H-08)',
            count(distinct practice_id),
            'practices'
        from troubles
        where event = 'lapsed' and level in ('1', '2') and fee_date is not null
            and coalesce(won_date, date '2100-01-01') > fee_date + interval 3 month
        union all
        select
            'recoupment open, first recognition: 3 months passed (H-08)',
            count(distinct practice_id),
            'practices'
        from troubles
        where event = 'not_attained' and level is null and fee_date is not null
            and coalesce(won_date, date '2100-01-01') > event_date + interval 3 month
        union all
        select 'payers that recoup (H-08)', count(distinct payer), 'payers'
        from drop_payer_policy where recoups
        union all
        select
            'progress attested, as in the manual''s first example (H-10)',
            count(*),
            'events'
        from drop_practice_recognition where event = 'progress_attested'
        union all
        select 'years of participation in a collaborative', count(*), 'practice-years'
        from drop_collaborative_participation
        union all
        select 'years without, of practices that were there', count(*), 'practice-years'
        from (
            select distinct practice.practice_id, years.calendar_year,
            from drop_practice as practice
            cross join (
                select distinct calendar_year, from drop_collaborative_participation
            ) as years
            where practice.practice_type in ('pcmh', 'mixed')
                and years.calendar_year
                between year(coalesce(practice.start_date, date '2000-01-01'))
                and year(coalesce(practice.end_date, date '2100-01-01'))
        ) as there
        anti join drop_collaborative_participation using (practice_id, calendar_year)
        union all
        select 'WHI attestations confirmed', count(*), 'events'
        from drop_whi_participation where event = 'attestation_confirmed'
        union all
        select 'WHI strategies put in place', count(*), 'events'
        from drop_whi_participation where event = 'strategy_implemented'
        union all
        select 'WHI lapses', count(*), 'events'
        from drop_whi_participation where event = 'lapsed'
        union all
        select
            'primary-care practices in the WHI',
            count(distinct practice_id),
            'practices'
        from drop_whi_participation
        semi join (
            select practice_id, from drop_practice where practice_type = 'pcmh'
        ) as practice using (practice_id)
        union all
        select 'LARC counts with the minimum mix (L-01)', count(*), 'counts'
        from drop_larc_stock
        where hormonal_iud >= 2 and nonhormonal_iud >= 2 and implant >= 1
        union all
        select 'LARC counts below it (L-01)', count(*), 'counts'
        from drop_larc_stock
        where hormonal_iud < 2 or nonhormonal_iud < 2 or implant < 1
        union all
        select 'payers'' reports', count(*), 'rows' from drop_payer_attribution_report
        union all
        select 'payers'' reports not agreed', count(*), 'rows'
        from drop_payer_attribution_report where agreed_date is null
        union all
        select 'practices'' reports of total unique patients', count(*), 'rows'
        from drop_practice_patient_report
        union all
        select 'administrative entities'' reports (N-02, N-03)', count(*), 'rows'
        from drop_program_report
        union all
        select 'such a report after its due date (N-03)', count(*), 'rows'
        from drop_program_report
        where
            report = 'staffing'
            and received_date > date_trunc('quarter', quarter_end)::date + 13
        union all
        select 'reported results of surveys and agencies', count(*), 'rows'
        from drop_reported_measure_result
        union all
        select 'results of fewer than 11 respondents', count(*), 'rows'
        from drop_reported_measure_result where denominator < 11
        union all
        select 'results that are means or modelled, without a count', count(*), 'rows'
        from drop_reported_measure_result where numerator is null
        union all
        select 'case-by-case overrides', count(*), 'rows' from drop_payment_override
        union all
        select 'invoices', count(*), 'rows' from drop_invoice
        union all
        select 'fixed Medicare amounts of 2017', count(*), 'rows'
        from drop_payer_fixed_amount
    )
)

from lives
union all
from health
union all
from claims
union all
from programs;

-- Figures that a published one stands beside ------------------------------------------
-- Who had a primary-care visit in two years, and with whom: provider specialties of
-- Appendix 3, on the roster or off it
create table portrait.seen as
select distinct line.person_id,
from portrait.line as line
left join drop_provider as provider on line.rendering_npi = provider.npi
left join drop_provider as facility on line.facility_npi = facility.npi
where line.service_date > getvariable('last_day') - 730
    and (
        line.hcpcs_code between '99201' and '99215'
        or line.hcpcs_code between '99381' and '99397'
        or line.hcpcs_code in ('G0402', 'G0438', 'G0439')
        or line.revenue_center_code in ('0521', '0522')
    )
    and (
        provider.specialty in (
            'family medicine', 'internal medicine', 'pediatrics', 'nurse practitioner',
            'physician assistant', 'naturopathic medicine', 'geriatric medicine'
        )
        or provider.taxonomy_code in ('207Q00000X', '207R00000X')
        or facility.specialty
        in ('federally qualified health center', 'rural health clinic')
    );

create table portrait.coverage_now as
select
    person_id,
    -- Medicare first, as in life
    min(
        case payer
            when 'medicare' then '1 Medicare'
            when 'medicaid' then '2 Medicaid'
            else '3 ' || payer
        end
    ) as payer,
from drop_eligibility
where enrollment_start_date <= getvariable('last_day')
    and coalesce(enrollment_end_date, getvariable('last_day'))
    >= getvariable('last_day')
    and coalesce(x_primary_payer_flag, true)
    and payer is not null
group by person_id;

create table portrait.year_cost as
with medical as (
    select person_id, sum(allowed_amount) as allowed, count(distinct claim) as claims,
    from portrait.line
    group by person_id
),

pharmacy as (
    select person_id, sum(allowed_amount) as allowed, count(*) as fills,
    from drop_pharmacy_claim
    group by person_id
),

visits as (
    select person_id, count(distinct service_date) as visits,
    from portrait.line
    where hcpcs_code between '99201' and '99215'
        or hcpcs_code between '99381' and '99397'
        or hcpcs_code in ('G0402', 'G0438', 'G0439')
    group by person_id
)

select
    person.person_id,
    person.age,
    case
        when person.age < 19 then '0 to 18'
        when person.age < 65 then '19 to 64'
        else '65 and over'
    end as age_group,
    covered_day.years,
    coalesce(medical.allowed, 0) + coalesce(pharmacy.allowed, 0) as allowed,
    coalesce(visits.visits, 0) as visits,
from portrait.person as person
inner join portrait.covered_day as covered_day using (person_id)
left join medical using (person_id)
left join pharmacy using (person_id)
left join visits using (person_id)
where covered_day.years > 0;

create table portrait.figure as
with adults as (
    select
        avg(person.age) as average_age,
        avg((person.gender = 'female')::integer) as share_female,
        avg((coverage.payer = '2 Medicaid')::integer) as share_medicaid,
        avg((coverage.payer = '1 Medicare')::integer) as share_medicare,
        avg((exists (
            from portrait.stay as stay
            where stay.person_id = person.person_id
                and stay.drg_code in ('775', '766')
                and stay.admitted > getvariable('last_day') - 365
        ))::integer) as share_maternity,
        avg((exists (
            from portrait.chronic as chronic
            where chronic.person_id = person.person_id
        ))::integer) as share_chronic,
    from portrait.person as person
    inner join portrait.seen as seen using (person_id)
    inner join portrait.coverage_now as coverage using (person_id)
    where person.age >= 18
        and person.death_date is null
),

prevalence as (
    select
        condition,
        count(distinct chronic.person_id)
        / (
            select count(*)
            from portrait.person
            where age >= 18 and death_date is null
        ) as share,
    from portrait.chronic as chronic
    inner join portrait.person as person using (person_id)
    where person.age >= 18
        and person.death_date is null
    group by condition
),

last_a1c as (
    select
        person_id,
        arg_max(try_cast(result as double), (collection_datetime, lab_result_id))
            as result,
    from drop_lab_result
    where normalized_code = '4548-4'
        and collection_datetime > getvariable('last_day') - 365
    group by person_id
),

screened as (
    select
        avg((exists (
            from portrait.line as line
            where line.person_id = person.person_id
                and line.hcpcs_code = '96110'
                and line.service_date > getvariable('last_day') - 365
        ))::integer) as share,
    from portrait.person as person
    inner join portrait.seen as seen using (person_id)
    where person.age between 1 and 3
),

well_care as (
    select
        person.age >= 18 as is_older,
        avg((exists (
            from portrait.line as line
            where line.person_id = person.person_id
                and line.hcpcs_code
                in ('99384', '99385', '99394', '99395', '99393')
                and line.service_date > getvariable('last_day') - 365
        ))::integer) as share,
    from portrait.person as person
    inner join portrait.coverage_now as coverage using (person_id)
    where person.age between 12 and 21
        and coverage.payer = '2 Medicaid'
    group by is_older
),

dental_care as (
    select
        avg((exists (
            from portrait.line as line
            where line.person_id = person.person_id
                and line.hcpcs_code like 'D1%'
                and line.service_date > getvariable('last_day') - 365
        ))::integer) as share,
    from portrait.person as person
    inner join portrait.coverage_now as coverage using (person_id)
    where person.age between 1 and 20
        and coverage.payer = '2 Medicaid'
),

-- what Medicaid pays for medical care and drugs, and for special services of it
special_services as (
    select
        sum(allowed) filter (
            where hcpcs_code
            in ('T2023', 'T1018', 'H2020', 'T1020', 'T2016', 'H0019', 'T2003')
        ) / sum(allowed) as share,
    from (
        select hcpcs_code, allowed_amount as allowed,
        from portrait.line
        where payer = 'medicaid'
        union all
        select null, allowed_amount
        from drop_pharmacy_claim
        where payer = 'medicaid'
    )
),

costs as (
    select age_group, sum(allowed) / sum(years) as allowed,
    from portrait.year_cost
    group by age_group
),

attribution as (
    select
        count(*) filter (where is_eligible) as eligible,
        count(practice_id) as attributed,
        count(*) filter (
            where is_eligible and exists (
                from portrait.seen as seen
                where seen.person_id = attribution.person_id
            )
        ) as eligible_and_seen,
    from attribution
),

reports as (
    select sum(total_unique_patients) as people,
    from drop_practice_patient_report
    where program = 'pcmh'
        and quarter_end = getvariable('last_day')
)

select 'share under 18' as figure, avg((age < 18)::integer) as value,
from portrait.person
where death_date is null
union all
select 'share 65 and over', avg((age >= 65)::integer)
from portrait.person
where death_date is null
union all
select 'adults seen: average age', average_age from adults
union all
select 'adults seen: share female', share_female from adults
union all
select 'adults seen: share Medicaid', share_medicaid from adults
union all
select 'adults seen: share Medicare', share_medicare from adults
union all
select 'adults seen: share maternity', share_maternity from adults
union all
select 'adults seen: share with a chronic condition', share_chronic from adults
union all
select 'adults: share with ' || condition, share from prevalence
union all
select 'diabetes: last A1c above 9 percent', avg((result > 9)::integer) from last_a1c
union all
select 'children of 1 to 3: developmental screen', share from screened
union all
select 'Medicaid, 12 to 17: well-care visit', share from well_care where not is_older
union all
select 'Medicaid, 18 to 21: well-care visit', share from well_care where is_older
union all
select 'Medicaid, 1 to 20: preventive dental care', share from dental_care
union all
select 'Medicaid: share of cost for special services', share from special_services
union all
select 'cost per person-year, ' || age_group, allowed from costs
union all
select 'hospital stays per 1,000 person-years', 1000 * count(*) / (
    select sum(years) from portrait.covered_day
)
from portrait.stay
union all
select 'attributed, of eligible people with a primary-care visit',
    attributed / eligible_and_seen
from attribution
union all
select 'attributed, of eligible people', attributed / eligible from attribution
union all
select
    'practice-reported over attributed patients',
    reports.people / attribution.attributed
from reports
cross join attribution;

-- Charts ------------------------------------------------------------------------------
create table portrait.pyramid as
select
    5 * least(18, age // 5) as band,
    count(*) filter (where gender = 'female') as female,
    count(*) filter (where gender = 'male') as male,
from portrait.person
where death_date is null
group by band
order by band;

create table portrait.payer_mix as
select
    case
        when person.age < 19 then '0 to 18'
        when person.age < 65 then '19 to 64'
        else '65 and over'
    end as age_group,
    coverage.payer[3:] as payer,
    count(*) as people,
from portrait.coverage_now as coverage
inner join portrait.person as person using (person_id)
where person.death_date is null
group by age_group, coverage.payer
order by age_group, coverage.payer;

create table portrait.visits as
select
    least(6, floor(visits / years)::integer) as visits_per_year,
    count(*) as people,
from portrait.year_cost
where years >= 1
group by visits_per_year
order by visits_per_year;

create table portrait.prevalence as
select chronic.condition, person.age // 20 * 20 as band, count(*) as people,
from portrait.chronic as chronic
inner join portrait.person as person using (person_id)
group by chronic.condition, band
order by chronic.condition, band;

-- Tenths of the people by cost per year, and what each tenth costs of all
create table portrait.cost_tenths as
with tenths as (
    select
        allowed,
        years,
        ntile(10) over (order by allowed / years, person_id) as tenth,
    from portrait.year_cost
    where years >= 0.5
)

select
    tenth,
    count(*) as people,
    sum(allowed) / sum(years) as per_year,
    sum(allowed) / (select sum(allowed) from tenths) as share,
from tenths
group by tenth
order by tenth;
