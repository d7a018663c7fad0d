-- The claims that the visits of one batch leave, their lines, and what payers then do
-- with them.

-- One row per claim of a visit, with its diagnoses and its NPIs
create or replace table work.claim as
with parts as (
    select
        visit.*,
        part.part,
        case
            when part.part = 'I' then 'institutional'
            when visit.place = 'home' and visit.clinic_bill_type is not null
                then 'institutional'
            else 'professional'
        end as claim_type,
        -- a birth by caesarean section says so everywhere
        visit.care = 'delivery'
        and draw('mode', visit.person_no, visit.visit_no)
        < getvariable('share_caesarean') as is_caesarean,
    from work.visit as visit
    inner join (values ('P', 1), ('I', 2)) as part (part, part_no)
        on contains(visit.parts, part.part)
    where visit.payer is not null
),

staffed as (
    select
        parts.*,
        -- an empty chair sends its patients to the first one
        coalesce(
            seat.provider,
            if(parts.chair is null, null, parts.site || '.1')
        ) as provider,
        place.place_of_service_code,
        place.pool,
        if(parts.place = 'home', parts.clinic_bill_type, place.bill_type_code)
            as bill_type_code,
    from parts
    inner join param.place as place on parts.place = place.place
    left join work.seat as seat
        on parts.site = seat.site
        and parts.chair = seat.chair
        and parts.service_date between seat.seated_from and seat.seated_to
),

-- weights as ranges of [0, 1) among the diagnoses of an age: few rows, made once
diagnoses as (
    select
        diagnosis.care,
        ages.age,
        diagnosis.icd10,
        diagnosis.icd9,
        (sum(weight) over diagnoses - weight)::double / sum(weight) over cares as low,
        sum(weight) over diagnoses::double / sum(weight) over cares as high,
    from param.diagnosis as diagnosis
    inner join (select range as age from range(0, 111)) as ages
        on ages.age between diagnosis.from_age and diagnosis.to_age
    window
        cares as (partition by diagnosis.care, ages.age),
        diagnoses as (
            partition by diagnosis.care, ages.age
            order by diagnosis.icd10
        )
)

select
    claim.person_no,
    claim.visit_no,
    claim.person_id,
    claim.care,
    claim.part,
    claim.claim_type,
    claim.claim_type = 'institutional'
    and claim.part = 'P'
    and claim.payer = 'medicare'
    and claim.age_at_visit >= 65
    and draw('lives in nursing home', claim.person_no)
    < getvariable('share_lives_in_nursing_home') as is_in_nursing_home,
    claim.place,
    claim.site,
    claim.is_stay,
    claim.is_caesarean,
    claim.payer,
    claim.secondary_payer,
    claim.service_date,
    claim.end_date,
    claim.age_at_visit,
    claim.place_of_service_code,
    claim.bill_type_code,
    claim.pool,
    claim.person_no * 10000000 + claim.visit_no * 10 + if(claim.part = 'I', 2, 1)
        as claim_no,
    case
        when claim.claim_type = 'institutional' and claim.place <> 'home' then null
        when claim.claim_type = 'institutional'
            and draw('no rendering', claim.person_no, claim.visit_no)
            < getvariable('share_fqhc_no_rendering')
            then null
        else rendering.npi
    end as rendering_npi,
    case
        when claim.claim_type = 'institutional'
            or draw('no billing', claim.person_no, claim.visit_no)
            >= getvariable('share_no_billing')
            then billing.npi
    end as billing_npi,
    case when claim.claim_type = 'institutional' then billing.npi end as facility_npi,
    stay.drg_code,
    stay.procedure_code,
    stay.price as stay_price,
    claim.care = 'office'
    and len(conditions.icd10) > 0
    and draw('chronic visit', claim.person_no, claim.visit_no)
    < getvariable('share_chronic_visit') as is_chronic_visit,
    1 + floor(
        len(conditions.icd10) * draw('which', claim.person_no, claim.visit_no)
    )::integer as which_condition,
    case
        when is_chronic_visit then conditions.icd10[which_condition]
        when claim.is_caesarean then 'O82'
        else coalesce(stay.icd10, diagnosis.icd10)
    end as icd10,
    case
        when is_chronic_visit then conditions.icd9[which_condition]
        when claim.is_caesarean then '66971'
        else coalesce(stay.icd9, diagnosis.icd9)
    end as icd9,
    fourth.icd10 as fourth_icd10,
    fourth.icd9 as fourth_icd9,
    fifth.icd10 as fifth_icd10,
    fifth.icd9 as fifth_icd9,
    claim.is_capitated,
    -- what is written beside the first diagnosis
    coalesce(conditions.has_diabetes, false)
    and not claim.is_bought as has_diabetes,
    coalesce(conditions.has_hypertension, false)
    and not claim.is_bought as has_hypertension,
