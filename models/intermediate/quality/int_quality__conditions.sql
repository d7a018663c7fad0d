-- One row per period, person and condition that the person has by one of its rules. A
-- rule has one part or several, all of which are to be met: a part is so many days with
-- a code (or a result within bounds) of any of its rows, on claims of a kind, in months
-- that end with the period or before; or that there is none. The event that first met
-- the rule is the evidence. Measures name conditions as what they are about and as what
-- excludes from them.
--
-- Events are named wherever they are read, and not imported once: a table expression
-- that several read would be kept whole.
with periods as (
    select * from {{ ref('int_quality__periods') }}
),

rules as (
    select * from {{ ref('condition_rules') }}
),

providers as (
    select * from {{ ref('stg_provider') }}
),

provider_groups as (
    select * from {{ ref('provider_groups') }}
),

-- Months are counted whole, back from the period's last one.
windows as (
    select
        periods.period_end,
        rules.condition,
        rules.rule_number,
        rules.part,
        rules.value_set,
        rules.visit_value_set,
        rules.except_visit_value_set,
        rules.provider_group,
        rules.is_principal_only,
        rules.is_absent,
        rules.is_dated_by_end,
        rules.least_days,
        coalesce(rules.least_span_days, 0) as least_span_days,
        rules.result_from,
        rules.result_below,
        coalesce(
            cast(
                {{ dbt.dateadd(
                    'month', '1 - rules.look_back_months',
                    dbt.date_trunc('month', 'periods.period_end')
                ) }} as date
            ),
            cast('0001-01-01' as date)
        ) as window_start,
        cast(
            {{ dbt.dateadd(
                'day', -1,
                dbt.dateadd(
                    'month', '1 - coalesce(rules.months_before, 0)',
                    dbt.date_trunc('month', 'periods.period_end')
                )
            ) }} as date
        ) as window_end
    from periods
    inner join rules
        on {{ is_in_force('rules', 'periods.period_end') }}
),

-- What rules ask of a code by itself. Some ask besides what kind of visit its claim
-- was, or was not.
{% for name, comparison in [('plain', 'is null'), ('visit', 'is not null')] -%}
{{ name }}_windows as (
    select distinct
        period_end,
        condition,
        rule_number,
        part,
        value_set,
        provider_group,
        is_principal_only,
        is_absent,
        is_dated_by_end,
        least_days,
        least_span_days,
        result_from,
        result_below,
        window_start,
        window_end
    from windows
    where coalesce(visit_value_set, except_visit_value_set) {{ comparison }}
),

{{ name }}_value_sets as (
    select distinct value_set from {{ name }}_windows
),

{{ name }}_codes as (
    select
        events.period_end,
        events.person_id,
        windows.condition,
        windows.rule_number,
        windows.part,
        windows.value_set,
        windows.is_absent,
        windows.least_days,
        windows.least_span_days,
        events.source_table,
        events.payer,
        events.record_id,
        case
            when windows.is_dated_by_end then events.end_date else events.event_date
        end as event_date,
        events.code
    from {{ ref('int_quality__events_as_of') }} as events
    semi join {{ name }}_value_sets as value_sets
        on events.value_set = value_sets.value_set
    inner join {{ name }}_windows as windows
        on
            events.period_end = windows.period_end
            and events.value_set = windows.value_set
            and case
                when windows.is_dated_by_end then events.end_date
                else events.event_date
            end between windows.window_start and windows.window_end
            and (events.is_principal or not windows.is_principal_only)
            and (windows.result_from is null or events.result >= windows.result_from)
            and (
                windows.result_below is null or events.result < windows.result_below
            )
    left join providers
        on
            windows.provider_group is not null
            and events.provider_npi = providers.npi
    left join provider_groups
        on
            windows.provider_group = provider_groups.provider_group
            and providers.specialty = provider_groups.specialty
            and {{ is_in_force('provider_groups', 'events.event_date') }}
    where windows.provider_group is null or provider_groups.specialty is not null
),

{% endfor -%}
claims as (
    select distinct
        period_end,
        person_id,
        payer,
        record_id
    from visit_codes
),

kinds as (
    select visit_value_set as value_set from rules
    where visit_value_set is not null
    union
    select except_visit_value_set as value_set from rules
    where except_visit_value_set is not null
),

visits as (
    select distinct
        claims.period_end,
        claims.person_id,
        claims.payer,
        claims.record_id,
        events.value_set
    from {{ ref('int_quality__events_as_of') }} as events
    semi join kinds
        on events.value_set = kinds.value_set
    inner join claims
        on
            events.period_end = claims.period_end
            and events.person_id = claims.person_id
            and events.payer = claims.payer
            and events.record_id = claims.record_id
),

