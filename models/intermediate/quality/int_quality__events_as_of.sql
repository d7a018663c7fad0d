{{ config(materialized='view') }}
-- One row per period, value set and event of a person measured in it: known at the
-- cutoff of scores, and no later than the period's end. A view, because a state has
-- several times as many of these rows as of events, and each measure reads few value
-- sets.
with people as (
    select * from {{ ref('int_quality__measured_people') }}
),

events as (
    select * from {{ ref('int_quality__events') }}
),

final as (
    select
        people.period_end,
        people.period_start,
        people.birth_date,
        events.value_set,
        events.source_table,
        events.payer,
        events.person_id,
        events.record_id,
        events.claim_type,
        events.event_date,
        events.end_date,
        events.provider_npi,
        events.known_from,
        events.known_to,
        events.code_system,
        events.code,
        events.is_principal,
        events.days_supply,
        events.result
    from events
    inner join people
        on
            events.person_id = people.person_id
            and events.event_date <= people.period_end
            and {{ was_known('events', 'people.score_cutoff_date') }}
)

select * from final
