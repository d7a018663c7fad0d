-- One row per program, period and entity that is scored: an HSA for the Quality Index
-- of medical homes, a practice for the Women's Health Initiative (E-05, K-01). Apart
-- from the scores, so that these can be made again without people.
with people as (
    select * from {{ ref('int_quality__people') }}
),

whi_practices as (
    select * from {{ ref('int_program__practices_as_of') }}
    where is_whi_attested
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
        people.period_end,
        'practice' as level,
        people.practice_id as entity_id
    from people
    inner join whi_practices
        on
            people.period_end = whi_practices.as_of_date
            and people.practice_id = whi_practices.practice_id
)

select * from final
