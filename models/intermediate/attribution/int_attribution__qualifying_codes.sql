-- One row per reading of the codes, algorithm and code, with its span of service dates:
-- the codes that make a line count (A-05). As `verbatim` every code that the manual
-- lists counts on every date; as `maintained` a code counts until it was deleted and
-- its successors from when they came (rules section 5.13, D10). A code with a
-- `parameter` counts only where that parameter says so (D12).
with algorithms as (
    select * from {{ ref('attribution_algorithms') }}
),

ranges as (
    select code_ranges.*
    from {{ ref('attribution_code_ranges') }} as code_ranges
    semi join algorithms
        on code_ranges.algorithm_id = algorithms.algorithm_id
),

-- No range is as wide as a hundred codes; a test holds that.
steps as (
    {% for step in range(100) -%}
    select {{ step }} as step
    {%- if not loop.last %} union all
    {% endif %}
    {%- endfor %}
),

listed as (
    select
        ranges.algorithm_id,
        ranges.category,
        ranges.code_system,
        ranges.parameter,
        ranges.effective_from as valid_from,
        ranges.effective_to as valid_to,
        {{ code_at('ranges.code_from', 'steps.step') }} as code
    from ranges
    inner join steps
        on steps.step <= {{ code_steps('ranges.code_from', 'ranges.code_to') }}
),

changes as (
    select * from {{ ref('attribution_code_changes') }}
),

changed as (
    select
        changes.algorithm_id,
        changes.code_system,
        changes.change,
        changes.last_valid_date,
        changes.successor_code_from,
        changes.successor_code_to,
        changes.successor_valid_from,
        {{ code_at('changes.code_from', 'steps.step') }} as code
    from changes
    inner join steps
        on steps.step <= {{ code_steps('changes.code_from', 'changes.code_to') }}
),

-- A code that was corrected never counted; a deleted one counts through its last day.
kept as (
    select
        listed.algorithm_id,
        listed.category,
        listed.code_system,
        listed.code,
        listed.parameter,
        listed.valid_from,
        {{ earliest('min(changed.last_valid_date)', 'listed.valid_to') }} as valid_to
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
        listed.code,
        listed.parameter,
        listed.valid_from,
        listed.valid_to
    having not coalesce(bool_or(changed.change = 'corrected'), false)
),

succession as (
    select distinct
        listed.algorithm_id,
        listed.category,
        listed.code_system,
        listed.parameter,
        changed.successor_code_from,
        changed.successor_code_to,
        changed.successor_valid_from
    from changed
    inner join listed
        on
            changed.code_system = listed.code_system
            and changed.code = listed.code
            and coalesce(changed.algorithm_id, listed.algorithm_id)
            = listed.algorithm_id
    where changed.successor_code_from is not null
),

successors as (
    select
        succession.algorithm_id,
        succession.category,
        succession.code_system,
        succession.parameter,
        {{ code_at('succession.successor_code_from', 'steps.step') }} as code,
        succession.successor_valid_from as valid_from,
        cast(null as date) as valid_to
    from succession
    inner join steps
        on
            steps.step <= {{ code_steps(
                'succession.successor_code_from', 'succession.successor_code_to'
            ) }}
),

-- A successor that the manual lists as well counts once, for as long as either says.
unlisted_successors as (
    select
        successors.algorithm_id,
        min(successors.category) as category,
        successors.code_system,
        successors.code,
        min(successors.parameter) as parameter,
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
    select
        'verbatim' as code_policy,
        algorithm_id,
        category,
        code_system,
        code,
        parameter,
        valid_from,
        valid_to
    from listed

    union all

    select
        'maintained' as code_policy,
        algorithm_id,
        category,
        code_system,
        code,
        parameter,
        valid_from,
        valid_to
    from kept

    union all

    select
        'maintained' as code_policy,
        algorithm_id,
        category,
        code_system,
        code,
        parameter,
        valid_from,
        valid_to
    from unlisted_successors
)

select * from final
