-- One row per program, period and entity that is scored: an HSA for the Quality Index
-- of medical homes, a practice for the Women's Health Initiative (E-05, K-01). Apart
-- from the scores, so that these can be made again without people.
with people as (
    select * from {{ ref('int_quality__people') }}
),

whi_women as (
    select * from {{ ref('int_quality__whi_women') }}
),

-- Who is scored has people to be measured, even where none is of the measure's age.
final as (
    select distinct
        'pcmh' as program,
        period_end,
        'hsa' as level,
        hsa as entity_id
    from people
    where hsa is not null

    union all

    select distinct
        'whi' as program,
        period_end,
        'practice' as level,
        practice_id as entity_id
    from whi_women
)

select * from final
