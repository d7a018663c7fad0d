-- One row per deadline, owner, program, payer and due date: what was owed, when it
-- came, and whether that was in time on the day until which the run reads (N-01 to
-- N-03, N-05, A-11, A-14, B-05, F-08, H-01, K-13, K-14, L-01). Who owes is who takes
-- part on the due date. What nobody lands a record of is listed and not judged;
-- invoices and the obligations of the Women's Health Initiative are judged where they
-- are computed.
with deadlines as (
    select * from {{ ref('int_calendar__deadlines') }}
),

runs as (
    select * from {{ ref('int_calendar__run') }}
),

attribution_calendar as (
    select * from {{ ref('int_attribution__calendar') }}
),

payers as (
    select * from {{ ref('int_program__payers_as_of') }}
),

payment_months as (
    select * from {{ ref('int_calendar__payment_months') }}
),

attribution_counts as (
    select * from {{ ref('int_attribution__counts') }}
),

rosters as (
    select * from {{ ref('int_program__rosters') }}
),

practices_as_of as (
    select * from {{ ref('int_program__practices_as_of') }}
),

administrative_entities as (
    select * from {{ ref('stg_administrative_entity') }}
),

patient_reports as (
    select * from {{ ref('stg_practice_patient_report') }}
),

program_reports as (
    select * from {{ ref('stg_program_report') }}
),

payer_reports as (
    select * from {{ ref('stg_payer_attribution_report') }}
),

failures as (
    select * from {{ ref('int_payments__recognition_failures') }}
    where policy_id = '{{ var("recognition_policy") }}'
),

-- An invoice that nothing is computed for was not owed.
invoices as (
    select * from {{ ref('int_payments__cht_invoices') }}
    where status not in ('unexpected', 'nothing_due')
),

obligations as (
    select * from {{ ref('int_payments__whi_obligations') }}
),

-- The count that is due in a quarter is that of the quarter before.
counted_quarters as (
    select
        *,
        cast({{ dbt.dateadd('day', -1, 'quarter_start') }} as date)
            as counted_quarter_end
    from deadlines
    where owner_level = 'practice'
),

practices as (
    select distinct
        counted_quarters.*,
        rosters.practice_id as entity_id,
        rosters.program
    from counted_quarters
    inner join rosters
        on
            counted_quarters.due_date >= rosters.start_date
            and (
                counted_quarters.due_date <= rosters.end_date
                or rosters.end_date is null
            )
    inner join practices_as_of
        on
            counted_quarters.counted_quarter_end = practices_as_of.as_of_date
            and rosters.practice_id = practices_as_of.practice_id
            and (rosters.program = 'pcmh' or practices_as_of.is_whi_attested)
),

of_practices as (
    select
        practices.deadline_id,
        practices.rule_id,
        practices.deliverable,
        practices.owner_level,
        practices.entity_id,
        practices.program,
        practices.quarter_end,
        practices.due_date,
        practices.may_stop_funding,
        patient_reports.submitted_date as received_date,
        true as is_tracked
    from practices
    left join patient_reports
        on
            practices.entity_id = patient_reports.practice_id
            and practices.program = patient_reports.program
            and practices.counted_quarter_end = patient_reports.quarter_end
),

of_administrative_entities as (
    select
        deadlines.deadline_id,
        deadlines.rule_id,
        deadlines.deliverable,
        deadlines.owner_level,
        administrative_entities.administrative_entity_id as entity_id,
        'all' as program,
        deadlines.quarter_end,
        deadlines.due_date,
        deadlines.may_stop_funding,
        program_reports.received_date,
        true as is_tracked
    from deadlines
    inner join administrative_entities
        on deadlines.owner_level = 'administrative_entity'
    left join program_reports
        on
            administrative_entities.administrative_entity_id
            = program_reports.administrative_entity_id
            and deadlines.deadline_id = program_reports.report
            and deadlines.quarter_end = program_reports.quarter_end
),

deadline_quarters as (
    select distinct
        quarter_start,
        quarter_end
    from deadlines
),

-- A plan without its three parts is none (H-02). Of plans due on one day the last.
ranked_failures as (
    select
        failures.*,
        deadline_quarters.quarter_end,
        row_number() over (
            partition by failures.practice_id, failures.plan_due_date
            order by failures.failure_date desc
        ) as recency
    from failures
    inner join deadline_quarters
        on
            failures.plan_due_date >= deadline_quarters.quarter_start
            and failures.plan_due_date <= deadline_quarters.quarter_end
),

action_plans as (
    select
        'action_plan' as deadline_id,
        'H-01' as rule_id,
        'action plan after recognition was lost or not attained' as deliverable,
        'practice' as owner_level,
        practice_id as entity_id,
        'pcmh' as program,
        quarter_end,
        plan_due_date as due_date,
        true as may_stop_funding,
        plan_complete_date as received_date,
        true as is_tracked
    from ranked_failures
    where recency = 1
),

-- Payments are due; what was paid comes without its date.
payments_of_payers as (
    select
        deadlines.deadline_id,
        deadlines.rule_id,
        deadlines.deliverable,
        deadlines.owner_level,
        payers.payer as entity_id,
        'pcmh' as program,
        deadlines.quarter_end,
        deadlines.due_date,
        deadlines.may_stop_funding,
        cast(null as date) as received_date,
        false as is_tracked
    from deadlines
    inner join payers
        on
            deadlines.owner_level = 'payer'
            and deadlines.quarter_start
            = {{ dbt.dateadd('day', 1, 'payers.as_of_date') }}
            and payers.is_pcmh_participant
            and payers.payment_frequency = 'quarterly'
            and payers.payer_type <> 'medicare'
),

