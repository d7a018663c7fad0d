-- One row per period, measure and person of every measure that asks whether people had
-- a service in time (`design` = service): a numerator has one part or several, all of
-- which are to be met, each by any of its value sets in its own months and at its own
-- age. Of the first part the latest event that met it is the evidence.
with people as (
    select * from {{ ref('int_quality__eligible_people') }}
    where design = 'service'
),

services as (
    select * from {{ ref('int_quality__value_set_windows') }}
    where design = 'service' and role = 'numerator'
),

events as (
    select events.*
    from {{ ref('int_quality__events_as_of') }} as events
    semi join services
        on events.value_set = services.value_set
),

providers as (
    select * from {{ ref('stg_provider') }}
),

provider_groups as (
    select * from {{ ref('provider_groups') }}
),

parts as (
    select
        period_end,
        measure_id,
        count(distinct part) as parts
    from services
    group by
        period_end,
        measure_id
),

-- Whom a group of providers takes in changes by the day of the service.
met as (
    select
        events.period_end,
        services.measure_id,
        services.part,
        events.person_id,
        max(events.event_date) as event_date,
        min({
            'days_before_end': services.period_end - events.event_date,
            'record_id': events.record_id,
            'code': events.code
        }) as last_event
    from events
    inner join services
        on
            events.period_end = services.period_end
            and events.value_set = services.value_set
            and events.event_date >= services.window_start
            and {{ full_years('events.birth_date', 'events.event_date') }}
            between coalesce(services.age_from, 0) and coalesce(services.age_to, 999)
    left join providers
        on
            services.provider_group is not null
            and events.provider_npi = providers.npi
    left join provider_groups
        on
            services.provider_group = provider_groups.provider_group
            and providers.specialty = provider_groups.specialty
            and {{ is_in_force('provider_groups', 'events.event_date') }}
    where
        services.provider_group is null
        or provider_groups.specialty is not null
    group by
        events.period_end,
        services.measure_id,
        services.part,
        events.person_id
),

numerators as (
    select
        met.period_end,
        met.measure_id,
        met.person_id,
        min_by(met.event_date, met.part) as event_date,
        min_by(met.last_event, met.part) as last_event
    from met
    inner join parts
        on
            met.period_end = parts.period_end
            and met.measure_id = parts.measure_id
    group by
        met.period_end,
        met.measure_id,
        met.person_id
    having count(*) = max(parts.parts)
),

final as (
    select
        people.period_end,
        people.measure_id,
        people.person_id,
        'person' as event_id,
        cast(1 as decimal(9, 6)) as weight,
        cast(null as varchar) as exclusion_reason,
        numerators.person_id is not null as in_numerator,
        people.denominator_record_id,
        people.denominator_date,
        people.denominator_code,
        struct_extract(numerators.last_event, 'record_id') as numerator_record_id,
        numerators.event_date as numerator_date,
        struct_extract(numerators.last_event, 'code') as numerator_code,
        cast(null as decimal(18, 4)) as numerator_value
    from people
    inner join parts
        on
            people.period_end = parts.period_end
            and people.measure_id = parts.measure_id
    left join numerators
        on
            people.period_end = numerators.period_end
            and people.measure_id = numerators.measure_id
            and people.person_id = numerators.person_id
)

select * from final
