-- One row per period, value set and observation of a measured person whose answer, in
-- words or as a code, is one of the set's: the question's LOINC and the answer together
-- are its code (`72166-2:NEVER SMOKER`). Events have results that are numbers; these
-- stand beside them (Core-16, Core-19, Core-36).
with people as (
    select * from {{ ref('int_quality__people') }}
),

observations as (
    select
        *,
        coalesce(normalized_code, source_code) || ':' || upper(trim(result)) as answer
    from {{ ref('stg_observation') }}
),

codes as (
    select * from {{ ref('int_quality__value_set_codes') }}
    where code_system = 'loinc-answer'
),

final as (
    select
        people.period_end,
        people.person_id,
        codes.value_set,
        observations.observation_id as record_id,
        observations.observation_date as event_date,
        codes.code
    from observations
    inner join codes
        on
            observations.answer = codes.code
            and observations.observation_date >= codes.effective_from
            and observations.observation_date <= codes.effective_to
    inner join people
        on
            observations.person_id = people.person_id
            and observations.observation_date <= people.period_end
)

select * from final
