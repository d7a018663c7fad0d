-- Design, section 1: where one payer's cell of a practice is suppressed and the others
-- are told, a total over payers would give it back; so would a practice's sum of
-- departures whose reasons are told but for one. Rates of use are split by age, by type
-- of payer, by practice and by area; the index by age. Regions and administrative
-- entities are told where they add nothing to these, and one that is not may be had.
with counts as (
    select * from {{ ref('attribution_counts') }}
),

unique_patients as (
    select * from {{ ref('total_unique_patients') }}
    where level = 'practice'
),

departures as (
    select * from {{ ref('attribution_departures') }}
),

cells as (
    select
        as_of_date,
        program,
        practice_id,
        count(*) filter (where is_suppressed) as suppressed
    from counts
    group by
        as_of_date,
        program,
        practice_id
),

reasons as (
    select
        as_of_date,
        program,
        payer,
        practice_id,
        count(*) filter (where is_suppressed) as suppressed
    from departures
    group by
        as_of_date,
        program,
        payer,
        practice_id
),

use_rates as (
    select * from {{ ref('utilization') }}
),

indices as (
    select * from {{ ref('trui') }}
),

practices as (
    select
        as_of_date,
        practice_id,
        hsa,
        administrative_entity_id
    from {{ ref('int_program__practices_as_of') }}
),

-- Each cell with the one that it is a part of.
use_parts as (
    {% for split, is_part in [
        ('age', "age_group <> 'all' and payer_type = 'all'"),
        ('type', "age_group = 'all' and payer_type <> 'all'"),
        ('both', "age_group <> 'all' and payer_type <> 'all'"),
    ] -%}
    select
        '{{ split }}' as split,
        period_end,
        'all' as age_group,
        'all' as payer_type,
        level,
        entity_id,
        category,
        is_suppressed
    from use_rates
    where {{ is_part }}

    union all

    {% endfor -%}
    {% for level in ['hsa', 'administrative_entity'] -%}
    select
        'practice of {{ level }}' as split,
        use_rates.period_end,
        use_rates.age_group,
        use_rates.payer_type,
        '{{ level }}' as level,
        {% if level == 'hsa' -%}
        practices.hsa as entity_id,
        {%- else -%}
        practices.administrative_entity_id as entity_id,
        {%- endif %}
        use_rates.category,
        use_rates.is_suppressed
    from use_rates
    inner join practices
        on
            use_rates.period_end = practices.as_of_date
            and use_rates.entity_id = practices.practice_id
    where use_rates.level = 'practice'

    union all

    {% endfor -%}
    select
        'hsa of state' as split,
        period_end,
        age_group,
        payer_type,
        'state' as level,
        'Vermont' as entity_id,
        category,
        is_suppressed
    from use_rates
    where level = 'hsa'
),

use_splits as (
    select
        split,
        period_end,
        age_group,
        payer_type,
        level,
        entity_id,
        category,
        count(*) filter (where is_suppressed) as suppressed
    from use_parts
    group by
        split,
        period_end,
        age_group,
        payer_type,
        level,
        entity_id,
        category
),

index_splits as (
    select
        period_end,
        practice_id,
        count(*) filter (where is_suppressed and age_group <> 'all') as suppressed,
        bool_or(age_group = 'all' and not is_suppressed) as is_total_told
    from indices
    group by
        period_end,
        practice_id
)

select
    'total_unique_patients' as mart,
    cells.as_of_date,
    cells.practice_id
from cells
inner join unique_patients
    on
        cells.as_of_date = unique_patients.as_of_date
        and cells.program = unique_patients.program
        and cells.practice_id = unique_patients.entity_id
where cells.suppressed = 1 and unique_patients.attributed is not null

union all

select
    'attribution_departures' as mart,
    reasons.as_of_date,
    reasons.practice_id
from reasons
inner join counts
    on
        reasons.as_of_date = counts.as_of_date
        and reasons.program = counts.program
        and reasons.payer = counts.payer
        and reasons.practice_id = counts.practice_id
where reasons.suppressed = 1 and counts."left" is not null

union all

select
    'utilization' as mart,
    use_splits.period_end as as_of_date,
    use_splits.entity_id as practice_id
from use_splits
inner join use_rates
    on
        use_splits.period_end = use_rates.period_end
        and use_splits.age_group = use_rates.age_group
        and use_splits.payer_type = use_rates.payer_type
        and use_splits.level = use_rates.level
        and use_splits.entity_id = use_rates.entity_id
        and use_splits.category = use_rates.category
where use_splits.suppressed = 1 and not use_rates.is_suppressed

union all

select
    'trui' as mart,
    period_end as as_of_date,
    practice_id
from index_splits
where suppressed = 1 and is_total_told
