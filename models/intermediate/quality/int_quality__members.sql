{{ config(materialized='view') }}
-- One row per period, measure, person of the medical homes and event that a measure
-- looked at: int_quality__member_rows with the payer, practice and Health Service Area
-- under which the person counts. A view: rates read few of its columns, and
-- restricted.quality_members keeps them all.
with member_rows as (
    select * from {{ ref('int_quality__member_rows') }}
),

people as (
    select * from {{ ref('int_quality__people') }}
),

final as (
    select
        member_rows.period_end,
        member_rows.measure_id,
        member_rows.person_id,
        member_rows.event_id,
        people.payer,
        people.payer_type,
        people.practice_id,
        people.hsa,
        people.gender,
        people.age_years,
        member_rows.in_denominator,
        member_rows.is_excluded,
        member_rows.exclusion_reason,
        member_rows.in_numerator,
        member_rows.weight,
        member_rows.denominator_record_id,
        member_rows.denominator_date,
        member_rows.denominator_code,
        member_rows.numerator_record_id,
        member_rows.numerator_date,
        member_rows.numerator_code,
        member_rows.numerator_value,
        member_rows.exclusion_record_id,
        member_rows.exclusion_date,
        member_rows.exclusion_code
    from member_rows
    inner join people
        on
            member_rows.period_end = people.period_end
            and member_rows.person_id = people.person_id
)

select * from final
