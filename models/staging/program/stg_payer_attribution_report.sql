-- One row per payer, program, practice and payment month, as the payer reported it
-- (A-14).
with audited as (
    select * from {{ ref('base_payer_attribution_report') }}
),

final as (
    select
        payer,
        lower(program) as program,
        practice_id,
        payment_month,
        attributed_patients as reported_patients,
        pppm_paid as pppm_paid_usd,
        report_date,
        list_sent_date,
        agreed_date,
        landed_copies
    from audited
    where fault_rule is null
)

select * from final
