-- The calendar lists every invoice that is owed, and every obligation in the Women's
-- Health Initiative, with the days and the status of their own marts (F-08, K-13,
-- K-14). Rows that fail are in one and not in the other.
with calendar as (
    select * from {{ ref('program_calendar') }}
),

invoices as (
    select * from {{ ref('cht_invoices') }}
    where status not in ('unexpected', 'nothing_due')
),

obligations as (
    select * from {{ ref('whi_obligations') }}
),

listed as (
    select
        rule_id,
        entity_id,
        payer,
        due_date,
        received_date,
        status,
        count(*) as deadlines
    from calendar
    where
        deadline_id in ('monthly_invoice', 'quarterly_invoice')
        or rule_id in ('K-13', 'K-14', 'L-01')
    group by
        rule_id,
        entity_id,
        payer,
        due_date,
        received_date,
        status
),

owed as (
    select
        'F-08' as rule_id,
        administrative_entity_id as entity_id,
        payer,
        due_date,
        received_date,
        status
    from invoices

    union all

    select
        rule_id,
        practice_id as entity_id,
        'all' as payer,
        due_date,
        done_date as received_date,
        status
    from obligations
),

counted as (
    select
        rule_id,
        entity_id,
        payer,
        due_date,
        received_date,
        status,
        count(*) as deadlines
    from owed
    group by
        rule_id,
        entity_id,
        payer,
        due_date,
        received_date,
        status
),

final as (
    select
        coalesce(listed.rule_id, counted.rule_id) as rule_id,
        coalesce(listed.entity_id, counted.entity_id) as entity_id,
        coalesce(listed.payer, counted.payer) as payer,
        coalesce(listed.due_date, counted.due_date) as due_date,
        listed.deadlines as listed_deadlines,
        counted.deadlines as owed_deadlines
    from listed
    full outer join counted
        on
            listed.rule_id = counted.rule_id
            and listed.entity_id = counted.entity_id
            and listed.payer = counted.payer
            and listed.due_date = counted.due_date
            and listed.status = counted.status
            and (
                listed.received_date = counted.received_date
                or (
                    listed.received_date is null
                    and counted.received_date is null
                )
            )
    where
        listed.deadlines is null
        or counted.deadlines is null
        or listed.deadlines <> counted.deadlines
)

select * from final
