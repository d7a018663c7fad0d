-- One row per program, payment month, payer and practice with a computed or a reported
-- payment per patient: what the warehouse computes, what the payer reports to have
-- paid, and why they differ (A-14). The parts add up to the difference. Where both
-- count patients and only one pays, all of it is status; where only one counts any,
-- count. Else a different count costs what those patients bring at the computed rate,
-- and the rest is rate. A count or rate that is the warehouse's own of the quarter
-- before or after came too late or too early: timing. A report without a rate is of
-- patients alone.
with ledger as (
    select * from {{ ref('int_payments__ledger_cells') }}
    where component in ('pppm', 'pmpm')
),

reports as (
    select * from {{ ref('stg_payer_attribution_report') }}
    where pppm_paid_usd is not null
),

payment_months as (
    select * from {{ ref('int_calendar__payment_months') }}
),

practices as (
    select * from {{ ref('int_program__practices_as_of') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by program, payment_month, payer, practice_id
            order by adjustment_no desc
        ) as recency
    from ledger
),

computed as (
    select
        program,
        payment_month,
        payer,
        practice_id,
        max(case when recency = 1 then hsa end) as hsa,
        max(case when recency = 1 then status end) as payment_status,
        sum(attributed_patients) as patients,
        sum(amount) as amount,
        max(case when is_small then 1 else 0 end) = 1 as is_small,
        -- Nothing paid is no rate, as it is in a report.
        case
            when sum(amount) = 0 then 0
            else max(case when recency = 1 then rate * factor end)
        end as rate
    from ranked
    group by
        program,
        payment_month,
        payer,
        practice_id
),

reported as (
    select
        reports.program,
        reports.payment_month,
        reports.payer,
        reports.practice_id,
        reports.reported_patients as patients,
        reports.pppm_paid_usd as rate,
        cast(
            round(reports.reported_patients * reports.pppm_paid_usd, 2)
            as decimal(18, 2)
        ) as amount
    from reports
    inner join payment_months
        on reports.payment_month = payment_months.payment_month
),

-- A payer that reported on the month at all says of a practice that it leaves out that
-- it has no patients there.
reported_months as (
    select distinct
        program,
        payment_month,
        payer
    from reported
),

paired as (
    select
        coalesce(computed.program, reported.program) as program,
        coalesce(computed.payment_month, reported.payment_month) as payment_month,
        coalesce(computed.payer, reported.payer) as payer,
        coalesce(computed.practice_id, reported.practice_id) as practice_id,
        computed.hsa as computed_hsa,
        computed.payment_status,
        coalesce(computed.patients, 0) as computed_patients,
        coalesce(computed.rate, 0) as computed_rate,
        coalesce(computed.amount, 0) as computed,
        coalesce(computed.is_small, false) as is_computed_small,
        reported.patients as reported_patients,
        reported.rate as reported_rate,
        reported.amount as reported
    from computed
    full outer join reported
        on
            computed.program = reported.program
            and computed.payment_month = reported.payment_month
            and computed.payer = reported.payer
            and computed.practice_id = reported.practice_id
),

completed as (
    select
        paired.program,
        paired.payment_month,
        paired.payer,
        paired.practice_id,
        coalesce(paired.computed_hsa, practices.hsa) as hsa,
        paired.payment_status,
        paired.computed_patients,
        paired.computed_rate,
        paired.computed,
        paired.is_computed_small,
        case
            when reported_months.payer is not null
                then coalesce(paired.reported_patients, 0)
        end as reported_patients,
        case
            when reported_months.payer is not null
                then coalesce(paired.reported_rate, 0)
        end as reported_rate,
        case
            when reported_months.payer is not null
                then coalesce(paired.reported, 0)
        end as reported
    from paired
    left join reported_months
        on
            paired.program = reported_months.program
            and paired.payment_month = reported_months.payment_month
            and paired.payer = reported_months.payer
    left join payment_months
        on paired.payment_month = payment_months.payment_month
    left join practices
        on
            payment_months.as_of_date = practices.as_of_date
            and paired.practice_id = practices.practice_id
),

neighbours as (
    select
        completed.*,
        coalesce(
            completed.reported_patients in (before.patients, after.patients), false
        ) as is_count_of_a_neighbour,
        coalesce(completed.reported_rate in (before.rate, after.rate), false)
            as is_rate_of_a_neighbour
    from completed
    left join computed as before
        on
            completed.program = before.program
            and completed.payer = before.payer
            and completed.practice_id = before.practice_id
            and completed.payment_month
            = {{ dbt.dateadd('month', 3, 'before.payment_month') }}
    left join computed as after
        on
            completed.program = after.program
            and completed.payer = after.payer
            and completed.practice_id = after.practice_id
            and completed.payment_month
            = {{ dbt.dateadd('month', -3, 'after.payment_month') }}
),

parts as (
    select
        *,
        reported - computed as difference,
        case
            when computed_patients = 0 or reported_patients = 0 then 'count'
            when (computed = 0) <> (reported = 0) then 'status'
            else 'both'
        end as parting,
        cast(
            round((reported_patients - computed_patients) * computed_rate, 2)
            as decimal(18, 2)
        ) as by_count
    from neighbours
),

divided as (
    select
        *,
        case parting
            when 'count' then difference
            when 'status' then 0
            else by_count
        end as count_part,
        case parting
            when 'both' then difference - by_count
            else 0
        end as rate_part,
        case when parting = 'status' then difference else 0 end as status_part
    from parts
),

final as (
    select
        program,
        payment_month,
        payer,
        practice_id,
        hsa,
        case
            when reported is null then 'not_reported'
            when difference = 0 and computed_patients = reported_patients then 'equal'
            else 'differs'
        end as status,
        payment_status,
        is_computed_small,
        cast(computed_patients as integer) as computed_patients,
        cast(reported_patients as integer) as reported_patients,
        cast(computed_rate as decimal(18, 4)) as computed_rate,
        cast(reported_rate as decimal(18, 4)) as reported_rate,
        cast(computed as decimal(18, 2)) as computed,
        cast(reported as decimal(18, 2)) as reported,
        cast(difference as decimal(18, 2)) as difference,
        cast(
            case
                when difference is not null
                    then case when is_count_of_a_neighbour then 0 else count_part end
            end as decimal(18, 2)
        ) as difference_by_count,
        cast(
            case
                when difference is not null
                    then case when is_rate_of_a_neighbour then 0 else rate_part end
            end as decimal(18, 2)
        ) as difference_by_rate,
        cast(
            case
                when difference is not null
                    then
                        case when is_count_of_a_neighbour then count_part else 0 end
                        + case when is_rate_of_a_neighbour then rate_part else 0 end
            end as decimal(18, 2)
        ) as difference_by_timing,
        cast(case when difference is not null then status_part end as decimal(18, 2))
            as difference_by_status
    from divided
)

select * from final
