-- Prescriptions, and what practices and registries know of the people of one batch:
-- laboratory results, blood pressures and other observations, vaccines.

-- Standing prescriptions: refilled by the month in full detail, by three months in
-- brief
create or replace table work.standing_fill as
with takers as (
    select
        person.person_no,
        drug.*,
        if(getvariable('detail') = 'brief' and drug.days_supply <= 50, 3, 1) as months,
    from work.person as person
    inner join param.drug as drug
        on drug.condition = 'any' and person.age >= 30
        or exists (
            from work.person_condition as person_condition
            where person_condition.person_no = person.person_no
                and person_condition.condition = drug.condition
        )
    where draw('takes ' || drug.ndc_code, person.person_no) < drug.share
),

due as (
    select
        *,
        unnest(
            range((getvariable('days') / (days_supply * months))::bigint)
        ) as fill_no,
    from takers
)

select
    person_no,
    ndc_code,
    quantity * months as quantity,
    days_supply * months as days_supply,
    price * months as price,
    fill_no,
    getvariable('first_day') + floor(
        (fill_no + draw('fill' || ndc_code, person_no, fill_no)) * days_supply * months
    )::integer as dispensing_date,
    -- what was filled, so that the claim's number is unique
    'D' || right(ndc_code, 5) as fill_kind,
from due
where draw('filled' || ndc_code, person_no, fill_no) < getvariable('share_filled');

-- Antibiotics, on the day of the visit or the next
create or replace table work.short_fill as
select
    visit.person_no,
    drug.ndc_code,
    drug.quantity,
    drug.days_supply,
    drug.price,
    visit.visit_no as fill_no,
    visit.service_date
    + floor(2 * draw('next day', visit.person_no, visit.visit_no))::integer
        as dispensing_date,
    'A' as fill_kind,
from work.visit as visit
inner join param.antibiotic as antibiotic on visit.care = antibiotic.care
inner join param.antibiotic_drug as drug
    on visit.age_at_visit between drug.from_age and drug.to_age
where visit.payer is not null
    and draw('antibiotic', visit.person_no, visit.visit_no) < antibiotic.share;

create or replace table landing.pharmacy_claim as
with fills as (
    from work.standing_fill
    union all by name
    from work.short_fill
),

covered as (
    select
        fills.*,
        person.person_id,
        span.span_home || '.1' as prescriber,
        payer.payer,
        payer.price_factor,
        payer.prefix || fills.fill_kind
        || to_base(fills.person_no * 1000000 + fills.fill_no, 36, 8) as claim_id,
        draw('rx fate' || fills.ndc_code, fills.person_no, fills.fill_no) as fate_at,
    from fills
    inner join work.person as person on fills.person_no = person.person_no
    inner join work.span as span
        on fills.person_no = span.person_no
        and span.role = 'primary'
        and fills.dispensing_date between span.span_from and span.in_force_to
    inner join param.payer as payer on span.span_payer = payer.payer
    where fills.dispensing_date between person.birth_date and getvariable('last_day')
        and (
            person.death_date is null or fills.dispensing_date <= person.death_date
        )
        -- most of Medicare's drug plans send nothing here
        and (
            span.span_payer <> 'medicare'
            or draw('part d', fills.person_no) < getvariable('share_part_d')
        )
),

iterations as (
    select
        *,
        if(fate_at < getvariable('share_denied'), '04', '01') as status,
        1 as version,
        1 as sign,
    from covered
    union all
    select *, '22' as status, 1 as version, -1 as sign,
    from covered
    where fate_at between 0.5 and 0.5 + getvariable('share_fill_reversed')
    union all
    select *, '01' as status, 2 as version, 1 as sign,
    from covered
    where fate_at between 0.6 and 0.6 + getvariable('share_fill_new_version')
    union all
    select *, '01' as status, 1 as version, 1 as sign,
    from covered
    where fate_at between 0.7 and 0.7 + getvariable('share_fill_duplicated')
)

select
    claim_id,
    1 as claim_line_number,
    person_id,
    payer,
    prescriber.npi as prescribing_provider_npi,
    pharmacy.npi as dispensing_provider_npi,
    dispensing_date,
    ndc_code,
    quantity::decimal(18, 0) as quantity,
    days_supply,
    (dispensing_date + if(sign < 0 or version = 2, 30, 7))::date as paid_date,
    if(
        status = '04',
        0,
        sign * (price * price_factor * 0.85)::decimal(18, 2)
    )::decimal(18, 2) as paid_amount,
    if(
        status = '04',
        0,
        sign * (price * price_factor)::decimal(18, 2)
    )::decimal(18, 2) as allowed_amount,
    status as x_claim_status_code,
    version as x_claim_version,
from iterations
inner join work.provider as prescriber on iterations.prescriber = prescriber.provider
inner join work.provider as pharmacy on pharmacy.provider = 'PHAR.org';

