-- Visits, the claims that they leave, and what payers then do with them. A visit is
-- (person_no, visit_no); the number tells its kind by hundreds. Nothing here needs a
-- window over visits or lines, so that it scales with the machine.

create table work.person_condition as
select
    person.person_no,
    condition.*,
from work.person as person
inner join param.condition as condition
    on draw(condition.condition, person.person_no)
    < case
        when person.age < 19 then share_child
        when person.age < 65 then share_adult
        else share_aged
    end;

create table work.conditions as
select
    person_no,
    list(icd10 order by condition) as icd10,
    list(icd9 order by condition) as icd9,
    bool_or(condition = 'diabetes') as has_diabetes,
    bool_or(condition = 'hypertension') as has_hypertension,
from work.person_condition
group by person_no;

create table work.visit as
with primary_care as (
    select
        *,
        unnest(range(
            floor(
                visits_per_year * getvariable('months') / 12
                + draw('visits', person_no)
            )::bigint
        )) as visit_no,
        'primary' as kind,
    from work.person
    where life not in ('no_visit', 'tie_recent', 'tie_dates', 'tie_same_day')
),

primary_visits as (
    select
        *,
        getvariable('first_day')
        + floor(draw('visit date', person_no, visit_no) * getvariable('days'))::integer
            as service_date,
        case
            when draw('visit site', person_no, visit_no) < getvariable('share_home')
                then 'home'
            when draw('visit site', person_no, visit_no)
                < getvariable('share_home') + getvariable('share_other_practice')
                then 'rival'
            when draw('off site', person_no, visit_no) < 0.5 then 'OFF1'
            else 'OFF2'
        end as drawn_site,
    from primary_care
),

-- ties in claims: the last date decides, the dates decide, or nothing but the id
tie_visits as (
    select
        person.*,
        ties.visit_no,
        'primary' as kind,
        getvariable('last_day') - ties.days_before
        - floor(25 * draw('tie', person_no))::integer as service_date,
        ties.drawn_site,
    from work.person as person
    inner join (
        values
        ('tie_recent', 110, 220, 'home'),
        ('tie_recent', 111, 70, 'rival'),
        ('tie_dates', 110, 300, 'home'),
        ('tie_dates', 111, 60, 'home'),
        ('tie_dates', 112, 60, 'rival'),
        ('tie_dates', 113, 60, 'rival'),
        ('tie_same_day', 110, 90, 'home'),
        ('tie_same_day', 111, 90, 'rival'),
    ) as ties (life, visit_no, days_before, drawn_site) on person.life = ties.life
),

newborn_visits as (
    select
        *,
        120 as visit_no,
        'newborn' as kind,
        birth_date as service_date,
        'home' as drawn_site,
    from work.person
    where birth_date >= getvariable('first_day')
),

womens_visits as (
    select
        *,
        200 + unnest(range(
            1 + floor(4 * draw('women visits', person_no))::bigint
        )) as visit_no,
        'women' as kind,
        getvariable('first_day')
        + floor(draw('women date', person_no, visit_no) * getvariable('days'))::integer
            as service_date,
        case
            when region in ('Rutland', 'Brattleboro', 'elsewhere') then 'PR10'
            else 'PR09'
        end as drawn_site,
    from work.person
    where gender = 'female'
        and age between 15 and 46
        and draw('women seen', person_no) < getvariable('share_women_seen')
),

other_visits as (
    select
        person.*,
        kinds.first_no + unnest(range(
            floor(
                kinds.per_year * getvariable('months') / 12 * 2
                * draw(kinds.kind, person_no)
                + draw(kinds.kind, person_no, 1)
            )::bigint
        )) as visit_no,
        kinds.kind,
        getvariable('first_day')
        + floor(draw('other date', person_no, visit_no) * getvariable('days'))::integer
            as service_date,
        kinds.drawn_site,
    from work.person as person
    cross join (
        values
        (300, 'specialist', getvariable('rate_specialist') / 2, 'PR11'),
        (350, 'specialist', getvariable('rate_specialist') / 2, 'ORTH'),
        (400, 'emergency', getvariable('rate_emergency'), 'HOSP'),
        (500, 'laboratory', getvariable('rate_laboratory'), 'LABS'),
        (600, 'imaging', getvariable('rate_imaging'), 'HOSP'),
        (700, 'admission', getvariable('rate_admission'), 'HOSP'),
    ) as kinds (first_no, kind, per_year, drawn_site)
    where person.life <> 'no_visit'
),