from staffed as claim
left join work.provider as rendering on claim.provider = rendering.provider
inner join work.provider as billing on claim.site || '.org' = billing.provider
left join work.conditions as conditions on claim.person_no = conditions.person_no
left join param.stay as stay on claim.care = stay.stay
left join diagnoses as diagnosis
    on claim.care = diagnosis.care
    and claim.age_at_visit = diagnosis.age
    and draw('diagnosis', claim.person_no, claim.visit_no) >= diagnosis.low
    and draw('diagnosis', claim.person_no, claim.visit_no) < diagnosis.high
left join param.further_diagnosis as fourth
    on claim.care = fourth.care
    and fourth.position = 4
    and claim.age_at_visit between fourth.from_age and fourth.to_age
    and draw('also ' || fourth.icd10, claim.person_no) < fourth.share
left join param.further_diagnosis as fifth
    on claim.care = fifth.care
    and fifth.position = 5
    and claim.age_at_visit between fifth.from_age and fifth.to_age
    and draw('also ' || fifth.icd10, claim.person_no) < fifth.share;

-- What is written on each claim, with Medicare's price
create or replace table work.line as
with written as (
    select
        claim.claim_no,
        claim.person_no,
        claim.visit_no,
        claim.part,
        claim.pool,
        claim.claim_type,
        claim.place,
        claim.payer,
        line.line_no,
        case
            when claim.is_in_nursing_home
                and (
                    line.hcpcs_code between '99201' and '99215'
                    or line.hcpcs_code in ('99495', 'G0402', 'G0438', 'G0439')
                )
                then 'G0467'
            else line.hcpcs_code
        end as hcpcs_code,
        line.revenue_center_code,
        coalesce(
            line.price,
            claim.stay_price
        ) as price,
    from work.claim as claim
    inner join param.line as line
        on line.care = case
            when claim.stay_price is null then claim.care
            when claim.place = 'psychiatric' then 'psychiatric stays'
            else 'stays'
        end
        and claim.part = line.part
        and draw(line.roll, claim.person_no, claim.visit_no) >= line.low
        and draw(line.roll, claim.person_no, claim.visit_no) < line.high
    inner join param.line_case as line_case
        on line.line_case = line_case.line_case
        and claim.age_at_visit between line_case.from_age and line_case.to_age
        and claim.service_date between line_case.from_day and line_case.to_day
        and line_case.payers
        in ('any', if(claim.payer = 'medicare', 'medicare', 'other'))
),

-- health centers and rural clinics bill the visit as a revenue line and the services
-- beside it; in a nursing home, Medicare's own code stands for them
clinic_visits as (
    select
        claim_no,
        0 as line_no,
        if(payer = 'medicaid', 'T1015', null) as hcpcs_code,
        case
            when is_in_nursing_home then '0525'
            when draw('home visit', person_no, visit_no)
                < getvariable('share_home_visit')
                then '0522'
            else '0521'
        end as revenue_center_code,
        140 as price,
    from work.claim
    where claim_type = 'institutional'
        and part = 'P'
),

