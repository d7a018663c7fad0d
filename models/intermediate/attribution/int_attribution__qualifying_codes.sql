-- One row per algorithm, code and span of service dates: the codes that make a line
-- count (A-05). Under the policy `verbatim` every code that the manual lists counts on
-- every date; under `maintained` a code counts until it was deleted and its successors
-- from when they came (rules section 5.13, D10).
-- depends_on: {{ ref('attribution_code_changes') }}
{% set is_maintained = var('code_policy') == 'maintained' %}
with ranges as (
    select * from {{ ref('attribution_code_ranges') }}
),

-- No range is as wide as a hundred codes; a test holds that.
steps as (
    {% for step in range(100) -%}
    select {{ step }} as step
    {%- if not loop.last %} union all
    {% endif %}
    {%- endfor %}
),

listed_bounds as (
    select
        algorithm_id,
        category,
        code_system,
        {{ code_prefix('code_from') }} as prefix,
        {{ code_number('code_from') }} as number_from,
        {{ code_number('code_to') }} as number_to,
        length(code_from) - length({{ code_prefix('code_from') }}) as digits
    from ranges
),

listed as (
    select
        listed_bounds.algorithm_id,
        listed_bounds.category,
        listed_bounds.code_system,
        listed_bounds.prefix || lpad(
            cast(listed_bounds.number_from + steps.step as varchar),
            cast(listed_bounds.digits as integer),
            '0'
        ) as code
    from listed_bounds
    inner join steps
        on listed_bounds.number_from + steps.step <= listed_bounds.number_to
),

{% if is_maintained -%}
changes as (
    select * from {{ ref('attribution_code_changes') }}
),

changed_bounds as (
    select
        *,
        {{ code_prefix('code_from') }} as prefix,
        {{ code_number('code_from') }} as number_from,
        {{ code_number('code_to') }} as number_to,
        length(code_from) - length({{ code_prefix('code_from') }}) as digits
    from changes
),

changed as (
    select
        changed_bounds.algorithm_id,
        changed_bounds.code_system,
        changed_bounds.change,
        changed_bounds.last_valid_date,
        changed_bounds.successor_code_from,
        changed_bounds.successor_code_to,
        changed_bounds.successor_valid_from,
        changed_bounds.prefix || lpad(
            cast(changed_bounds.number_from + steps.step as varchar),
            cast(changed_bounds.digits as integer),
            '0'
        ) as code
    from changed_bounds
    inner join steps
        on changed_bounds.number_from + steps.step <= changed_bounds.number_to
),

-- A code that was corrected never counted; a deleted one counts through its last day.
kept as (
    select
        listed.algorithm_id,
        listed.category,
        listed.code_system,
        listed.code,
        cast(null as date) as valid_from,
        min(changed.last_valid_date) as valid_to
    from listed
    left join changed
        on
            listed.code_system = changed.code_system
            and listed.code = changed.code
            and listed.algorithm_id
            = coalesce(changed.algorithm_id, listed.algorithm_id)
    group by
        listed.algorithm_id,
        listed.category,
        listed.code_system,
        listed.code
    having not coalesce(bool_or(changed.change = 'corrected'), false)
),

succession as (
    select distinct
        listed.algorithm_id,
        listed.category,
        listed.code_system,
        changed.successor_code_from,
        changed.successor_code_to,
        changed.successor_valid_from
    from changed
    inner join listed
        on
            listed.code_system = changed.code_system
            and listed.code = changed.code
            and listed.algorithm_id
            = coalesce(changed.algorithm_id, listed.algorithm_id)
    where changed.successor_code_from is not null
),

succession_bounds as (
    select
        *,
        {{ code_prefix('successor_code_from') }} as prefix,
        {{ code_number('successor_code_from') }} as number_from,
        {{ code_number('successor_code_to') }} as number_to,
        length(successor_code_from)
        - length({{ code_prefix('successor_code_from') }}) as digits
    from succession
),

successors as (
    select
        succession_bounds.algorithm_id,
        succession_bounds.category,
        succession_bounds.code_system,
        succession_bounds.prefix || lpad(
            cast(succession_bounds.number_from + steps.step as varchar),
            cast(succession_bounds.digits as integer),
            '0'
        ) as code,
        succession_bounds.successor_valid_from as valid_from,
        cast(null as date) as valid_to
    from succession_bounds
    inner join steps
        on succession_bounds.number_from + steps.step <= succession_bounds.number_to
),

-- A successor that the manual lists as well counts once, for as long as either says.
unlisted_successors as (
    select
        successors.algorithm_id,
        min(successors.category) as category,
        successors.code_system,
        successors.code,
        min(successors.valid_from) as valid_from,
        cast(null as date) as valid_to
    from successors
    anti join kept
        on
            successors.algorithm_id = kept.algorithm_id
            and successors.code_system = kept.code_system
            and successors.code = kept.code
    group by
        successors.algorithm_id,
        successors.code_system,
        successors.code
),

final as (
    select * from kept
    union all
    select * from unlisted_successors
)
{%- else -%}
final as (
    select
        algorithm_id,
        category,
        code_system,
        code,
        cast(null as date) as valid_from,
        cast(null as date) as valid_to
    from listed
)
{%- endif %}

select * from final