drawn_visits as (
    from primary_visits
    union all by name
    from tie_visits
    union all by name
    from newborn_visits
    union all by name
    from womens_visits
    union all by name
    from other_visits
),

sited_visits as (
    select
        * exclude (home, drawn_site),
        case
            when drawn_site = 'rival' then rival
            when drawn_site <> 'home' then drawn_site
            -- before a move, the old practice
            when service_date < turn_date then first_home
            else home
        end as site,
    from drawn_visits
    where service_date between birth_date and getvariable('last_day')
        and service_date >= getvariable('first_day')
        and (death_date is null or service_date <= death_date)
),

spans as (
    select person_no, role, span_payer, plan, span_from, in_force_to,
    from work.span
)

select
    visit.* exclude (payer, other_payer),
    case
        when visit.kind in ('laboratory', 'imaging', 'admission', 'emergency')
            then 1 + floor(2 * draw('chair', visit.person_no, visit.visit_no))::integer
        when visit.kind in ('women')
            then site.primary_chairs + 1 + floor(
                (site.chairs - site.primary_chairs)
                * draw('chair', visit.person_no, visit.visit_no)
            )::integer
        when draw('usual', visit.person_no, visit.visit_no)
            < getvariable('share_usual_provider')
            then 1 + floor(
                if(site.primary_chairs > 0, site.primary_chairs, site.chairs)
                * draw('usual chair', visit.person_no)
            )::integer
        else 1 + floor(
            if(site.primary_chairs > 0, site.primary_chairs, site.chairs)
            * draw('chair', visit.person_no, visit.visit_no)
        )::integer
    end as chair,
    date_sub('year', birth_date, service_date) as age_at_visit,
    -- who pays: the primary coverage of the day, or one of two; none, and some bill
    -- the present payer all the same
    case
        when second_span.person_no is not null
            and draw('which primary', visit.person_no, visit.visit_no) < 0.5
            then second_span.span_payer
        when span.person_no is not null then span.span_payer
        when draw('uncovered', visit.person_no, visit.visit_no)
            < getvariable('share_billed_uncovered')
            then visit.payer
    end as payer,
    secondary_span.span_payer as secondary_payer,
    span.plan,
from sited_visits as visit
inner join param.site as site on visit.site = site.site
left join spans as span
    on visit.person_no = span.person_no
    and span.role = 'primary'
    and visit.service_date between span.span_from and span.in_force_to
left join spans as second_span
    on visit.person_no = second_span.person_no
    and second_span.role = 'second_primary'
    and visit.service_date between second_span.span_from and second_span.in_force_to
left join spans as secondary_span
    on visit.person_no = secondary_span.person_no
    and secondary_span.role = 'secondary'
    and visit.service_date
    between secondary_span.span_from and secondary_span.in_force_to;

-- One row per claim of a visit, with its diagnoses and its NPIs
create table work.claim as
with parts as (
    select
        *,
        1 as part,
        case
            when kind in ('emergency', 'admission') then 'institutional'
            when site = 'PR07' and kind = 'primary' then 'institutional'
            else 'professional'
        end as claim_type,
    from work.visit
    where payer is not null
    union all
    -- the physician bills beside the hospital
    select *, 2 as part, 'professional' as claim_type,
    from work.visit
    where payer is not null
        and kind in ('emergency', 'admission')
),

staffed as (
    select
        parts.*,
        -- an empty chair sends its patients to the first one
        coalesce(seat.provider, parts.site || '.1') as provider,
        case
            when parts.kind = 'admission'
                then 2 + floor(
                    5 * draw('stay', parts.person_no, parts.visit_no)
                )::integer
            else 0
        end as stay_days,
        parts.kind in ('primary', 'women')
        and draw('preventive', parts.person_no, parts.visit_no)
        < if(parts.age_at_visit < 19, 0.50, 0.22) as is_preventive,
    from parts
    left join work.seat as seat
        on parts.site = seat.site
        and parts.chair = seat.chair
        and parts.service_date between seat.seated_from and seat.seated_to
)

