-- One row per payment month, payer, component and payee of a sum that a payer landed
-- (B-06 to B-09, D17, F-07), and whether it may be told: a sum over its rate is a count
-- of people. A practice is judged by its patients, an entity by its row of the payer, a
-- statewide sum by all of them; and by the patients that the sum was once for.
with sums as (
    select * from {{ ref('int_payments__cht_sums') }}
),

counts as (
    select * from {{ ref('int_attribution__counts') }}
    where program = 'pcmh'
),

entities as (
    select * from {{ ref('int_payments__cht_entities') }}
    where payer <> 'all'
),

rates as (
    select * from {{ ref('payment_rates') }}
    where unit = 'usd_pppm'
),

small_cells as (
    select * from {{ ref('disclosure_rules') }}
    where rule = 'small_cell'
),

-- The most that a patient can bring: a sum of ten at that rate is of ten or more.
parts_in_force as (
    select
        sums.payment_month,
        sums.component,
        rates.component as part,
        max(rates.amount) as pppm
    from sums
    inner join rates
        on
            {{ is_in_force('rates', 'sums.payment_month') }}
            and (
                (sums.component = rates.program)
                or (sums.component = 'sash' and rates.component = 'sash')
            )
    group by
        sums.payment_month,
        sums.component,
        rates.component
),

most as (
    select
        payment_month,
        component,
        sum(pppm) as pppm
    from parts_in_force
    group by
        payment_month,
        component
),

entities_told as (
    select
        payment_month,
        payer,
        administrative_entity_id,
        count(*) filter (where not is_told) as closed_rows
    from entities
    group by
        payment_month,
        payer,
        administrative_entity_id
),

payers_told as (
    select
        payment_month,
        payer,
        sum(closed_rows) as closed_rows
    from entities_told
    group by
        payment_month,
        payer
),

final as (
    select
        sums.payment_month,
        sums.payer,
        sums.component,
        sums.payee_id,
        sums.payee_kind,
        sums.as_of_date,
        sums.basis,
        sums.is_policy_gap,
        sums.amount,
        coalesce(
            case sums.payee_kind
                when 'practice'
                    then
                        coalesce(counts.attributed_patients, 0)
                        not between 1 and small_cells.largest_suppressed_count
                when 'payer' then payers_told.closed_rows = 0
                else entities_told.closed_rows = 0
            end
            and (
                sums.amount = 0
                or sums.amount > small_cells.largest_suppressed_count * most.pppm
            ),
            false
        ) as is_told
    from sums
    cross join small_cells
    left join most
        on
            sums.payment_month = most.payment_month
            and sums.component = most.component
    left join counts
        on
            sums.as_of_date = counts.as_of_date
            and sums.payer = counts.payer
            and sums.payee_id = counts.practice_id
    left join entities_told
        on
            sums.payment_month = entities_told.payment_month
            and sums.payer = entities_told.payer
            and sums.payee_id = entities_told.administrative_entity_id
    left join payers_told
        on
            sums.payment_month = payers_told.payment_month
            and sums.payer = payers_told.payer
)

select * from final
