-- One row per program, payment month, payer, practice, component and adjustment: every
-- payment as it stands, and whether it is a small cell (design, section 1). A payment
-- is small when it counts, was published to count or with its adjustments comes to
-- count 1 to 10 people, or when its release withheld it; then all its rows are. What
-- adds or takes away 1 to 10 people is small by itself, as are the adjustments that do
-- so together with one payment, and a correction of a fixed sum by what so few bring.
-- Where an amount is shared, one payer's share gives the others': they are told
-- together or not at all.
{% set keys = ['program', 'payment_month', 'payer', 'practice_id', 'component'] -%}
with ledger as (
    select * from {{ ref('int_payments__ledger') }}
),

computed as (
    select * from {{ ref('int_payments__computed') }}
),

published as (
    select * from {{ ref('int_payments__published') }}
),

small_cells as (
    select * from {{ ref('disclosure_rules') }}
    where rule = 'small_cell'
),

computed_cells as (
    select
        {{ keys | join(',\n        ') }},
        max(case when is_small then 1 else 0 end) as is_small,
        max(largest_small_amount) as largest_small_amount
    from computed
    group by {{ keys | join(', ') }}
),

rows_of_cells as (
    select
        ledger.*,
        small_cells.largest_suppressed_count as largest,
        coalesce(published.is_withheld, false) as is_withheld,
        coalesce(computed_cells.is_small = 1, false) as is_computed_small,
        computed_cells.largest_small_amount,
        sum(ledger.attributed_patients) over (
            partition by
                ledger.program,
                ledger.payment_month,
                ledger.payer,
                ledger.practice_id,
                ledger.component
        ) as cell_patients,
        case
            when ledger.basis = 'adjustment'
                then
                    sum(ledger.attributed_patients) over (
                        partition by
                            ledger.program,
                            ledger.payment_month,
                            ledger.payer,
                            ledger.practice_id,
                            ledger.component,
                            ledger.basis,
                            ledger.paid_period
                    )
            else ledger.attributed_patients
        end as settled_patients
    from ledger
    cross join small_cells
    left join computed_cells
        on
            ledger.program = computed_cells.program
            and ledger.payment_month = computed_cells.payment_month
            and ledger.payer = computed_cells.payer
            and ledger.practice_id = computed_cells.practice_id
            and ledger.component = computed_cells.component
    left join published
        on
            ledger.program = published.program
            and ledger.payment_month = published.payment_month
            and ledger.payer = published.payer
            and ledger.practice_id = published.practice_id
            and ledger.component = published.component
            and ledger.adjustment_no = published.adjustment_no
),

judged as (
    select
        *,
        abs(attributed_patients) between 1 and largest
        or abs(settled_patients) between 1 and largest
        or is_withheld
        or (
            basis = 'adjustment'
            and amount <> 0
            and coalesce(abs(amount) <= largest_small_amount, false)
        ) as is_small_row,
        is_computed_small
        or cell_patients between 1 and largest as is_small_cell
    from rows_of_cells
),

paid as (
    select
        *,
        is_small_row
        or is_small_cell
        or max(
            case when basis <> 'adjustment' and is_small_row then 1 else 0 end
        ) over (
            partition by {{ keys | join(', ') }}
        ) = 1 as is_small_payment
    from judged
),

together as (
    select
        *,
        max(case when shared_amount is not null then 1 else 0 end) over (
            partition by program, payment_month, practice_id, component
        ) as is_shared,
        max(case when is_small_payment then 1 else 0 end) over (
            partition by
                program,
                payment_month,
                practice_id,
                component,
                case when basis = 'adjustment' then 1 else 0 end
        ) as is_any_small
    from paid
),

final as (
    select
        {{ keys | join(',\n        ') }},
        adjustment_no,
        administrative_entity_id,
        hsa,
        as_of_date,
        paid_period,
        payment_due_date,
        basis,
        status,
        is_policy_gap,
        attributed_patients,
        base_pppm,
        quality_pppm,
        trui_pppm,
        rate,
        quality_rate,
        factor,
        shared_amount,
        amount,
        is_small_payment or (is_shared = 1 and is_any_small = 1) as is_small
    from together
)

select * from final