select
    claim.* exclude (provider),
    claim.person_no * 100000 + claim.visit_no * 10 + part as claim_no,
    service_date + stay_days as end_date,
    case
        when kind = 'laboratory' then null
        when claim_type = 'institutional' and kind <> 'primary' then null
        when claim_type = 'institutional'
            and draw('no rendering', claim.person_no, claim.visit_no)
            < getvariable('share_fqhc_no_rendering')
            then null
        else rendering.npi
    end as rendering_npi,
    case
        when claim_type = 'institutional'
            or draw('no billing', claim.person_no, claim.visit_no)
            >= getvariable('share_no_billing')
            then billing.npi
    end as billing_npi,
    case when claim_type = 'institutional' then billing.npi end as facility_npi,
    case
        when kind = 'newborn' then 'Z3800'
        when is_preventive and kind = 'women' then 'Z01419'
        when is_preventive then if(age_at_visit < 18, 'Z00129', 'Z0000')
        when conditions.person_no is not null
            and draw('chronic visit', claim.person_no, claim.visit_no) < 0.5
            then conditions.icd10[
                1 + floor(
                    len(conditions.icd10)
                    * draw('which', claim.person_no, claim.visit_no)
                )::integer
            ]
        else complaint.icd10
    end as icd10,
    case
        when kind = 'newborn' then 'V3000'
        when is_preventive and kind = 'women' then 'V7231'
        when is_preventive then if(age_at_visit < 18, 'V202', 'V700')
        when conditions.person_no is not null
            and draw('chronic visit', claim.person_no, claim.visit_no) < 0.5
            then conditions.icd9[
                1 + floor(
                    len(conditions.icd9)
                    * draw('which', claim.person_no, claim.visit_no)
                )::integer
            ]
        else complaint.icd9
    end as icd9,
    coalesce(conditions.has_diabetes, false) as has_diabetes,
    coalesce(conditions.has_hypertension, false) as has_hypertension,
from staffed as claim
inner join work.provider as rendering
    on claim.provider = rendering.provider
    or claim.site = 'LABS' and rendering.provider = 'LABS.org'
inner join work.provider as billing on claim.site || '.org' = billing.provider
left join work.conditions as conditions on claim.person_no = conditions.person_no
inner join param.complaint as complaint
    on floor(8 * draw('complaint', claim.person_no, claim.visit_no))::integer
    = complaint.number;

create table work.line as
with first_codes as (
    select
        claim_no,
        1 as line_no,
        case
            when kind = 'newborn' then '99460'
            when kind in ('primary', 'women') and is_preventive and payer = 'medicare'
                then case
                    when age_at_visit = 65 then 'G0402'
                    when visit_no % 100 = 0 then 'G0438'
                    else 'G0439'
                end
            when kind in ('primary', 'women') and is_preventive
                -- 99391 to 99397, or 99381 to 99387 for a new patient, by age
                then (
                    if(visit_no = 0 and draw('new', person_no) < 0.5, 99381, 99391)
                    + case
                        when age_at_visit < 1 then 0
                        when age_at_visit < 5 then 1
                        when age_at_visit < 12 then 2
                        when age_at_visit < 18 then 3
                        when age_at_visit < 40 then 4
                        when age_at_visit < 65 then 5
                        else 6
                    end
                )::varchar
            when kind = 'women' then case
                when draw('code', person_no, visit_no) < 0.10 then '58300'
                when draw('code', person_no, visit_no) < 0.18 then 'S0612'
                when draw('code', person_no, visit_no) < 0.24 then '59400'
                when draw('code', person_no, visit_no) < 0.40 then '99214'
                else '99213'
            end
            when kind = 'primary' and visit_no = 0 and draw('new', person_no) < 0.6
                then case
                    when draw('code', person_no, visit_no) < 0.08 then '99201'
                    when draw('code', person_no, visit_no) < 0.35 then '99202'
                    when draw('code', person_no, visit_no) < 0.80 then '99203'
                    else '99204'
                end
            when kind = 'primary' then case
                when draw('code', person_no, visit_no) < 0.08 then '99212'
                when draw('code', person_no, visit_no) < 0.58 then '99213'
                when draw('code', person_no, visit_no) < 0.93 then '99214'
                when age_at_visit > 80 then '99308'
                else '99215'
            end
            when kind = 'specialist' then case
                when draw('code', person_no, visit_no) < 0.15 then '99243'
                when draw('code', person_no, visit_no) < 0.30 then '99203'
                when draw('code', person_no, visit_no) < 0.65 then '99213'
                else '99214'
            end
            when kind = 'emergency' and part = 1 then '99283'
            when kind = 'emergency'
                then if(draw('code', person_no, visit_no) < 0.6, '99283', '99284')
            when kind = 'laboratory' then if(has_diabetes, '83036', '80053')
            when kind = 'imaging' then case
                when gender = 'female' and age_at_visit between 40 and 75
                    then if(service_date < date '2018-01-01', 'G0202', '77067')
                when draw('code', person_no, visit_no) < 0.4 then '73630'
                else if(service_date < date '2018-01-01', '71020', '71046')
            end
            when kind = 'admission' and part = 2 then '99222'
        end as hcpcs_code,
        case
            when kind = 'emergency' and part = 1 then '0450'
            when kind = 'admission' and part = 1 then '0120'
        end as revenue_center_code,
    from work.claim
),

