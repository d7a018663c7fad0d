-- One row per as-of date, program, parameter, level and entity: what the other reading
-- of the manual would do to patients and payments (D1, D2, D4, D12). Withheld where a
-- total would give away a suppressed cell, and where the readings differ by 1 to 10
-- people: those are few who can be told by their claims. Where one HSA's is withheld,
-- so is the state's, from which it could be had.
with sensitivity as (
    select * from {{ ref('int_attribution__sensitivity') }}
),

small_cells as (
    select * from {{ ref('disclosure_rules') }}
    where rule = 'small_cell'
),

marked as (
    select
        sensitivity.*,
        not sensitivity.is_told as is_default_withheld,
        not sensitivity.is_told
        or sensitivity.changes between 1 and small_cells.largest_suppressed_count
        or abs(sensitivity.alternative_patients - sensitivity.default_patients)
        between 1 and small_cells.largest_suppressed_count
        or sensitivity.alternative_patients
        between 1 and small_cells.largest_suppressed_count as is_alternative_withheld
    from sensitivity
    cross join small_cells
),

summed as (
    select
        *,
        sum(case when level = 'hsa' and is_alternative_withheld then 1 else 0 end)
            over (partition by as_of_date, program, parameter) as withheld_hsas
    from marked
),

decided as (
    select
        *,
        is_alternative_withheld
        or (level = 'state' and withheld_hsas = 1) as is_withheld
    from summed
),

final as (
    select
        as_of_date,
        program,
        parameter,
        level,
        entity_id,
        default_value,
        alternative_value,
        is_withheld or not is_amount_told as is_suppressed,
        case when not is_default_withheld then cast(default_patients as integer) end
            as default_patients,
        case
            when not is_withheld then cast(alternative_patients as integer)
        end as alternative_patients,
        case
            when is_amount_told then cast(default_amount_usd as decimal(18, 2))
        end as default_amount_usd,
        case
            when is_amount_told and not is_withheld
                then cast(alternative_amount_usd as decimal(18, 2))
        end as alternative_amount_usd
    from decided
)

select * from final
