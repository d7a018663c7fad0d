-- One row per period, measure that scores the Women's Health Initiative, practice in
-- it, woman on whom it is scored and event: int_quality__member_rows with the payer by
-- whom she is the practice's (K-01, D36). Who is of two practices counts in each.
with member_rows as (
    select * from {{ ref('int_quality__member_rows') }}
),

whi_women as (
    select * from {{ ref('int_quality__whi_women') }}
),

policies as (
    select * from {{ ref('quality_policies') }}
),

whi_measures as (
    select distinct measure_id from policies
    where program = 'whi'
),

final as (
    select
        member_rows.period_end,
        member_rows.measure_id,
        whi_women.practice_id,
        member_rows.person_id,
        member_rows.event_id,
        whi_women.payer,
        whi_women.payer_type,
        whi_women.age_years,
        whi_women.is_whi_attributed,
        whi_women.is_pcmh_attributed,
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
    inner join whi_measures
        on member_rows.measure_id = whi_measures.measure_id
    inner join whi_women
        on
            member_rows.period_end = whi_women.period_end
            and member_rows.person_id = whi_women.person_id
)

select * from final