-- Results of what was tested. Feeds of some practices are interrupted.
create or replace table landing.lab_result as
with tests as (
    select
        visit.person_no,
        visit.visit_no,
        visit.person_id,
        visit.service_date,
        test.code,
        test.units,
        -- most people are well controlled, a tail is not
        test.base + test.breadth * pow(
            0.65 * draw('level ' || test.code, visit.person_no)
            + 0.35 * draw('result ' || test.code, visit.person_no, visit.visit_no),
            test.power
        ) as result,
        test.digits,
    from work.visit as visit
    inner join param.lab_test as test on visit.care = test.care
    where visit.payer is not null
        and draw('registry', visit.person_no) < getvariable('share_in_registry')
        and (
            visit.care <> 'diabetes laboratory'
            or test.code = '4548-4'
            -- only where the claim has the line of the test
            or draw('lipids', visit.person_no, visit.visit_no) < (
                select high
                from param.line
                where roll = 'lipids'
            )
        )
)

select
    'L' || to_base(person_no * 1000000 + visit_no, 36, 7) || left(code, 1)
        as lab_result_id,
    person_id,
    'loinc' as normalized_code_type,
    code as normalized_code,
    'final' as status,
    if(digits = 1, result::decimal(4, 1)::varchar, result::integer::varchar) as result,
    (service_date + 1)::date as result_datetime,
    service_date as collection_datetime,
    units as normalized_units,
from tests;

-- What was measured or asked in the last two years: pressures, body mass (a percentile
-- for children), tobacco, depression
create or replace table landing.observation as
with visits as (
    select
        visit.person_no,
        visit.visit_no,
        visit.person_id,
        visit.service_date,
        visit.age_at_visit,
        coalesce(conditions.has_hypertension, false) as has_hypertension,
    from work.visit as visit
    left join work.conditions as conditions on visit.person_no = conditions.person_no
    where visit.place = 'home'
        and visit.care in ('office', 'well adult', 'wellness visit', 'well child')
        and visit.payer is not null
        and visit.service_date > getvariable('last_day') - 730
        and draw('registry', visit.person_no) < getvariable('share_in_registry')
),

measured as (
    select
        visits.*,
        part.suffix,
        part.code,
        part.units,
        part.base,
        part.breadth,
        part.purpose,
        part.more_with_hypertension,
    from visits
    inner join param.measurement as part
        on visits.age_at_visit between part.from_age and part.to_age
        and draw(part.purpose, visits.person_no, visits.visit_no) < part.share
)

select
    'O' || to_base(person_no * 1000000 + visit_no, 36, 7) || suffix as observation_id,
    person_id,
    service_date as observation_date,
    'loinc' as normalized_code_type,
    code as normalized_code,
    case
        when purpose = 'tobacco'
            then if(
                draw('smokes', person_no) < getvariable('share_smokers'),
                'current smoker',
                'never smoker'
            )
        when purpose = 'depression'
            then if(
                draw('screen', person_no, visit_no)
                < getvariable('share_depression_positive'),
                'positive',
                'negative'
            )
        when purpose = 'falls'
            then if(
                draw('falls', person_no, visit_no) < getvariable('share_falls_risk'),
                'at risk',
                'not at risk'
            )
        else floor(
            base + breadth * (
                0.6 * draw(code, person_no) + 0.4 * draw(code, person_no, visit_no)
            ) + if(has_hypertension, more_with_hypertension, 0)
        )::integer::varchar
    end as result,
    units as normalized_units,
from measured;

create or replace table landing.immunization as
with doses as (
    select
        person.person_no,
        person.person_id,
        vaccine.cvx_code,
        vaccine.month::varchar as dose,
        (person.birth_date + to_months(vaccine.month))::date
        + floor(25 * draw('dose' || cvx_code, person.person_no, vaccine.month))::integer
            as occurrence_date,
        draw('vaccine' || cvx_code, person.person_no, vaccine.month) as given_at,
        draw('vaccinated', person.person_no) as willing_at,
    from work.person as person
    cross join param.vaccine as vaccine
    -- the registry goes back six years
    where person.birth_date + to_months(vaccine.month)
        between getvariable('first_day') - 1095 and getvariable('last_day')
    union all by name
    -- shots given by practices, as far as they report them
    select
        person_no,
        person_id,
        case care
            when 'flu shot' then '150'
            when 'flu shot aged' then '135'
            else if(draw('code', person_no, visit_no) < 0.6, '133', '33')
        end as cvx_code,
        'v' || visit_no as dose,
        service_date as occurrence_date,
        draw('shot sent', person_no, visit_no) * 1.5 as given_at,
        0 as willing_at,
    from work.visit
    where care in ('flu shot', 'flu shot aged', 'pneumonia shot')
        and payer is not null
)

select
    'I' || to_base(person_no, 36, 4) || '-' || cvx_code || '-' || dose
        as immunization_id,
    person_id,
    'cvx' as normalized_code_type,
    cvx_code as normalized_code,
    'completed' as status,
    occurrence_date,
from doses
-- a few families refuse; of the others some doses are late or missed
where willing_at < getvariable('share_willing')
    and given_at < getvariable('share_vaccinated')
    and occurrence_date <= getvariable('last_day');
