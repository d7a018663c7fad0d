{{ config(alias='total_unique_patients') }}
-- One row per as-of date, program, level and entity: the residents that practices saw,
-- as the warehouse counts them and as practices report them, beside the attributed
-- (D-01, D-02, D14, D15, D49). A person counts once per practice, once per HSA and once
-- in the state; what practices report can only be added up.
with visits as (
    select * from {{ ref('int_attribution__unique_visits') }}
),

practices as (
    select * from {{ ref('int_program__practices_as_of') }}
),

reports as (
    select * from {{ ref('stg_practice_patient_report') }}
),

totals as (
    select * from {{ ref('int_attribution__totals') }}
),

bands as (
    select * from {{ ref('patient_ratio_bands') }}
),

as_of_dates as (
    select * from {{ ref('int_calendar__as_of_dates') }}
),

seen as (
    select
        visits.*,
        practices.hsa
    from visits
    inner join practices
        on
            visits.as_of_date = practices.as_of_date
            and visits.practice_id = practices.practice_id
),

counted as (
    {% for level, key in [
        ('practice', 'practice_id'), ('hsa', 'hsa'), ('state', "'Vermont'")
    ] -%}
    select
        as_of_date,
        program,
        '{{ level }}' as level,
        {{ key }} as entity_id,
        count(distinct person_id) as counted
    from seen
    group by
        as_of_date,
        program,
        {{ key }}
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
),

reported_by_practice as (
    select
        reports.quarter_end as as_of_date,
        reports.program,
        reports.practice_id,
        practices.hsa,
        reports.total_unique_patients
    from reports
    inner join as_of_dates
        on reports.quarter_end = as_of_dates.as_of_date
    left join practices
        on
            reports.quarter_end = practices.as_of_date
            and reports.practice_id = practices.practice_id
),

reported as (
    {% for level, key in [
        ('practice', 'practice_id'), ('hsa', 'hsa'), ('state', "'Vermont'")
    ] -%}
    select
        as_of_date,
        program,
        '{{ level }}' as level,
        {{ key }} as entity_id,
        sum(total_unique_patients) as reported,
        count(*) as reporting_practices
    from reported_by_practice
    group by
        as_of_date,
        program,
        {{ key }}
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
),

entities as (
    {% for relation in ['counted', 'reported', 'totals'] -%}
    select
        as_of_date,
        program,
        level,
        entity_id
    from {{ relation }}
    {%- if not loop.last %}
    union
    {% endif %}
    {%- endfor %}
),

compared as (
    select
        entities.as_of_date,
        entities.program,
        entities.level,
        entities.entity_id,
        coalesce(counted.counted, 0) as counted,
        reported.reported,
        coalesce(reported.reporting_practices, 0) as reporting_practices,
        coalesce(totals.attributed_patients, 0) as attributed,
        cast(
            cast(reported.reported as double) / nullif(totals.attributed_patients, 0)
            as decimal(10, 4)
        ) as ratio_to_attributed,
        bands.expected_ratio,
        bands.lowest_ratio,
        bands.highest_ratio
    from entities
    left join counted
        on
            entities.as_of_date = counted.as_of_date
            and entities.program = counted.program
            and entities.level = counted.level
            and entities.entity_id = counted.entity_id
    left join reported
        on
            entities.as_of_date = reported.as_of_date
            and entities.program = reported.program
            and entities.level = reported.level
            and entities.entity_id = reported.entity_id
    left join totals
        on
            entities.as_of_date = totals.as_of_date
            and entities.program = totals.program
            and entities.level = totals.level
            and entities.entity_id = totals.entity_id
    left join bands
        on
            entities.program = bands.program
            and {{ is_in_force('bands', 'entities.as_of_date') }}
),

final as (
    select
        as_of_date,
        program,
        level,
        entity_id,
        false as is_suppressed,
        ratio_to_attributed between lowest_ratio and highest_ratio as is_ratio_in_band,
        cast(counted as integer) as counted,
        cast(reported as integer) as reported,
        cast(reporting_practices as integer) as reporting_practices,
        cast(attributed as integer) as attributed,
        ratio_to_attributed,
        cast(expected_ratio as decimal(10, 4)) as expected_ratio
    from compared
)

select * from final
