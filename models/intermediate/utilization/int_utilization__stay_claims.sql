-- One row per period, hospital stay that began in it or before, and claim of the stay.
with stays as (
    select * from {{ ref('int_quality__stays') }}
),

claim_lists as (
    select
        period_end,
        person_id,
        stay_id,
        {{ numbered_words("replace(claim_ids, ',', '')") }}
    from stays
),

final as (
    select
        period_end,
        person_id,
        word as claim_id,
        min(stay_id) as stay_id
    from claim_lists
    group by
        period_end,
        person_id,
        word
)

select * from final
