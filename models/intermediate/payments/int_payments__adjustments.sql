-- One row per program, payment month, payer, practice, component and adjustment: what
-- the run's own computation adds to a payment that an earlier release published
-- otherwise (design, section 2). What was paid to one administrative entity and is
-- another's is two adjustments.
{% set keys = ['program', 'payment_month', 'payer', 'practice_id', 'component'] -%}
{% set payee = keys + ['administrative_entity_id'] -%}
with computed as (
    select * from {{ ref('int_payments__computed') }}
    where not is_open
),

published as (
    select * from {{ ref('int_payments__published') }}
),

figures as (
    select
        {{ payee | join(',\n        ') }},
        attributed_patients,
        amount
    from computed

    union all

    select
        {{ payee | join(',\n        ') }},
        -attributed_patients as attributed_patients,
        -amount as amount
    from published
),

differences as (
    select
        {{ payee | join(',\n        ') }},
        cast(sum(attributed_patients) as integer) as attributed_patients,
        cast(sum(amount) as decimal(18, 2)) as amount
    from figures
    group by {{ payee | join(', ') }}
),

numbered as (
    select
        *,
        row_number() over (
            partition by {{ keys | join(', ') }}
            order by administrative_entity_id
        ) as difference_no
    from differences
    where attributed_patients <> 0 or amount <> 0
),

last_numbers as (
    select
        {{ keys | join(',\n        ') }},
        max(adjustment_no) as adjustment_no
    from published
    group by {{ keys | join(', ') }}
),

final as (
    select
        {% for column in payee -%}
        numbered.{{ column }},
        {% endfor -%}
        cast(
            coalesce(last_numbers.adjustment_no, 0) + numbered.difference_no as integer
        ) as adjustment_no,
        numbered.attributed_patients,
        numbered.amount
    from numbered
    left join last_numbers
        on
            numbered.program = last_numbers.program
            and numbered.payment_month = last_numbers.payment_month
            and numbered.payer = last_numbers.payer
            and numbered.practice_id = last_numbers.practice_id
            and numbered.component = last_numbers.component
)

select * from final