-- full detail: lines from the pool, which share a part of the first line's price
extra_lines as (
    select
        written.*,
        extra.price_share,
        extra.lines_least + floor(
            (extra.lines_most - extra.lines_least + 1)
            * draw('extra lines', written.person_no, written.visit_no)
        )::integer as lines,
    from written
    inner join param.extra_lines as extra
        on written.pool = extra.pool
        and written.part = extra.part
    where getvariable('detail') = 'full'
        and written.line_no = 1
),

extra_numbers as (
    select *, unnest(range(1, lines + 1)) as extra_no,
    from extra_lines
)

select
    written.claim_no,
    written.line_no,
    written.hcpcs_code,
    if(
        written.claim_type = 'institutional' and written.part = 'P',
        '0519',
        written.revenue_center_code
    ) as revenue_center_code,
    written.price * (1 - coalesce(extra_lines.price_share, 0)) as price,
from written
left join extra_lines
    on written.claim_no = extra_lines.claim_no
    and written.line_no = 1
union all by name
from clinic_visits
union all by name
select
    extra.claim_no,
    10 + extra.extra_no as line_no,
    code.hcpcs_code,
    if(
        extra.claim_type = 'institutional' and extra.part = 'P',
        '0519',
        code.revenue_center_code
    ) as revenue_center_code,
    extra.price * extra.price_share / extra.lines as price,
from extra_numbers as extra
inner join param.extra_code as code
    on extra.pool = code.pool
    and extra.part = code.part
    and floor(
        8 * draw('extra code', extra.claim_no, extra.extra_no)
    )::integer = code.position;

-- Lines as first sent, and what becomes of their claim
create or replace table work.sent_line as
with priced as (
    select
        claim.*,
        line.line_no,
        line.hcpcs_code,
        line.revenue_center_code,
        payer.prefix,
        -- rooms, and support day by day, are counted in days
        if(
            line.revenue_center_code
            in ('0120', '0124', '0112', '0171', '0174', '0022', '0651')
            or line.hcpcs_code in ('H0019', 'T1020', 'T2016'),
            greatest(1, claim.end_date - claim.service_date),
            1
        ) as units,
        (
            line.price * payer.price_factor * case
                when claim.part = 'P' then getvariable('professional_price_factor')
                when claim.is_stay then getvariable('stay_price_factor')
                else getvariable('outpatient_price_factor')
            end
            * if(claim.is_capitated, 0, 1)
        )::decimal(18, 2) as allowed,
        -- a transfer's own row says whence; the first stay says whither
        claim.is_stay and exists (
            from work.visit as transfer
            where transfer.person_no = claim.person_no
                and transfer.care = 'transfer'
                and transfer.visit_no = claim.visit_no + 20000 * (203 - 199)
        ) as is_transferred,
        draw('fate', claim.claim_no) as fate_at,
        draw('fate of money', claim.claim_no) as money_at,
    from work.claim as claim
    inner join work.line as line on claim.claim_no = line.claim_no
    inner join param.payer as payer on claim.payer = payer.payer
)

select
    *,
    prefix || to_base(claim_no, 36, 8) as claim_id,
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