-- health centers bill the visit as a revenue line and the service beside it
health_center_codes as (
    select
        first_codes.claim_no,
        line_no.line_no,
        case
            when line_no.line_no = 2 then first_codes.hcpcs_code
            when claim.payer = 'medicaid' then 'T1015'
        end as hcpcs_code,
        case
            when line_no.line_no = 2 then '0519'
            when draw('home visit', claim.person_no, claim.visit_no) < 0.08 then '0522'
            else '0521'
        end as revenue_center_code,
    from first_codes
    inner join work.claim as claim on first_codes.claim_no = claim.claim_no
    cross join (values (1), (2)) as line_no (line_no)
    where claim.claim_type = 'institutional'
        and claim.kind = 'primary'
),

plain_codes as (
    from first_codes
    where not exists (
        from health_center_codes
        where health_center_codes.claim_no = first_codes.claim_no
    )
),

further_codes as (
    select
        claim_no,
        3 as line_no,
        case
            when kind = 'laboratory'
                then if(draw('further', person_no, visit_no) < 0.5, '80061', '85025')
            when kind = 'women' and is_preventive
                then if(draw('further', person_no, visit_no) < 0.5, '88175', '87491')
            when kind = 'women' then '81025'
            when kind = 'specialist' and site = 'PR11' then '93000'
            when age_at_visit between 1 and 3 and is_preventive then '96110'
            when month(service_date) in (10, 11) then '90686'
            when icd10 = 'J029' then '87880'
            when draw('further', person_no, visit_no) < 0.4 then '36415'
            when draw('further', person_no, visit_no) < 0.5 then '99406'
            else '85018'
        end as hcpcs_code,
        null as revenue_center_code,
    from work.claim
    where claim_type = 'professional'
        and (
            kind in ('primary', 'women', 'specialist')
            and draw('has further', person_no, visit_no) < 0.3
            or kind = 'laboratory' and draw('has further', person_no, visit_no) < 0.7
        )
    union all
    select claim_no, 3 as line_no, null as hcpcs_code, '0250' as revenue_center_code,
    from work.claim
    where kind = 'admission'
        and part = 1
),

codes as (
    from plain_codes
    union all by name
    from health_center_codes
    union all by name
    from further_codes
)

select
    codes.*,
    coalesce(service.price, revenue_price.price, 0) as price,
from codes
left join param.service as service on codes.hcpcs_code = service.hcpcs_code
left join param.revenue_price as revenue_price
    on codes.revenue_center_code = revenue_price.revenue_center_code;

