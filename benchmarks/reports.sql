-- What payers, practices and administrative entities report, with plausible errors,
-- from the counts of all batches.

create table landing.payer_attribution_report as
with known_counts as (
    select * replace (sum(people) as people),
    from work.known_count
    group by all
),

reports as (
    select
        known_count.*,
        (first_month + to_months(month.month))::date as payment_month,
        draw('off' || payer || program, practice_id, epoch(as_of_date)::bigint)
            as off_at,
    from known_counts as known_count
    cross join (values (0), (1), (2)) as month (month)
    where exists (
            from work.site as site
            where site.site = practice_id
                and site.is_practice
        )
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
select
    practice_id,
    program,
    as_of_date as quarter_end,
    -- practices also count people whom no payer covers
    floor(sum(people) * (1.05 + 0.25 * draw('uninsured', practice_id)))::integer
        as total_unique_patients,
    (
        -- due before the 15th of the third month; one is late
        as_of_date + if(practice_id = 'PR06' and as_of_date = date '2018-03-31', 90, 70)
    )::date as submitted_date,
from work.seen_count
where program = 'pcmh'
    or exists (
        from work.whi_start as whi_start
        where whi_start.practice_id = seen_count.practice_id
            and whi_start.start_date <= seen_count.as_of_date
    )
group by practice_id, program, as_of_date;

-- Medicare's amounts per month, fixed for 2017: the practices' from what it paid
-- before, the administrative entities' for Community Health Teams and SASH
create table landing.payer_fixed_amount as
with first_counts as (
    select known_count.practice_id, sum(known_count.people) as people,
    from work.known_count as known_count
    where known_count.payer = 'medicare'
        and known_count.program = 'pcmh'
        and known_count.as_of_date = (select min(as_of_date) from work.quarter)
    group by known_count.practice_id
),

practices as (
    select distinct
        practice.practice_id,
        practice.administrative_entity_id,
        first_counts.people,
    from landing.practice as practice
    inner join first_counts on practice.practice_id = first_counts.practice_id
),

amounts as (
    select
        practice_id as payee_id,
        'pcmh' as component,
        people * getvariable('reported_pppm') as amount,
    from practices
    union all
    select
        administrative_entity_id as payee_id,
        rate.component,
        sum(people) * any_value(rate.rate) as amount,
    from practices
    cross join (
        select 'cht' as component, rate,
        from param.cht_rate
        where payer = 'medicare'
        union all
        select 'sash' as component, getvariable('medicare_sash_rate') as rate,
    ) as rate
    group by administrative_entity_id, rate.component
)

select
    'medicare' as payer,
    payee_id,
    component,
    date '2017-01-01' as month_from,
    date '2017-12-01' as month_to,
    amount::decimal(18, 2) as amount,
from amounts;

-- Medicaid is invoiced by the month, the others by the quarter
create table landing.invoice as
with payees as (
    select distinct practice_id, administrative_entity_id
    from landing.practice
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
