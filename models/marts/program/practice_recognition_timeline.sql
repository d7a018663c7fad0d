-- One row per practice and day from which its recognition or what is paid for it
-- changes: the span until the next change, by the run's policy (E-07, H-03 to H-08,
-- F-00). It counts no people.
with spans as (
    select * from {{ ref('int_payments__recognition_spans') }}
    where policy_id = '{{ var("recognition_policy") }}'
),

final as (
    select
        practice_id,
        from_date,
        to_date,
        policy_id,
        state,
        standard,
        recognition_level,
        pppm_status,
        pppm_reason,
        rate_month,
        cht_factor,
        cht_reason,
        failure_date
    from spans
)

select * from final
