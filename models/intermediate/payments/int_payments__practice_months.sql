-- One row per payment month and practice: whether the base payment's two conditions
-- hold on its first day, recognition by the run's policy (E-03, E-07, H-03, H-07) and
-- participation in a Community Collaborative (D69), and the status that follows. A
-- month of extra time is paid at the rate of the last month before its end (H-07).
with payment_months as (
    select * from {{ ref('int_calendar__payment_months') }}
),

practices as (
    select distinct practice_id from {{ ref('stg_practice') }}
),

spans as (
    select * from {{ ref('int_payments__recognition_spans') }}
    where policy_id = '{{ var("recognition_policy") }}'
),

events as (
    select * from {{ ref('int_payments__recognition_events') }}
),

participation as (
    select distinct
        practice_id,
        calendar_year
    from {{ ref('stg_collaborative_participation') }}
),

months as (
    select
        payment_months.payment_month,
        practices.practice_id
    from payment_months
    cross join practices
),

first_months as (
    select
        practice_id,
        {{ month_after('min(event_date)') }} as first_month
    from events
    where is_pay_start
    group by practice_id
),

-- An initiative of the calendar year or the year before, or a start within the year.
participating_months as (
    select distinct
        months.payment_month,
        months.practice_id
    from months
    inner join participation
        on
            months.practice_id = participation.practice_id
            and participation.calendar_year
            between extract(year from months.payment_month) - 1
            and extract(year from months.payment_month)
),

conditions as (
    select
        months.payment_month,
        months.practice_id,
        spans.state,
        spans.recognition_level,
        coalesce(spans.pppm_status, 'not_started') as pppm_status,
        coalesce(spans.pppm_reason, 'nothing_transmitted') as pppm_reason,
        spans.failure_date,
        spans.rate_month,
        spans.recoup_date,
        coalesce(spans.cht_factor, 0) as cht_factor,
        coalesce(spans.cht_reason, 'not_started') as cht_reason,
        participating_months.practice_id is not null
        or coalesce(
            extract(year from first_months.first_month)
            = extract(year from months.payment_month),
            false
        ) as is_participating
    from months
    left join spans
        on
            months.practice_id = spans.practice_id
            and months.payment_month >= spans.from_date
            and (spans.to_date is null or months.payment_month <= spans.to_date)
    left join first_months
        on months.practice_id = first_months.practice_id
    left join participating_months
        on
            months.payment_month = participating_months.payment_month
            and months.practice_id = participating_months.practice_id
),

final as (
    select
        payment_month,
        practice_id,
        state,
        recognition_level,
        is_participating,
        case
            when pppm_status in ('paid', 'extended') and not is_participating
                then 'suspended'
            else pppm_status
        end as status,
        case
            when pppm_status in ('paid', 'extended') and not is_participating
                then 'no_initiative'
            else pppm_reason
        end as status_reason,
        failure_date,
        case when is_participating then rate_month end as rate_month,
        case when is_participating then recoup_date end as recoup_date,
        cht_factor,
        cht_reason
    from conditions
)

select * from final