of_the_blueprint as (
    select
        deadline_id,
        rule_id,
        deliverable,
        owner_level,
        'blueprint' as entity_id,
        'all' as program,
        quarter_end,
        due_date,
        may_stop_funding,
        cast(null as date) as received_date,
        false as is_tracked
    from deadlines
    where owner_level = 'blueprint'
),

-- A payer has reported on a quarter when each of its months is there.
reported_quarters as (
    select
        payer,
        program,
        cast({{ dbt.last_day('payment_month', 'quarter') }} as date) as quarter_end,
        max(report_date) as received_date
    from payer_reports
    group by
        payer,
        program,
        {{ dbt.last_day('payment_month', 'quarter') }}
    having count(distinct payment_month) = 3
),

-- The quarters that the run pays for, and the payers that pay for somebody in them.
paid_quarters as (
    select distinct
        attribution_counts.payer,
        attribution_counts.program,
        cast({{ dbt.last_day('payment_months.payment_month', 'quarter') }} as date)
            as quarter_end
    from attribution_counts
    inner join payment_months
        on attribution_counts.as_of_date = payment_months.as_of_date
    where attribution_counts.attributed_patients > 0
),

reports_of_payers as (
    select
        'payer_report' as deadline_id,
        case
            when attribution_calendar.payer_type = 'medicare' then 'B-05'
            else 'A-14'
        end as rule_id,
        'counts of attributed patients' as deliverable,
        'payer' as owner_level,
        payers.payer as entity_id,
        attribution_calendar.program,
        cast(
            {{ dbt.last_day('attribution_calendar.report_due_date', 'quarter') }}
            as date
        ) as quarter_end,
        attribution_calendar.report_due_date as due_date,
        false as may_stop_funding,
        reported_quarters.received_date,
        true as is_tracked
    from attribution_calendar
    inner join payers
        on
            attribution_calendar.as_of_date = payers.as_of_date
            and attribution_calendar.payer_type = payers.payer_type
    inner join paid_quarters
        on
            payers.payer = paid_quarters.payer
            and attribution_calendar.program = paid_quarters.program
            and attribution_calendar.as_of_date = paid_quarters.quarter_end
    left join reported_quarters
        on
            payers.payer = reported_quarters.payer
            and attribution_calendar.program = reported_quarters.program
            and attribution_calendar.as_of_date = reported_quarters.quarter_end
    where attribution_calendar.report_due_date is not null
),

to_be_judged as (
    select * from of_practices
    union all
    select * from of_administrative_entities
    union all
    select * from payments_of_payers
    union all
    select * from of_the_blueprint
    union all
    select * from action_plans
    union all
    select * from reports_of_payers
),

judged as (
    select
        to_be_judged.deadline_id,
        to_be_judged.owner_level,
        to_be_judged.entity_id,
        to_be_judged.program,
        'all' as payer,
        to_be_judged.due_date,
        to_be_judged.rule_id,
        to_be_judged.deliverable,
        to_be_judged.received_date,
        case
            when not to_be_judged.is_tracked then 'not_tracked'
            when to_be_judged.received_date <= to_be_judged.due_date then 'in_time'
            when to_be_judged.received_date is not null then 'late'
            when to_be_judged.due_date < runs.attribution_cutoff_date then 'missing'
            else 'due'
        end as status,
        to_be_judged.may_stop_funding
    from to_be_judged
    cross join runs
),

of_invoices as (
    select
        case payment_frequency
            when 'monthly' then 'monthly_invoice'
            else 'quarterly_invoice'
        end as deadline_id,
        'administrative_entity' as owner_level,
        administrative_entity_id as entity_id,
        'all' as program,
        payer,
        due_date,
        'F-08' as rule_id,
        'invoice for Community Health Teams' as deliverable,
        received_date,
        status,
        false as may_stop_funding
    from invoices
),

of_obligations as (
    select
        {{ dbt.replace('obligation', "' '", "'_'") }} as deadline_id,
        'practice' as owner_level,
        practice_id as entity_id,
        'whi' as program,
        'all' as payer,
        due_date,
        rule_id,
        case rule_id
            when 'K-13' then 'strategy: ' || obligation
            when 'K-14' then 'annual attestation'
            else 'stock: ' || obligation
        end as deliverable,
        done_date as received_date,
        status,
        false as may_stop_funding
    from obligations
),

owed as (
    select * from judged
    union all
    select * from of_invoices
    union all
    select * from of_obligations
),

final as (
    select
        owed.deadline_id,
        owed.owner_level,
        owed.entity_id,
        owed.program,
        owed.payer,
        owed.due_date,
        cast({{ dbt.last_day('owed.due_date', 'quarter') }} as date) as quarter_end,
        owed.rule_id,
        owed.deliverable,
        owed.received_date,
        runs.attribution_cutoff_date as judged_on_date,
        owed.status,
        case owed.status
            when 'late'
                then {{ dbt.datediff('owed.due_date', 'owed.received_date', 'day') }}
            when 'missing'
                then {{ dbt.datediff(
                    'owed.due_date', 'runs.attribution_cutoff_date', 'day'
                ) }}
        end as days_late,
        owed.may_stop_funding and owed.status = 'missing' as may_stop_funding
    from owed
    cross join runs
)

select * from final
