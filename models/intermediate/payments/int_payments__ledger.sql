-- One row per program, payment month, payer, practice, component and adjustment: every
-- payment as it stands. A month that an earlier release published and that has fallen
-- due stays as it was; what changed since is an adjustment, paid with the payer's next
-- payment (design, section 2).
{% set keys = ['program', 'payment_month', 'payer', 'practice_id', 'component'] -%}
{% set told = [
    'administrative_entity_id', 'hsa', 'as_of_date', 'paid_period', 'payment_due_date',
    'basis', 'status', 'is_policy_gap', 'attributed_patients', 'base_pppm', 'quality_pppm', 'trui_pppm',
    'rate', 'quality_rate', 'factor', 'shared_amount', 'amount'
] -%}
{% set columns = (keys + ['adjustment_no'] + told) | join(',\n        ') -%}
with computed as (
    select * from {{ ref('int_payments__computed') }}
),

open_payments as (
    select * from computed
    where is_open
),

published as (
    select * from {{ ref('int_payments__published') }}
),

adjustments as (
    select * from {{ ref('int_payments__adjustments') }}
),

runs as (
    select * from {{ ref('int_calendar__run') }}
),

payer_months as (
    select * from {{ ref('int_payments__payer_months') }}
    where not is_first_month
),

-- What an adjustment says besides its figures: as the run computes the payment last,
-- or as it was published last where the run has none.
described as (
    {% for source in ['computed', 'published'] -%}
    select
        {{ loop.index }} as source_rank,
        {{ columns }}
    from {{ source }}
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
),

ranked_descriptions as (
    select
        *,
        row_number() over (
            partition by {{ keys | join(', ') }}, administrative_entity_id
            order by source_rank, adjustment_no desc
        ) as description_rank
    from described
),

next_payments as (
    select
        payer_months.payer,
        payer_months.paid_period,
        payer_months.payment_due_date
    from payer_months
    inner join runs
        on payer_months.payment_month = {{ dbt.dateadd('day', 1, 'runs.as_of_date') }}
),

adjusting as (
    select
        adjustments.program,
        adjustments.payment_month,
        adjustments.payer,
        adjustments.practice_id,
        adjustments.component,
        adjustments.adjustment_no,
        adjustments.administrative_entity_id,
        descriptions.hsa,
        descriptions.as_of_date,
        coalesce(next_payments.paid_period, descriptions.paid_period) as paid_period,
        case
            when next_payments.payer is null then descriptions.payment_due_date
            else next_payments.payment_due_date
        end as payment_due_date,
        'adjustment' as basis,
        descriptions.status,
        descriptions.is_policy_gap,
        adjustments.attributed_patients,
        descriptions.base_pppm,
        descriptions.quality_pppm,
        descriptions.trui_pppm,
        descriptions.rate,
        descriptions.quality_rate,
        descriptions.factor,
        descriptions.shared_amount,
        adjustments.amount
    from adjustments
    inner join ranked_descriptions as descriptions
        on
            adjustments.program = descriptions.program
            and adjustments.payment_month = descriptions.payment_month
            and adjustments.payer = descriptions.payer
            and adjustments.practice_id = descriptions.practice_id
            and adjustments.component = descriptions.component
            and adjustments.administrative_entity_id
            is not distinct from descriptions.administrative_entity_id
            and descriptions.description_rank = 1
    left join next_payments
        on adjustments.payer = next_payments.payer
),

final as (
    {% for rows in ['open_payments', 'published', 'adjusting'] -%}
    select
        {{ columns }}
    from {{ rows }}
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
)

select * from final