-- Lines as first sent, and what becomes of their claim
create table work.sent_line as
with priced as (
    select
        claim.* exclude (plan),
        claim.plan,
        line.line_no,
        line.hcpcs_code,
        line.revenue_center_code,
        payer.prefix,
        if(line.revenue_center_code = '0120', stay_days, 1) as units,
        (line.price * payer.price_factor)::decimal(18, 2)
        * if(line.revenue_center_code = '0120', stay_days, 1) as allowed,
        draw('fate', claim.claim_no) as fate_at,
        draw('fate of money', claim.claim_no) as money_at,
    from work.claim as claim
    inner join work.line as line on claim.claim_no = line.claim_no
    inner join param.payer as payer on claim.payer = payer.payer
)

select
    *,
    prefix || lpad(claim_no::varchar, 11, '0') as claim_id,
    -- one draw, cut into the fates in turn
    case
        when fate_at < getvariable('share_denied') then 'denied'
        when fate_at < 0.10 then 'paid'
        when fate_at < 0.10 + getvariable('share_reversed') then 'reversed'
        when fate_at < 0.20 then 'paid'
        when fate_at < 0.20 + getvariable('share_reversed_new_id')
            then 'reversed under a new id'
        when fate_at < 0.30 then 'paid'
        when fate_at < 0.30 + getvariable('share_new_version') then 'new version'
        when fate_at < 0.40 then 'paid'
        when fate_at < 0.40 + getvariable('share_replaced') then 'replaced'
        when fate_at < 0.50 then 'paid'
        when fate_at < 0.50 + getvariable('share_duplicated') then 'duplicated'
        else 'paid'
    end as fate,
    case
        when money_at < getvariable('share_no_paid_date') then null
        when money_at > 1 - getvariable('share_paid_late')
            then end_date + 150 + floor(100 * draw('lag', claim_no))::integer
        else end_date + 8 + floor(34 * draw('lag', claim_no))::integer
    end as paid_on,
    money_at between 0.5 and 0.5 + getvariable('share_zero_paid') as is_zero_paid,
from priced;

create table landing.medical_claim as
with sent as (
    select
        *,
        case when fate = 'denied' then '04' else '01' end as status,
        1 as version,
        '' as suffix,
        null::varchar as replaces,
        if(fate = 'denied', 0, 1) as sign,
        0 as days_later,
    from work.sent_line
),

-- the same id and version again, as a reversal
reversals as (
    select
        *,
        '22' as status,
        1 as version,
        '' as suffix,
        null::varchar as replaces,
        -1 as sign,
        35 as days_later,
    from work.sent_line
    where fate = 'reversed'
),

reversals_under_new_id as (
    select
        *,
        '22' as status,
        1 as version,
        'V' as suffix,
        claim_id as replaces,
        -1 as sign,
        28 as days_later,
    from work.sent_line
    where fate = 'reversed under a new id'
),

later_versions as (
    select
        *,
        '01' as status,
        2 as version,
        '' as suffix,
        null::varchar as replaces,
        1 as sign,
        40 as days_later,
    from work.sent_line
    where fate = 'new version'
),

replacements as (
    select
        *,
        '01' as status,
        1 as version,
        'A' as suffix,
        claim_id as replaces,
        1 as sign,
        45 as days_later,
    from work.sent_line
    where fate = 'replaced'
),

-- denied, sent again under a new id that names nothing
resent as (
    select
        *,
        '01' as status,
        1 as version,
        'R' as suffix,
        null::varchar as replaces,
        1 as sign,
        30 as days_later,
    from work.sent_line
    where fate = 'denied'
        and draw('resent', claim_no) < getvariable('share_denied_resent')
),

duplicates as (
    from sent
    where fate = 'duplicated'
),

-- the second payer's copy of a claim that the first one paid
secondary_copies as (
    select
        sent.* exclude (payer, prefix, claim_id, plan, status, days_later),
        sent.secondary_payer as payer,
        payer.prefix,
        payer.prefix || lpad(claim_no::varchar, 11, '0') || 'S' as claim_id,
        if(
            draw('forwarded', claim_no) < getvariable('share_secondary_forwarded'),
            '20',
            '02'
        ) as status,
        null as plan,
        20 as days_later,
    from sent
    inner join param.payer as payer on sent.secondary_payer = payer.payer
    where sent.fate in ('paid', 'duplicated')
),

rows as (
    from sent
    union all by name
    from reversals
    union all by name
    from reversals_under_new_id
    union all by name
    from later_versions
    union all by name
    from replacements
    union all by name
    from resent
    union all by name
    from duplicates
    union all by name
    from secondary_copies
)

