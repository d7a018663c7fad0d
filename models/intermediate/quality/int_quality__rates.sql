-- One row per period, measure, type of payer (and all of them), level and entity: how
-- many are in the denominator and the numerator and excluded, the rate with its
-- interval of 95 %, the state's, and the rate adjusted to the state's mix of age, sex
-- and type of payer. A measure of events counts them per member of the denominator.
-- People whose payer has not sent what a measure needs are not in it; a measure for
-- which no payer has stands as one row of the state without a rate. What others
-- reported stands beside.
with members as (
    select * from {{ ref('int_quality__members') }}
),

people as (
    select * from {{ ref('int_quality__people') }}
),

specifications as (
    select * from {{ ref('measure_specifications') }}
),

payers as (
    select distinct
        period_end,
        payer
    from people
),

readiness as (
    select readiness.*
    from {{ ref('int_quality__readiness') }} as readiness
    semi join payers
        on
            readiness.period_end = payers.period_end
            and readiness.payer = payers.payer
),

reported as (
    select * from {{ ref('stg_reported_measure_result') }}
),

periods as (
    select * from {{ ref('int_quality__periods') }}
),

age_bands as (
    select * from {{ ref('adjustment_age_bands') }}
),

-- Each year of age and its band: members are many, and years few.
ages as (
    select distinct
        people.period_end,
        people.age_years,
        age_bands.age_from
    from people
    inner join age_bands
        on
            people.age_years >= age_bands.age_from
            and people.age_years <= coalesce(age_bands.age_to, people.age_years)
            and {{ is_in_force('age_bands', 'people.period_end') }}
),

-- A row of a person is the person's only one in the denominator.
cells as (
    select
        members.period_end,
        members.measure_id,
        members.payer_type,
        members.practice_id,
        members.hsa,
        members.gender,
        ages.age_from,
        count(*) filter (where members.in_numerator) as numerator,
        coalesce(sum(members.weight) filter (where members.in_denominator), 0)
            as denominator,
        count(*) filter (where members.is_excluded) as exclusions,
        count(*) filter (where members.in_denominator and members.event_id = 'person')
        + count(
            distinct case
                when members.in_denominator and members.event_id <> 'person'
                    then members.person_id
            end
        ) as people,
        count(*) filter (where members.in_numerator and members.event_id = 'person')
        + count(
            distinct case
                when members.in_numerator and members.event_id <> 'person'
                    then members.person_id
            end
        ) as numerator_people
    from members
    inner join readiness
        on
            members.period_end = readiness.period_end
            and members.measure_id = readiness.measure_id
            and members.payer = readiness.payer
            and readiness.is_ready
    inner join ages
        on
            members.period_end = ages.period_end
            and members.age_years = ages.age_years
    group by
        members.period_end,
        members.measure_id,
        members.payer_type,
        members.practice_id,
        members.hsa,
        members.gender,
        ages.age_from
),

-- The state's rate among people alike.
strata as (
    select
        period_end,
        measure_id,
        payer_type,
        gender,
        age_from,
        cast(sum(numerator) as double) / nullif(sum(denominator), 0) as state_rate
    from cells
    group by
        period_end,
        measure_id,
        payer_type,
        gender,
        age_from
),

expected_cells as (
    select
        cells.*,
        cells.denominator * coalesce(strata.state_rate, 0) as expected
    from cells
    inner join strata
        on
            cells.period_end = strata.period_end
            and cells.measure_id = strata.measure_id
            and cells.payer_type = strata.payer_type
            and cells.gender = strata.gender
            and cells.age_from = strata.age_from
),

-- Every cell under each of its levels, once by its type of payer and once for all.
keyed as (
    {% for level, key in [
        ('state', "'Vermont'"), ('hsa', 'hsa'), ('practice', 'practice_id')
    ] -%}
    select
        *,
        '{{ level }}' as level,
        {{ key }} as entity_id
    from expected_cells
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
),

entities as (
    {% for payer_type in ["'all'", 'payer_type'] -%}
    select
        period_end,
        measure_id,
        {{ payer_type }} as counted_payer_type,
        level,
        entity_id,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        sum(exclusions) as exclusions,
        sum(people) as people,
        sum(numerator_people) as numerator_people,
        round(cast(sum(expected) as decimal(38, 9)), 6) as expected
    from keyed
    where entity_id is not null
    group by
        period_end,
        measure_id,
        {{ payer_type }},
        level,
        entity_id
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
),

rated as (
    select
        entities.period_end,
        entities.measure_id,
        entities.counted_payer_type as payer_type,
        entities.level,
        entities.entity_id,
        entities.numerator,
        entities.denominator,
        entities.exclusions,
        entities.people,
        entities.numerator_people,
        entities.expected,
        specifications.rate_kind,
        specifications.rate_per,
        cast(entities.numerator as double) / nullif(entities.denominator, 0)
            as share
    from entities
    inner join specifications
        on
            entities.measure_id = specifications.measure_id
            and {{ is_in_force('specifications', 'entities.period_end') }}
),

