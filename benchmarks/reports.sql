-- What payers, practices and administrative entities report, with plausible errors,
-- from the counts of all batches.

create table landing.payer_attribution_report as
with known_counts as (
    select * replace (sum(people) as people),
    from work.known_count
    group by all
),

months as (
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
),

reports as (
    select
        months.*,
        report_error.pppm as mistaken_pppm,
        told_rate.pppm as told_pppm,
    from months
    left join param.report_error as report_error
        on months.payer = report_error.payer
        and months.practice_id = coalesce(report_error.practice_id, months.practice_id)
        and months.payment_month between report_error.month_from
        and report_error.month_to
    left join param.told_rate as told_rate
        on months.practice_id = told_rate.practice_id
        and months.payment_month - to_months(coalesce(report_error.months_late, 0))
        between told_rate.month_from and told_rate.month_to
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
        -- it says whom it attributes, and pays no rate to practices
        when payer = 'medicare' then null
        when program = 'whi' then if(payment_month < date '2018-04-01', 1.25, 1.00)
        else coalesce(mistaken_pppm, told_pppm, getvariable('reported_pppm'))
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

-- Administrative entities mostly report some days before the due date (N-02, N-03). One
-- was late with its staffing, and one never sent a roster.
create table landing.program_report as
with quarters as (
    select
        (
            getvariable('last_day')::date + 1 - to_months(3 * quarter.quarter::integer)
        )::date as quarter_start,
    from range(5) as quarter (quarter)
),

reports as (
    select *
    from (
        values ('practice_rosters', 1), ('staffing', 0), ('practice_demographics', 0)
    ) as t (report, months_after)
)

select
    hsa.administrative_entity_id,
    reports.report,
    (quarters.quarter_start + to_months(3))::date - 1 as quarter_end,
    (quarters.quarter_start + to_months(reports.months_after))::date
        + case
            when
                hsa.administrative_entity_id = 'AE06'
                and reports.report = 'staffing'
                and quarters.quarter_start = date '2018-04-01'
                then 22
            else 4 + floor(
                9 * draw(
                    'report ' || reports.report,
                    hsa.administrative_entity_id,
                    epoch(quarters.quarter_start)::bigint
                )
            )::integer
        end as received_date,
from quarters
cross join reports
cross join landing.administrative_entity as hsa
where not (
        hsa.administrative_entity_id = 'AE11'
        and reports.report = 'practice_rosters'
        and quarters.quarter_start = date '2018-01-01'
    )
order by all;

-- What surveys and agencies report of two calendar years. A practice's answers are counted
-- and add up to its HSA's and the state's; Medicare gives means and modelled rates, with
-- their intervals, and of physicians a count.
create table landing.reported_measure_result as
with years as (
    select year(getvariable('last_day')) - range as calendar_year, range as years_ago,
    from range(1, 3)
),

asked as (
    select 'practice' as level, survey.practice_id as entity_id, practice.hsa,
        'respondents' as asked, survey.respondents as people,
    from param.survey_practice as survey
    inner join param.practice as practice
        on survey.practice_id = practice.practice_id
        and practice.end_date is null
    union all
    select 'hsa', hsa, hsa, 'respondents', respondents,
    from param.survey_hsa
    union all
    select 'hsa', hsa, hsa, 'physicians', physicians,
    from param.survey_hsa
    union all
    select 'hsa', hsa, hsa, 'discharges', 2 * respondents,
    from param.survey_hsa
),

results as (
    select
        measure.*,
        asked.entity_id,
        asked.hsa,
        years.*,
        -- as many answers as last year, more or less
        round(
            asked.people * (0.9 + 0.2 * draw('asked', asked.entity_id, years.years_ago))
        )::integer as denominator,
        least(
            1,
            measure.share + 0.16 * (
                draw('said' || measure.measure_id, asked.entity_id, years.years_ago)
                - 0.5
            )
        ) as result,
    from param.reported_measure as measure
    inner join asked
        on measure.level = asked.level
        and measure.asked = asked.asked
    cross join years
),

counted as (
    select *, round(denominator * result) as numerator,
    from results
),

levels as (
    select level, entity_id, measure_id, source, is_counted, calendar_year,
        denominator, numerator, result,
    from counted
    union all
    -- what was asked by practice, by HSA too
    select 'hsa', hsa, measure_id, source, is_counted, calendar_year,
        sum(denominator), sum(numerator), sum(numerator) / sum(denominator),
    from counted
    where level = 'practice'
    group by hsa, measure_id, source, is_counted, calendar_year
    union all
    select 'state', 'Vermont', measure_id, source, is_counted, calendar_year,
        sum(denominator), sum(numerator), sum(denominator * result) / sum(denominator),
    from counted
    group by measure_id, source, is_counted, calendar_year
)

select
    measure_id,
    level,
    entity_id,
    if(source = 'pcmh cahps', null, 'medicare') as payer_type,
    make_date(calendar_year, 1, 1) as period_start,
    make_date(calendar_year, 12, 31) as period_end,
    if(is_counted, numerator::integer, null) as numerator,
    denominator::integer as denominator,
    (
        100 * if(is_counted, numerator / denominator, result)
    )::decimal(18, 4) as rate,
    if(
        not is_counted,
        100 * greatest(0, result - 1.96 * sqrt(result * (1 - result) / denominator)),
        null
    )::decimal(18, 4) as ci_low,
    if(
        not is_counted,
        100 * least(1, result + 1.96 * sqrt(result * (1 - result) / denominator)),
        null
    )::decimal(18, 4) as ci_high,
    source,
    -- by the end of February; one practice was late once
    (
        make_date(calendar_year, 12, 31)
        + if(
            entity_id = 'PR13' and calendar_year = year(getvariable('last_day')) - 1,
            115,
            58
        )
    )::date as reported_date,
from levels;

-- Practices whose payment began after Medicare's amounts were fixed
create table work.new_practice as
select practice_id,
from landing.practice_recognition
where event in ('transmitted_to_payers', 'recognition_transmitted')
group by practice_id
having min(event_date) >= date '2016-12-01';

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
        people * getvariable('medicare_pppm') as amount,
    from practices
    union all
    -- what was fixed is the level of December 2016: practices that began later are not
    -- in it
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
    anti join work.new_practice as new_practice
        on practices.practice_id = new_practice.practice_id
    group by administrative_entity_id, rate.component
)

