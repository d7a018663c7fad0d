-- The last rule of a kind of claim asks nothing more of a line, and no rule stands
-- behind one that catches all: it would never be read.
with rules as (
    select * from {{ ref('service_category_rules') }}
),

claim_types as (
    select distinct claim_type from {{ ref('stg_medical_claim') }}
),

catching_all as (
    select
        claim_types.claim_type,
        min(rules.rule_order) as rule_order
    from claim_types
    left join rules
        on
            coalesce(rules.claim_type, claim_types.claim_type) = claim_types.claim_type
            and rules.bill_type_prefix is null
            and rules.revenue_from is null
            and rules.pos is null
            and rules.hcpcs_from is null
            and rules.provider_kind is null
            and rules.payer_type is null
    group by claim_types.claim_type
)

select
    catching_all.claim_type,
    catching_all.rule_order as catches_all,
    rules.rule_order as never_read
from catching_all
left join rules
    on
        catching_all.claim_type = rules.claim_type
        and catching_all.rule_order < rules.rule_order
where catching_all.rule_order is null or rules.rule_order is not null
