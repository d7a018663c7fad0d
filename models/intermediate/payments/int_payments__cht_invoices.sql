-- One row per administrative entity, payer and period that is paid or invoiced: what
-- is to be paid with it, adjustments of earlier months included, what was invoiced, and
-- whether that came by the day it was due (F-08). Periods outside the run's payment
-- months are left out: nothing is computed for them. Each month in it is judged as
-- int_payments__cht_entities judges one, by what is paid of it with the period.
with payments as (
    select * from {{ ref('int_payments__ledger_cells') }}
    where program = 'cht'
),

small_cells as (
    select * from {{ ref('disclosure_rules') }}
    where rule = 'small_cell'
),

invoices as (
    select * from {{ ref('stg_invoice') }}
),

parameters as (
    select * from {{ ref('cht_parameters') }}
    where parameter_id = 'invoice_due_day'
),

runs as (
    select * from {{ ref('int_calendar__run') }}
),

payment_months as (
    select distinct
        cast({{ dbt.date_trunc('month', 'payment_month') }} as date) as payment_month
    from {{ ref('int_calendar__payment_months') }}
),

-- What every period of the run may be called, by month, quarter or half-year.
periods as (
    select
        'monthly' as payment_frequency,
        {{ paid_period("'monthly'", 'payment_month') }} as period,
        payment_month as period_start
    from payment_months

    union

    select
        'quarterly' as payment_frequency,
        {{ paid_period("'quarterly'", 'payment_month') }} as period,
        cast({{ dbt.date_trunc('quarter', 'payment_month') }} as date) as period_start
    from payment_months

    union

    select
        'semiannual' as payment_frequency,
        {{ paid_period("'semiannual'", 'payment_month') }} as period,
        cast(
            {{ dbt.dateadd(
                'month',
                '-(cast(extract(month from payment_month) as integer) - 1) % 6',
                'payment_month'
            ) }} as date
        ) as period_start
    from payment_months
),

settled_months as (
    select
        payments.administrative_entity_id,
        payments.payer,
        payments.paid_period,
        payments.payment_month,
        payments.hsa,
        max(small_cells.largest_suppressed_count) as largest,
        sum(payments.amount) as amount,
        abs(sum(payments.attributed_patients)) as patients,
        count(*) filter (where payments.is_small) as cells,
        abs(
            coalesce(
                sum(payments.attributed_patients) filter (where payments.is_small), 0
            )
        ) as people,
        count(*) filter (where payments.is_small and payments.amount <> 0)
            as paid_cells,
        abs(
            coalesce(
                sum(payments.attributed_patients) filter (
                    where payments.is_small and payments.amount <> 0
                ), 0
            )
        ) as paid_people,
        min({{ withheld_rate('payments') }}) as lowest_rate,
        max({{ withheld_rate('payments') }}) as highest_rate
    from payments
    cross join small_cells
    group by
        payments.administrative_entity_id,
        payments.payer,
        payments.paid_period,
        payments.payment_month,
        payments.hsa
),

judged_months as (
    select
        *,
        patients not between 1 and largest
        and {{ is_total_open('cells', 'people', 'largest') }}
        and {{ is_total_open('paid_cells', 'paid_people', 'largest') }}
        and {{ is_of_one_rate('lowest_rate', 'highest_rate') }} as is_told
    from settled_months
),

computed as (
    select
        administrative_entity_id,
        payer,
        paid_period as period,
        cast(sum(amount) as decimal(18, 2)) as computed_amount,
        count(*) filter (where not is_told) = 0 as is_told
    from judged_months
    group by
        administrative_entity_id,
        payer,
        paid_period
),

invoiced as (
    select
        invoices.administrative_entity_id,
        invoices.payer,
        upper(invoices.period) as period,
        invoices.received_date,
        invoices.amount_usd as invoiced_amount
    from invoices
),

keys as (
    select
        administrative_entity_id,
        payer,
        period
    from computed
    union
    select
        administrative_entity_id,
        payer,
        period
    from invoiced
),

dated as (
    select
        keys.administrative_entity_id,
        keys.payer,
        keys.period,
        periods.payment_frequency,
        periods.period_start,
        cast(
            {{ dbt.dateadd(
                'day', 'cast(parameters.value as integer) - 1', 'periods.period_start'
            ) }} as date
        ) as due_date,
        invoiced.period is not null as is_invoiced,
        invoiced.received_date,
        computed.computed_amount,
        invoiced.invoiced_amount,
        coalesce(computed.is_told, false) as is_told,
        runs.attribution_cutoff_date as judged_on_date
    from keys
    cross join runs
    inner join periods
        on keys.period = periods.period
    inner join parameters
        on {{ is_in_force('parameters', 'periods.period_start') }}
    left join computed
        on
            keys.administrative_entity_id = computed.administrative_entity_id
            and keys.payer = computed.payer
            and keys.period = computed.period
    left join invoiced
        on
            keys.administrative_entity_id = invoiced.administrative_entity_id
            and keys.payer = invoiced.payer
            and keys.period = invoiced.period
),

final as (
    select
        administrative_entity_id,
        payer,
        period,
        payment_frequency,
        period_start,
        due_date,
        received_date,
        case
            when is_invoiced and computed_amount is null then 'unexpected'
            when is_invoiced and received_date is null then 'undated'
            when received_date <= due_date then 'in_time'
            when is_invoiced then 'late'
            when computed_amount = 0 then 'nothing_due'
            when due_date < judged_on_date then 'missing'
            else 'due'
        end as status,
        case
            when received_date > due_date
                then {{ dbt.datediff('due_date', 'received_date', 'day') }}
        end as days_late,
        computed_amount,
        invoiced_amount,
        cast(invoiced_amount - computed_amount as decimal(18, 2)) as difference,
        is_told
    from dated
)

select * from final
