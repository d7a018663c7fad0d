-- One row per payer and period: what the payer chose. A payer that landed any row of
-- its own is ruled by those alone; the others by the reference rows (D7, A-09).
with audited as (
    select * from {{ ref('base_payer_policy') }}
),

defaults as (
    select * from {{ ref('payer_policy_defaults') }}
),

payer_types as (
    select * from {{ ref('payer_types') }}
),

landed as (
    select
        audited.payer,
        coalesce(payer_types.payer_type, lower(audited.payer_type)) as payer_type,
        lower(audited.residence_rule) as residence_rule,
        lower(audited.attribution_frequency) as attribution_frequency,
        lower(audited.payment_frequency) as payment_frequency,
        audited.participates_pcmh as is_pcmh_participant,
        audited.participates_cht as is_cht_participant,
        audited.participates_whi as is_whi_participant,
        audited.joined_whi_date,
        audited.recoups as is_recouping,
        audited.effective_from,
        audited.effective_to,
        true as is_landed,
        audited.landed_copies
    from audited
    left join payer_types
        on lower(audited.payer_type) = payer_types.landed_payer_type
    where audited.fault_rule is null
),

landed_payers as (
    select distinct payer from landed
),

unlanded_defaults as (
    select
        defaults.payer,
        defaults.payer_type,
        defaults.residence_rule,
        defaults.attribution_frequency,
        defaults.payment_frequency,
        defaults.participates_pcmh as is_pcmh_participant,
        defaults.participates_cht as is_cht_participant,
        defaults.participates_whi as is_whi_participant,
        defaults.joined_whi_date,
        defaults.recoups as is_recouping,
        defaults.effective_from,
        defaults.effective_to,
        false as is_landed,
        0 as landed_copies
    from defaults
    anti join landed_payers
        on defaults.payer = landed_payers.payer
),

final as (
    select * from landed
    union all
    select * from unlanded_defaults
)

select * from final