-- A claim with each kind of visit that it was, and once without: no kind is asked for.
asked_visits as (
    select
        period_end,
        person_id,
        payer,
        record_id,
        value_set
    from visits

    union all

    select
        period_end,
        person_id,
        payer,
        record_id,
        '' as value_set
    from claims
),

visit_matches as (
    select visit_codes.*
    from visit_codes
    inner join asked_visits
        on
            visit_codes.period_end = asked_visits.period_end
            and visit_codes.person_id = asked_visits.person_id
            and visit_codes.payer = asked_visits.payer
            and visit_codes.record_id = asked_visits.record_id
    inner join windows
        on
            visit_codes.period_end = windows.period_end
            and visit_codes.condition = windows.condition
            and visit_codes.rule_number = windows.rule_number
            and visit_codes.part = windows.part
            and visit_codes.value_set = windows.value_set
            and asked_visits.value_set = coalesce(windows.visit_value_set, '')
    left join visits as other_visits
        on
            visit_codes.period_end = other_visits.period_end
            and visit_codes.person_id = other_visits.person_id
            and visit_codes.payer = other_visits.payer
            and visit_codes.record_id = other_visits.record_id
            and windows.except_visit_value_set = other_visits.value_set
    where other_visits.value_set is null
),

matched as (
    select * from plain_codes
    union all
    select * from visit_matches
),

-- Days are counted where a part asks for several; of most the first alone is kept.
days as (
    select
        period_end,
        person_id,
        condition,
        rule_number,
        part,
        is_absent,
        case when least_days > 1 or least_span_days > 0 then event_date end
            as counted_date,
        max(least_days) as least_days,
        max(least_span_days) as least_span_days,
        min({
            'event_date': event_date,
            'record_id': record_id,
            'code': code,
            'source_table': source_table
        }) as met_by
    from matched
    group by
        period_end,
        person_id,
        condition,
        rule_number,
        part,
        is_absent,
        case when least_days > 1 or least_span_days > 0 then event_date end
),

numbered as (
    select
        *,
        row_number() over (
            partition by period_end, person_id, condition, rule_number, part
            order by counted_date
        ) as day_number,
        min(counted_date) over (
            partition by period_end, person_id, condition, rule_number, part
        ) as first_date
    from days
    where counted_date is not null
),

-- The first day that is late enough in count and in distance from the first.
late_days as (
    select
        period_end,
        person_id,
        condition,
        rule_number,
        part,
        is_absent,
        min(met_by) as met_by
    from numbered
    where
        day_number >= least_days
        and {{ dbt.datediff('first_date', 'counted_date', 'day') }}
        >= least_span_days
    group by
        period_end,
        person_id,
        condition,
        rule_number,
        part,
        is_absent
),

met_parts as (
    select
        period_end,
        person_id,
        condition,
        rule_number,
        part,
        is_absent,
        met_by
    from days
    where counted_date is null

    union all

    select * from late_days
),

parts as (
    select
        condition,
        rule_number,
        period_end,
        count(distinct part) filter (where not is_absent) as parts
    from windows
    group by
        condition,
        rule_number,
        period_end
),

-- A rule is met on the day on which its last part was.
met_rules as (
    select
        met_parts.period_end,
        met_parts.person_id,
        met_parts.condition,
        met_parts.rule_number,
        max({
            'event_date': struct_extract(met_parts.met_by, 'event_date'),
            'part': met_parts.part,
            'met_by': met_parts.met_by
        }) filter (where not met_parts.is_absent) as last_part
    from met_parts
    inner join parts
        on
            met_parts.period_end = parts.period_end
            and met_parts.condition = parts.condition
            and met_parts.rule_number = parts.rule_number
    group by
        met_parts.period_end,
        met_parts.person_id,
        met_parts.condition,
        met_parts.rule_number
    having
        count(*) filter (where not met_parts.is_absent) = max(parts.parts)
        and count(*) filter (where met_parts.is_absent) = 0
),

-- The first rule to be met, and of rules met on one day the first by number.
first_rules as (
    select
        period_end,
        person_id,
        condition,
        min({
            'event_date': struct_extract(last_part, 'event_date'),
            'rule_number': rule_number,
            'met_by': struct_extract(last_part, 'met_by')
        }) as first_rule
    from met_rules
    group by
        period_end,
        person_id,
        condition
),

final as (
    select
        period_end,
        person_id,
        condition,
        struct_extract(first_rule, 'rule_number') as rule_number,
        struct_extract(struct_extract(first_rule, 'met_by'), 'source_table')
            as source_table,
        struct_extract(struct_extract(first_rule, 'met_by'), 'record_id') as record_id,
        struct_extract(first_rule, 'event_date') as event_date,
        struct_extract(struct_extract(first_rule, 'met_by'), 'code') as code
    from first_rules
)

select * from final
