-- What payers, practices and administrative entities report, with plausible errors; and
-- the rows that are broken on purpose. Payers' counts come from the truth that the
-- generator knows (home practice, coverage, a visit in the look-back), not from the
-- attribution that the warehouse computes, so that the two differ as they do in life.

create table work.quarter as
select
    (
        getvariable('last_day') + interval 1 day - to_months(3 * range::integer)
    )::date - 1 as as_of_date,
    (
        getvariable('last_day') + interval 1 day - to_months(3 * range::integer)
    )::date as first_month,
from range(5);

create table work.known_count as
with pcmh as (
    select
        quarter.as_of_date,
        quarter.first_month,
        span.span_payer as payer,
        'pcmh' as program,
        span.span_home as practice_id,
        count(distinct span.person_no) as people,
    from work.span as span
    inner join work.quarter as quarter
        on quarter.as_of_date between span.span_from and span.in_force_to
    where span.is_primary
        and span.life <> 'no_visit'
        and span.plan not in ('aso_maple', 'advantage')
        and exists (
            from work.visit as visit
            where visit.person_no = span.person_no
                and visit.site = span.span_home
                and visit.payer = span.span_payer
                and visit.service_date
                between quarter.as_of_date - 730 and quarter.as_of_date
        )
    group by
        quarter.as_of_date,
        quarter.first_month,
        span.span_payer,
        span.span_home
),

whi as (
    select
        quarter.as_of_date,
        quarter.first_month,
        span.span_payer as payer,
        'whi' as program,
        visit.site as practice_id,
        count(distinct span.person_no) as people,
    from work.span as span
    inner join work.quarter as quarter
        on quarter.as_of_date between span.span_from and span.in_force_to
    inner join work.visit as visit
        on span.person_no = visit.person_no
        and visit.kind = 'women'
        and visit.payer = span.span_payer
        and visit.service_date between quarter.as_of_date - 730 and quarter.as_of_date
    where span.is_primary
        and span.age between 15 and 44
        and (
            visit.site = 'PR09' and quarter.as_of_date >= date '2017-03-31'
            or quarter.as_of_date >= date '2017-12-31'
        )
        and (
            span.span_payer = 'medicaid'
            or span.span_payer = 'bcbsvt' and quarter.as_of_date >= date '2017-09-30'
        )
    group by
        quarter.as_of_date,
        quarter.first_month,
        span.span_payer,
        visit.site
)

from pcmh
union all by name
from whi;

create table landing.payer_attribution_report as
with reports as (
    select
        known_count.*,
        (first_month + to_months(month.month))::date as payment_month,
        draw('off' || payer || program, practice_id, epoch(as_of_date)::bigint)
            as off_at,
    from work.known_count as known_count
    cross join (values (0), (1), (2)) as month (month)
    where practice_id like 'PR%'
        -- cigna does not report by practice, and the last quarter is still to come
        and payer <> 'cigna'
        and first_month <= getvariable('last_day')
)

select
    payer,
    program,
    practice_id,
    payment_month,
    greatest(
        0,
        people + case
            when off_at < getvariable('share_report_off') / 2 then 2
            when off_at < getvariable('share_report_off') then -1
            else 0
        end
    ) as attributed_patients,
    case
        when program = 'whi' then if(payment_month < date '2018-04-01', 1.25, 1.00)
        -- one payer was a quarter late with a new rate
        when payer = 'mvp' and payment_month < date '2018-01-01' then 3.00
        else getvariable('reported_pppm')
    end::decimal(18, 2) as pppm_paid,
    (
        first_month + to_months(3)
        + to_days(if(payer = 'bcbsvt' and month(first_month) = 1, 41, 13))
    )::date as report_date,
    (first_month + 6)::date as list_sent_date,
    case
        when off_at >= getvariable('share_report_off')
            then first_month + 20 + floor(20 * off_at)::integer
    end::date as agreed_date,
from reports;