select
    claim_id || suffix as claim_id,
    line_no as claim_line_number,
    claim_type,
    person_id,
    payer,
    plan,
    service_date as claim_start_date,
    end_date as claim_end_date,
    case
        when draw('line date', claim_no, line_no)
            < getvariable('share_line_date_outside')
            then end_date + 3
        when payer in ('medicaid', 'medicare') then service_date
    end as claim_line_start_date,
    if(kind = 'admission' and part = 1, service_date, null) as admission_date,
    if(kind = 'admission' and part = 1, end_date, null) as discharge_date,
    if(kind = 'admission' and part = 1, '01', null) as discharge_disposition_code,
    case
        when claim_type = 'institutional' then null
        when kind in ('emergency') then '23'
        when kind in ('admission', 'newborn') then '21'
        when kind = 'laboratory' then '81'
        when kind = 'imaging' then '22'
        when hcpcs_code = '99308' then '32'
        else '11'
    end as place_of_service_code,
    case
        when claim_type <> 'institutional' then null
        when kind = 'primary' then '0771'
        when kind = 'emergency' then '0131'
        else '0111'
    end as bill_type_code,
    if(kind = 'admission' and part = 1, if(age < 40, '775', '194'), null) as drg_code,
    revenue_center_code,
    units::decimal(18, 0) as service_unit_quantity,
    -- a correction moves an office visit down one level
    case
        when (version = 2 or suffix = 'A') and hcpcs_code = '99214' then '99213'
        else hcpcs_code
    end as hcpcs_code,
    case
        when kind = 'imaging' then '26'
        when is_preventive and hcpcs_code in ('99213', '99214') then '25'
    end as hcpcs_modifier_1,
    rendering_npi,
    billing_npi,
    facility_npi,
    (paid_on + days_later)::date as paid_date,
    case
        when status = '04' or is_zero_paid then 0
        when status in ('02', '20') then (allowed * 0.2)::decimal(18, 2)
        when version = 2 or suffix = 'A' then (allowed * 0.72)::decimal(18, 2)
        when payer = 'medicaid' then sign * allowed
        else (sign * allowed * 0.8)::decimal(18, 2)
    end::decimal(18, 2) as paid_amount,
    case
        when version = 2 or suffix = 'A' then (allowed * 0.9)::decimal(18, 2)
        else sign * allowed
    end::decimal(18, 2) as allowed_amount,
    (if(sign < 0, -1, 1) * allowed * 1.7)::decimal(18, 2) as charge_amount,
    if(service_date < getvariable('icd10_day'), 'icd-9-cm', 'icd-10-cm')
        as diagnosis_code_type,
    if(service_date < getvariable('icd10_day'), icd9, icd10) as diagnosis_code_1,
    -- the chronic condition that a visit about something else also touched
    case
        when has_diabetes and icd10 <> 'E119'
            then if(service_date < getvariable('icd10_day'), '25000', 'E119')
    end as diagnosis_code_2,
    -- null means 01, 1
    if(status = '01' and payer = 'mvp', null, status) as x_claim_status_code,
    if(version = 1 and payer = 'mvp', null, version) as x_claim_version,
    replaces as x_replaces_claim_id,
from rows;

-- Prescriptions: standing ones refilled, and short antibiotics
create table landing.pharmacy_claim as
with quarters as (
    select range as fill_no
    from range((getvariable('months') / 3)::bigint)
),

standing_orders as (
    select
        person.*,
        condition.ndc_code,
        condition.quantity,
        condition.days_supply,
        condition.price,
        condition.condition,
        fill_no,
        getvariable('first_day') + floor(
            (fill_no + draw('fill', person.person_no, fill_no)) * 91.3
        )::integer as dispensing_date,
    from work.person as person
    inner join work.person_condition as condition
        on person.person_no = condition.person_no
    cross join quarters
    where draw(condition.condition || ' fill', person.person_no, fill_no) < 0.75
),