select
    'medicare' as payer,
    payee_id,
    component,
    date '2017-01-01' as month_from,
    date '2017-12-01' as month_to,
    amount::decimal(18, 2) as amount,
from amounts
union all
from param.statewide_amount;

-- The patients that entities were told of, by which they invoice: those that the sample
-- is known to have, and of another population what its payers know.
create table work.told_count as
with noted as (
    select
        as_of_date::date as as_of_date,
        payer,
        practice_id,
        patients::bigint as people,
    from read_csv(getvariable('told_patients'), all_varchar = true)
    where people = getvariable('people')::varchar
        and seed = getvariable('seed')::varchar
)

from noted
union all
select as_of_date, payer, practice_id, sum(people)::bigint as people,
from work.known_count
where program = 'pcmh'
    and not exists (from noted)
group by as_of_date, payer, practice_id;

-- Medicaid and Medicare are invoiced by the month, the others by the quarter: for each
-- practice and month what stands of the rate. Medicare's are the fixed amounts, and the
-- rate for practices that are not in them; a payer of a statewide sum pays it whole, and
-- an override is shared by patients.
create table landing.invoice as
with payees as (
    select distinct practice_id, administrative_entity_id
    from landing.practice
),

practice_months as (
    select
        payees.administrative_entity_id,
        told_count.payer,
        told_count.practice_id,
        told_count.people,
        month.month,
        rate.rate,
        if(invoice_error.error is null, coalesce(cht_factor.factor, 1), 1) as factor,
        override.amount as override_amount,
        sum(told_count.people) filter (where told_count.payer <> 'medicare') over (
            partition by told_count.practice_id, month.month
        ) as override_people,
        told_count.payer <> 'medicare'
        or told_count.practice_id in (select practice_id from work.new_practice)
            as is_by_rate,
        exists (
            from param.statewide_amount as statewide
            where statewide.payer = told_count.payer
                and month.month between statewide.month_from and statewide.month_to
        ) as is_statewide,
    from work.told_count as told_count
    inner join work.quarter as quarter
        on told_count.as_of_date = quarter.as_of_date
    inner join payees on told_count.practice_id = payees.practice_id
    inner join param.cht_rate as rate on told_count.payer = rate.payer
    cross join lateral (
        select unnest(
            generate_series(
                quarter.first_month, quarter.first_month + to_months(2), to_months(1)
            )
        )::date as month
    ) as month
    left join param.cht_factor as cht_factor
        on told_count.practice_id = cht_factor.practice_id
        and month.month >= cht_factor.month_from
        and month.month <= coalesce(cht_factor.month_to, month.month)
    left join param.payment_override as override
        on told_count.practice_id = override.practice_id
        and override.component = 'cht'
        and month.month between override.month_from and override.month_to
    left join param.invoice_error as invoice_error
        on invoice_error.error = 'lapse_overlooked'
        and payees.administrative_entity_id = invoice_error.administrative_entity_id
        and month.month between invoice_error.month_from and invoice_error.month_to
),

shares as (
    select
        administrative_entity_id,
        payer,
        month,
        case
            when not is_by_rate then 0
            when override_amount is not null
                then override_amount * people / override_people
            when is_statewide then people * rate
            else people * rate * factor
        end::decimal(18, 2) as amount,
    from practice_months
    union all
    select
        fixed.payee_id as administrative_entity_id,
        fixed.payer,
        (quarter.first_month + to_months(month.month))::date as month,
        fixed.amount,
    from landing.payer_fixed_amount as fixed
    cross join work.quarter as quarter
    cross join (values (0), (1), (2)) as month (month)
    where fixed.component = 'cht'
        and fixed.payee_id in (select administrative_entity_id from payees)
),

periods as (
    select
        administrative_entity_id,
        payer,
        if(
            payer in ('medicaid', 'medicare'),
            strftime(month, '%Y-%m'),
            year(month) || '-Q' || quarter(month)
        ) as period,
        if(
            payer in ('medicaid', 'medicare'), month, date_trunc('quarter', month)
        )::date as period_start,
        sum(amount) as amount,
    from shares
    group by all
)

select
    periods.administrative_entity_id,
    periods.payer,
    periods.period,
    -- due by the 15th
    (
        periods.period_start + 9 + coalesce(invoice_error.days_later, 0)
    )::date as received_date,
    (periods.amount + coalesce(invoice_error.too_much, 0))::decimal(18, 2) as amount,
from periods
left join param.invoice_error as invoice_error
    on periods.administrative_entity_id = invoice_error.administrative_entity_id
    and periods.payer = coalesce(invoice_error.payer, periods.payer)
    and periods.period_start between invoice_error.month_from
    and invoice_error.month_to
    and invoice_error.error <> 'lapse_overlooked'
-- the last ones that have come are of the month after the last claims
where periods.period_start <= getvariable('last_day') + 1
    and periods.amount > 0
    and coalesce(invoice_error.error, '') <> 'forgotten';