states as (
    select
        period_end,
        measure_id,
        payer_type,
        share as state_share
    from rated
    where level = 'state'
),

bounded as (
    select
        rated.*,
        states.state_share,
        case
            when rated.rate_kind = 'share'
                then {{ wilson_bound('rated.share', 'rated.denominator', '-') }}
            else {{ byar_low('rated.numerator') }} / nullif(rated.denominator, 0)
        end as share_low,
        case
            when rated.rate_kind = 'share'
                then {{ wilson_bound('rated.share', 'rated.denominator', '+') }}
            else {{ byar_high('rated.numerator') }} / nullif(rated.denominator, 0)
        end as share_high,
        states.state_share * rated.numerator / nullif(rated.expected, 0)
            as adjusted_share
    from rated
    inner join states
        on
            rated.period_end = states.period_end
            and rated.measure_id = states.measure_id
            and rated.payer_type = states.payer_type
),

computed as (
    select
        period_end,
        measure_id,
        payer_type,
        level,
        entity_id,
        'computed' as status,
        rate_kind,
        rate_per,
        people,
        numerator_people,
        numerator,
        denominator,
        exclusions,
        {% for name, share in [
            ('rate', 'share'),
            ('adjusted_rate', 'adjusted_share'),
            ('ci_low', 'share_low'),
            ('ci_high', 'share_high'),
            ('state_rate', 'state_share'),
        ] -%}
        cast(round({{ share }} * rate_per, 6) as decimal(18, 6)) as {{ name }}
        {%- if not loop.last %},
        {% endif %}
        {%- endfor %}
    from bounded
),

-- Several sources may report on one entity: the last to do so counts, then the first by
-- name.
ranked_reports as (
    select
        reported.*,
        row_number() over (
            partition by
                reported.period_end, reported.measure_id, reported.payer_type,
                reported.level, reported.entity_id
            order by
                reported.reported_date desc nulls last,
                reported.reported_source asc nulls last,
                reported.period_start asc,
                reported.landed_entity_id asc
        ) as report_rank
    from reported
    inner join periods
        on
            reported.period_end = periods.period_end
            and reported.period_start = periods.period_start
    where reported.entity_id is not null
),

reported_rates as (
    select
        reports.period_end,
        reports.measure_id,
        reports.payer_type,
        reports.level,
        reports.entity_id,
        'reported' as status,
        'share' as rate_kind,
        1 as rate_per,
        reports.denominator as people,
        reports.numerator as numerator_people,
        reports.numerator,
        cast(reports.denominator as decimal(18, 6)) as denominator,
        cast(null as bigint) as exclusions,
        cast(reports.rate_percent / 100 as decimal(18, 6)) as rate,
        cast(null as decimal(18, 6)) as adjusted_rate,
        cast(reports.ci_low_percent / 100 as decimal(18, 6)) as ci_low,
        cast(reports.ci_high_percent / 100 as decimal(18, 6)) as ci_high,
        cast(states.rate_percent / 100 as decimal(18, 6)) as state_rate
    from ranked_reports as reports
    left join ranked_reports as states
        on
            reports.period_end = states.period_end
            and reports.measure_id = states.measure_id
            and reports.payer_type = states.payer_type
            and states.level = 'state'
            and states.report_rank = 1
    where reports.report_rank = 1
),

unready as (
    select
        readiness.period_end,
        readiness.measure_id,
        'all' as payer_type,
        'state' as level,
        'Vermont' as entity_id,
        'not_ready' as status,
        max(specifications.rate_kind) as rate_kind,
        max(specifications.rate_per) as rate_per
    from readiness
    inner join specifications
        on
            readiness.measure_id = specifications.measure_id
            and {{ is_in_force('specifications', 'readiness.period_end') }}
    group by
        readiness.period_end,
        readiness.measure_id
    having not bool_or(readiness.is_ready)
),

final as (
    select * from computed

    union all

    select * from reported_rates

    union all

    select
        *,
        cast(null as bigint) as people,
        cast(null as bigint) as numerator_people,
        cast(null as bigint) as numerator,
        cast(null as decimal(18, 6)) as denominator,
        cast(null as bigint) as exclusions,
        cast(null as decimal(18, 6)) as rate,
        cast(null as decimal(18, 6)) as adjusted_rate,
        cast(null as decimal(18, 6)) as ci_low,
        cast(null as decimal(18, 6)) as ci_high,
        cast(null as decimal(18, 6)) as state_rate
    from unready
)

select * from final