short_courses as (
    select
        *,
        if(age < 19, '00781194339', '00069040001') as ndc_code,
        if(age < 19, 150, 6) as quantity,
        if(age < 19, 10, 5) as days_supply,
        18.00 as price,
        'infection' as condition,
        100 + visit_no as fill_no,
        service_date + 1 as dispensing_date,
    from work.claim
    where icd10 in ('J029', 'J209', 'N390')
        and kind = 'primary'
        and draw('antibiotic', person_no, visit_no) < 0.4
),

fills as (
    from standing_orders
    union all by name
    from short_courses
),

covered as (
    select
        fills.person_no,
        fills.person_id,
        fills.ndc_code,
        fills.quantity,
        fills.days_supply,
        fills.price,
        fills.fill_no,
        fills.condition,
        fills.dispensing_date,
        span.span_home || '.1' as prescriber,
        payer.payer,
        payer.price_factor,
        -- the claim number comes from what was filled, so that it is unique
        payer.prefix || 'X' || lpad(fills.person_no::varchar, 7, '0')
        || left(fills.condition, 3) || lpad(fills.fill_no::varchar, 3, '0') as claim_id,
        draw('rx fate' || fills.condition, fills.person_no, fills.fill_no) as fate_at,
    from fills
    inner join work.span as span
        on fills.person_no = span.person_no
        and span.role = 'primary'
        and fills.dispensing_date between span.span_from and span.in_force_to
    inner join param.payer as payer on span.span_payer = payer.payer
    where fills.dispensing_date between fills.birth_date and getvariable('last_day')
        and (fills.death_date is null or fills.dispensing_date <= fills.death_date)
        -- Medicare's drug plans send nothing here
        and span.span_payer <> 'medicare'
),

iterations as (
    select *, if(fate_at < 0.02, '04', '01') as status, 1 as version, 1 as sign,
    from covered
    union all
    select *, '22' as status, 1 as version, -1 as sign,
    from covered
    where fate_at between 0.5 and 0.508
    union all
    select *, '01' as status, 2 as version, 1 as sign,
    from covered
    where fate_at between 0.6 and 0.608
    union all
    select *, '01' as status, 1 as version, 1 as sign,
    from covered
    where fate_at between 0.7 and 0.705
)

select
    upper(claim_id) as claim_id,
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

-- Clinical results: A1c of people with diabetes, blood pressures, children's vaccines
create table landing.lab_result as
select
    'L' || claim_no as lab_result_id,
    person_id,
    'loinc' as normalized_code_type,
    '4548-4' as normalized_code,
    'final' as status,
    (5.6 + 5.2 * pow(draw('a1c', person_no, visit_no), 2))::decimal(4, 1)::varchar
        as result,
    (service_date + 1)::date as result_datetime,
    service_date as collection_datetime,
    '%' as normalized_units,
from work.claim
where kind = 'laboratory'
    and has_diabetes
    -- feeds of some practices are interrupted
    and draw('registry', person_no) < 0.85;

create table landing.observation as
select
    'O' || claim_no || parts.suffix as observation_id,
    person_id,
    service_date as observation_date,
    'loinc' as normalized_code_type,
    parts.code as normalized_code,
    floor(
        parts.base + parts.breadth * draw(parts.code, person_no, visit_no)
        + if(has_hypertension, 10, 0)
    )::integer::varchar as result,
    'mm[Hg]' as normalized_units,
from work.claim
cross join (
    values ('s', '8480-6', 104, 38), ('d', '8462-4', 62, 26),
) as parts (suffix, code, base, breadth)
where kind = 'primary'
    and age_at_visit >= 18
    and service_date > getvariable('last_day') - 730
    and draw('pressure', person_no, visit_no) < 0.5;

create table landing.immunization as
select
    'I' || lpad(person_no::varchar, 7, '0') || '-' || cvx_code || '-' || month
        as immunization_id,
    person_id,
    'cvx' as normalized_code_type,
    cvx_code as normalized_code,
    'completed' as status,
    (birth_date + to_months(month))::date
    + floor(20 * draw(cvx_code, person_no, month))::integer as occurrence_date,
from work.person
cross join param.vaccine
where birth_date >= getvariable('first_day') - 730
    -- some are given late, abroad or not at all
    and draw('vaccine' || cvx_code, person_no, month) < 0.86
    and birth_date + to_months(month + 1) <= getvariable('last_day');