create table landing.practice_patient_report as
with seen as (
    select
        visit.site as practice_id,
        if(visit.kind = 'women', 'whi', 'pcmh') as program,
        quarter.as_of_date,
        count(distinct visit.person_no) as people,
    from work.visit as visit
    inner join work.quarter as quarter
        on visit.service_date between quarter.as_of_date - 730 and quarter.as_of_date
    where visit.kind in ('primary', 'women')
        and visit.site like 'PR%'
        and visit.life <> 'out_of_state'
        and (visit.kind = 'primary' or quarter.as_of_date >= date '2017-12-31')
    group by visit.site, program, quarter.as_of_date
)

select
    practice_id,
    program,
    as_of_date as quarter_end,
    -- practices also count people whom no payer covers
    floor(people * (1.05 + 0.25 * draw('uninsured', practice_id)))::integer
        as total_unique_patients,
    (
        -- due before the 15th of the third month; one is late
        as_of_date + if(practice_id = 'PR06' and as_of_date = date '2018-03-31', 90, 70)
    )::date as submitted_date,
from seen;

-- Medicaid is invoiced by the month, the others by the quarter
create table landing.invoice as
with payees as (
    select distinct practice_id, administrative_entity_id
    from param.practice
),

amounts as (
    select
        payees.administrative_entity_id,
        known_count.payer,
        known_count.first_month,
        (sum(known_count.people) * any_value(rate.rate))::decimal(18, 2)
            as monthly_amount,
    from work.known_count as known_count
    inner join payees on known_count.practice_id = payees.practice_id
    inner join param.cht_rate as rate on known_count.payer = rate.payer
    where known_count.program = 'pcmh'
        and known_count.first_month <= getvariable('last_day')
    group by
        payees.administrative_entity_id,
        known_count.payer,
        known_count.first_month
),

periods as (
    select
        *,
        year(first_month) || '-Q' || quarter(first_month) as period,
        first_month as period_start,
        3 * monthly_amount as amount,
    from amounts
    where payer <> 'medicaid'
    union all
    select
        amounts.*,
        strftime(first_month + to_months(month.month), '%Y-%m') as period,
        (first_month + to_months(month.month))::date as period_start,
        monthly_amount as amount,
    from amounts
    cross join (values (0), (1), (2)) as month (month)
    where payer = 'medicaid'
)

select
    administrative_entity_id,
    payer,
    period,
    -- due by the 15th; AE04 is late at times
    (
        period_start + if(
            administrative_entity_id = 'AE04' and month(period_start) = 1, 24, 9
        )
    )::date as received_date,
    -- one entity once billed for the quarter before
    (
        amount + if(administrative_entity_id = 'AE06' and period = '2018-Q1', 27.70, 0)
    )::decimal(18, 2) as amount,
from periods;

-- Rows that are broken on purpose, as text, since that is how they come. They stay
-- below the limit of max(1 %, 5 rows) per table, and touch no other row.
create schema fault;

create table fault.eligibility as
with anyone as (
    select columns(*)::varchar
    from landing.eligibility
    where person_id = 'P000001'
    order by enrollment_start_date
    limit 1
)

-- a person of whom nothing else is known, with words for a date
select * replace ('P900001' as person_id, 'not recorded' as birth_date)
from anyone
union all
-- a day that does not exist
select * replace ('2017-02-30' as enrollment_start_date, null as enrollment_end_date)
from anyone
union all
-- no payer
select * replace (null as payer, '2016-01-01' as enrollment_start_date)
from anyone;

create table fault.medical_claim as
with anyone as (
    select columns(*)::varchar
    from landing.medical_claim
    where person_id = 'P000002'
        and claim_line_number = 1
        and x_replaces_claim_id is null
    order by claim_id
    limit 1
)

select * replace ('FAULT00000001' as claim_id, 'see note' as claim_start_date)
from anyone
union all
select * replace ('FAULT00000002' as claim_id, 'P999999' as person_id)
from anyone
union all
select * replace (null as claim_id)
from anyone
union all
select * replace ('FAULT00000004' as claim_id, 'n/a' as paid_amount)
from anyone;

create table fault.practice_provider as
with anyone as (
    select columns(*)::varchar
    from landing.practice_provider
    where practice_id = 'PR01'
    order by npi
    limit 1
)

-- a practice that nobody knows
select * replace ('PR99' as practice_id)
from anyone
union all
select * replace ('soon' as start_date, '2018-12-31' as end_date)
from anyone;
