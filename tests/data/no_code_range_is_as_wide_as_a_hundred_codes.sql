-- Ranges are expanded by a hundred steps: a wider one would lose its end in silence.
with ranges as (
    select
        code_from,
        code_to
    from {{ ref('attribution_code_ranges') }}

    union all

    select
        code_from,
        code_to
    from {{ ref('attribution_code_changes') }}

    union all

    select
        successor_code_from as code_from,
        successor_code_to as code_to
    from {{ ref('attribution_code_changes') }}
)

select *
from ranges
where
    {{ code_steps('code_from', 'code_to') }} not between 0 and 99
    or {{ code_prefix('code_to') }} <> {{ code_prefix('code_from') }}