create or replace table landing.medical_claim as
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
        '-V' as suffix,
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
        '-A' as suffix,
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
        '-R' as suffix,
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
        sent.* exclude (payer, prefix, claim_id, status, days_later),
        sent.secondary_payer as payer,
        payer.prefix,
        payer.prefix || to_base(claim_no, 36, 8) || '-S' as claim_id,
        if(
            draw('forwarded', claim_no) < getvariable('share_secondary_forwarded'),
            '20',
            '02'
        ) as status,
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
    service_date as claim_start_date,
    -- most claims of a day name the day once
    if(claim_type = 'institutional', end_date, null) as claim_end_date,
    case
        when draw('line date', claim_no, line_no)
            < getvariable('share_line_date_outside')
            then end_date + 3
        when payer in ('medicaid', 'medicare') and claim_type = 'professional'
            then service_date
    end as claim_line_start_date,
    if(is_stay and part = 'I', service_date, null) as admission_date,
    if(is_stay and part = 'I', end_date, null) as discharge_date,
    -- whence the patient came: born here or elsewhere, another hospital, a nursing
    -- home, or from home
    case
        when not is_stay or part = 'P' then null
        when care = 'newborn stay' then '5'
        when care = 'intensive nursery' then '6'
        when care = 'transfer' then '4'
        when draw('whence', person_no, visit_no) < getvariable('share_from_elsewhere')
            then if(age_at_visit < 65, '4', '5')
        else '1'
    end as admit_source_code,
    case
        when not is_stay or part = 'P' then null
        when care = 'last stay' then '20'
        when care in ('hip fracture', 'joint replacement')
            and draw('goes to nursing', person_no, visit_no)
            < getvariable('share_discharged_to_nursing')
            then '03'
        when is_transferred then '02'
        else '01'
    end as discharge_disposition_code,
    if(claim_type = 'professional', place_of_service_code, null)
        as place_of_service_code,
    if(claim_type = 'institutional', bill_type_code, null) as bill_type_code,
    case
        when part = 'P' or not is_stay then null
        when care = 'newborn stay' then '795'
        when care = 'delivery' then if(is_caesarean, '766', '775')
        when care = 'planned readmission' then '847'
        when care = 'intensive nursery' then '790'
        when care = 'transfer' then '280'
        else coalesce(drg_code, '871')
    end as drg_code,
    revenue_center_code,
    units::decimal(18, 0) as service_unit_quantity,
    -- a correction moves an office visit down one level
    case
        when (version = 2 or suffix = '-A') and hcpcs_code = '99214' then '99213'
        else hcpcs_code
    end as hcpcs_code,
    case
        when place = 'hospital' and part = 'P' and hcpcs_code like '7%' then '26'
        when line_no = 2 and hcpcs_code in ('99213', '99214') then '25'
    end as hcpcs_modifier_1,
    rendering_npi,
    billing_npi,
    facility_npi,
    (paid_on + days_later)::date as paid_date,
    case
        when status = '04' or is_zero_paid then 0
        when status in ('02', '20') then (allowed * 0.2)::decimal(18, 2)
        when version = 2 or suffix = '-A' then (allowed * 0.72)::decimal(18, 2)
        when payer = 'medicaid' then sign * allowed
        else (sign * allowed * 0.8)::decimal(18, 2)
    end::decimal(18, 2) as paid_amount,
    case
        when version = 2 or suffix = '-A' then (allowed * 0.9)::decimal(18, 2)
        else sign * allowed
    end::decimal(18, 2) as allowed_amount,
    -- null means: by the date of service
    if(service_date < getvariable('icd10_day'), 'icd-9-cm', null)
        as diagnosis_code_type,
    if(service_date < getvariable('icd10_day'), icd9, icd10) as diagnosis_code_1,
    -- the chronic condition that a visit about something else also touched
    case
        when not has_diabetes or icd10 like 'E11%' then null
        when is_stay
            or draw('second', claim_no) < getvariable('share_second_diagnosis')
            then if(service_date < getvariable('icd10_day'), '25000', 'E119')
    end as diagnosis_code_2,
    case
        when not has_hypertension or icd10 = 'I10' then null
        when is_stay
            or draw('third', claim_no) < getvariable('share_second_diagnosis')
            then if(service_date < getvariable('icd10_day'), '4019', 'I10')
    end as diagnosis_code_3,
    if(service_date < getvariable('icd10_day'), fourth_icd9, fourth_icd10)
        as diagnosis_code_4,
    if(service_date < getvariable('icd10_day'), fifth_icd9, fifth_icd10)
        as diagnosis_code_5,
    case
        when part = 'P' or not is_stay then null
        when service_date < getvariable('icd10_day') then null
        when care = 'delivery' then if(is_caesarean, '10D00Z1', '10E0XZZ')
        else procedure_code
    end as procedure_code_1,
    -- null means 01, 1
    if(status = '01' and payer = 'mvp', null, status) as x_claim_status_code,
    if(version = 1 and payer = 'mvp', null, version) as x_claim_version,
    replaces as x_replaces_claim_id,
from rows;
