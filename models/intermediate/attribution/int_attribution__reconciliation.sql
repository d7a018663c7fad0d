-- One row per program, payment month, payer and practice: attributed patients as the
-- warehouse counts them and as the payer reported them, and when the list, the
-- agreement and the report were due and came (A-13, A-14, C-08, D72).
with counts as (
    select * from {{ ref('int_attribution__counts') }}
    where attributed_patients > 0
),

payment_months as (
    select * from {{ ref('int_calendar__payment_months') }}
),

reports as (
    select * from {{ ref('stg_payer_attribution_report') }}
),

payers as (
    select * from {{ ref('int_program__payers_as_of') }}
),

practices as (
    select * from {{ ref('int_program__practices_as_of') }}
),

scopes as (
    select * from {{ ref('attribution_algorithm_scopes') }}
),

deadlines as (
    select * from {{ ref('attribution_deadlines') }}
),

warehouse as (
    select
        payment_months.payment_month,
        payment_months.as_of_date,
        counts.program,
        counts.payer,
        counts.practice_id,
        counts.attributed_patients
    from counts
    inner join payment_months
        on counts.as_of_date = payment_months.as_of_date
),

reported as (
    select
        payment_months.as_of_date,
        reports.*
    from reports
    inner join payment_months
        on reports.payment_month = payment_months.payment_month
),

compared as (
    select
        coalesce(warehouse.program, reported.program) as program,
        coalesce(warehouse.payment_month, reported.payment_month) as payment_month,
        coalesce(warehouse.payer, reported.payer) as payer,
        coalesce(warehouse.practice_id, reported.practice_id) as practice_id,
        coalesce(warehouse.as_of_date, reported.as_of_date) as as_of_date,
        reported.payer is not null as is_reported,
        reported.report_date,
        reported.list_sent_date,
        reported.agreed_date,
        coalesce(warehouse.attributed_patients, 0) as warehouse_patients,
        reported.reported_patients as payer_patients
    from warehouse
    full outer join reported
        on
            warehouse.program = reported.program
            and warehouse.payment_month = reported.payment_month
            and warehouse.payer = reported.payer
            and warehouse.practice_id = reported.practice_id
),

algorithms as (
    select
        payers.as_of_date,
        payers.payer,
        scopes.program,
        max(case when deadlines.deadline = 'agreement' then deadlines.days end)
            as agreement_days,
        max(
            case
                when
                    deadlines.deadline = 'report' and deadlines.day_kind = 'calendar'
                    then deadlines.days
            end
        ) as report_days
    from payers
    inner join scopes
        on payers.payer_type = scopes.payer_type
    inner join deadlines
        on scopes.algorithm_id = deadlines.algorithm_id
    where {{ is_in_force('deadlines', 'payers.as_of_date') }}
    group by
        payers.as_of_date,
        payers.payer,
        scopes.program
),

-- A report of a quarter's months is due some days after the quarter's end; where it is
-- due by business days, that stands in the calendar of attribution.
dated as (
    select
        compared.*,
        practices.hsa,
        cast(
            {{ dbt.dateadd(
                'day', 'algorithms.agreement_days', 'compared.list_sent_date'
            ) }} as date
        ) as agreement_due_date,
        cast(
            {{ dbt.dateadd(
                'day', 'algorithms.report_days', dbt.last_day(
                    'compared.payment_month', 'quarter'
                )
            ) }} as date
        ) as report_due_date
    from compared
    left join algorithms
        on
            compared.as_of_date = algorithms.as_of_date
            and compared.payer = algorithms.payer
            and compared.program = algorithms.program
    left join practices
        on
            compared.as_of_date = practices.as_of_date
            and compared.practice_id = practices.practice_id
),

final as (
    select
        program,
        payment_month,
        payer,
        practice_id,
        hsa,
        as_of_date,
        case
            when not is_reported then 'not_reported'
            when payer_patients = warehouse_patients then 'equal'
            when warehouse_patients = 0 then 'payer_only'
            when payer_patients > warehouse_patients then 'payer_has_more'
            else 'warehouse_has_more'
        end as status,
        case
            when not is_reported then 'not_reported'
            when list_sent_date is null then 'list_not_sent'
            when agreed_date is null then 'not_agreed'
            when agreed_date <= agreement_due_date then 'agreed'
            else 'agreed_late'
        end as agreement_status,
        list_sent_date,
        agreement_due_date,
        agreed_date,
        report_due_date,
        report_date,
        report_date > report_due_date as is_report_late,
        warehouse_patients,
        payer_patients,
        payer_patients - warehouse_patients as difference
    from dated
)

select * from final
