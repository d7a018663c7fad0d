-- One row per program, payment month, payer, practice and component whose payment an
-- earlier release published otherwise: what the run's own computation adds to it
-- (design, section 2).
{% set keys = ['program', 'payment_month', 'payer', 'practice_id', 'component'] -%}
with computed as (
    select * from {{ ref('int_payments__computed') }}
    where not is_open
),

published as (
    select * from {{ ref('int_payments__published') }}
),

figures as (
    select
        {{ keys | join(',\n        ') }},
        0 as last_adjustment_no,
        attributed_patients,
        amount
    from computed

    union all

    select
        {{ keys | join(',\n        ') }},
        adjustment_no as last_adjustment_no,
        -attributed_patients as attributed_patients,
        -amount as amount
    from published
),

differences as (
    select
        {{ keys | join(',\n        ') }},
        cast(max(last_adjustment_no) + 1 as integer) as adjustment_no,
        cast(sum(attributed_patients) as integer) as attributed_patients,
        cast(sum(amount) as decimal(18, 2)) as amount
    from figures
    group by {{ keys | join(', ') }}
),

final as (
    select * from differences
    where attributed_patients <> 0 or amount <> 0
)

select * from final
