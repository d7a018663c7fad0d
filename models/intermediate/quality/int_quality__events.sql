-- One row per value set, code and claim and day, or clinical record, of a person
-- measured in some period: what measures look for, with the time in which the claim was
-- in force. A code is of a set on the days from its first to its last. Sets that stays
-- alone are asked for have no events.
with coded_events as (
    select * from {{ ref('int_quality__coded_events') }}
),

codes as (
    select * from {{ ref('int_quality__value_set_codes') }}
    where is_of_events
),

final as (
    select
        codes.value_set,
        coded_events.source_table,
        coded_events.payer,
        coded_events.person_id,
        coded_events.record_id,
        coded_events.claim_type,
        coded_events.event_date,
        coded_events.end_date,
        coded_events.provider_npi,
        coded_events.known_from,
        coded_events.known_to,
        coded_events.code_system,
        coded_events.code,
        coded_events.is_principal,
        coded_events.days_supply,
        coded_events.result
    from coded_events
    inner join codes
        on
            coded_events.code_system = codes.code_system
            and coded_events.code = codes.code
            and coded_events.event_date >= codes.effective_from
            and coded_events.event_date <= codes.effective_to
)

select * from final
