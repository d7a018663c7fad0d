-- One row per payer and combination of what a medical claim line says of its service,
-- and kind of provider: the service category and indicator that it counts for, and what
-- its resource units are made of. Lines are many and combinations few, so that rules
-- are matched here and lines joined by equality (rules section 2). Of several rules the
-- first by order decides.
with claim_lines as (
    select * from {{ ref('stg_medical_claim') }}
),

category_rules as (
    select * from {{ ref('service_category_rules') }}
),

indicator_rules as (
    select * from {{ ref('service_indicator_rules') }}
),

provider_kinds as (
    select distinct provider_kind from {{ ref('service_category_rules') }}
    union
    select cast(null as varchar) as provider_kind
),

payers as (
    select distinct
        payer,
        payer_type
    from {{ ref('stg_eligibility') }}
),

place_settings as (
    select * from {{ ref('place_settings') }}
),

weights as (
    select * from {{ ref('procedure_weights') }}
),

crosswalk as (
    select * from {{ ref('weight_crosswalk') }}
    where code_system = 'hcpcs'
),

categories as (
    select * from {{ ref('service_categories') }}
),

no_resource_codes as (
    select * from {{ ref('no_resource_codes') }}
),

combinations as (
    select distinct
        payer,
        claim_type,
        {{ first_digits('bill_type_code', 2) }} as bill_type,
        revenue_code,
        place_of_service_code,
        hcpcs_code,
        hcpcs_modifier
    from claim_lines
    where not is_denied and not is_reversal
),

kinds as (
    select
        combinations.*,
        provider_kinds.provider_kind,
        coalesce(place_settings.is_facility, false) as is_facility_place
    from combinations
    cross join provider_kinds
    left join place_settings
        on
            {{ zero_padded('combinations.place_of_service_code', 2) }}
            = place_settings.pos
),

matched as (
    select
        kinds.*,
        category_rules.category,
        row_number() over (
            partition by
                kinds.payer, kinds.claim_type, kinds.bill_type, kinds.revenue_code,
                kinds.place_of_service_code, kinds.hcpcs_code, kinds.hcpcs_modifier,
                kinds.provider_kind
            order by category_rules.rule_order
        ) as rule_rank
    from kinds
    inner join category_rules
        on
            (
                category_rules.claim_type is null
                or kinds.claim_type = category_rules.claim_type
            )
            and (
                category_rules.bill_type_prefix is null
                or kinds.bill_type = category_rules.bill_type_prefix
            )
            and (
                category_rules.revenue_from is null
                or kinds.revenue_code
                between category_rules.revenue_from and category_rules.revenue_to
            )
            and (
                category_rules.pos is null
                or {{ zero_padded('kinds.place_of_service_code', 2) }}
                = category_rules.pos
            )
            and (
                category_rules.hcpcs_from is null
                or {{ is_code_between(
                    'kinds.hcpcs_code',
                    'category_rules.hcpcs_from', 'category_rules.hcpcs_to'
                ) }}
            )
            and (
                category_rules.provider_kind is null
                or kinds.provider_kind = category_rules.provider_kind
            )
    left join payers
        on
            kinds.payer = payers.payer
            and category_rules.payer_type = payers.payer_type
    where category_rules.payer_type is null or payers.payer is not null
),

placed as (
    select * from matched
    where rule_rank = 1
),

indicated as (
    select
        placed.*,
        indicator_rules.indicator,
        indicator_rules.counted_by,
        row_number() over (
            partition by
                placed.payer, placed.claim_type, placed.bill_type, placed.revenue_code,
                placed.place_of_service_code, placed.hcpcs_code, placed.hcpcs_modifier,
                placed.provider_kind
            order by indicator_rules.rule_order
        ) as indicator_rank
    from placed
    left join indicator_rules
        on
            placed.category
            = coalesce(indicator_rules.category, placed.category)
            and (
                indicator_rules.revenue_from is null
                or placed.revenue_code
                between indicator_rules.revenue_from and indicator_rules.revenue_to
            )
            and (
                indicator_rules.hcpcs_from is null
                or {{ is_code_between(
                    'placed.hcpcs_code',
                    'indicator_rules.hcpcs_from', 'indicator_rules.hcpcs_to'
                ) }}
            )
),

-- A modifier that has a weight of its own takes it; a code of other years takes that of
-- the code it became.
weighed as (
    select
        indicated.*,
        categories.unit_method,
        coalesce(crosswalk.weight_code, indicated.hcpcs_code) as weight_code,
        case
            when indicated.is_facility_place
                then coalesce(of_modifier.facility_rvu, of_code.facility_rvu)
            else coalesce(of_modifier.nonfacility_rvu, of_code.nonfacility_rvu)
        end as rvu,
        no_resource_codes.code_from is not null as is_no_resource
    from indicated
    inner join categories
        on indicated.category = categories.category
    left join crosswalk
        on indicated.hcpcs_code = crosswalk.code
    left join weights as of_modifier
        on
            coalesce(crosswalk.weight_code, indicated.hcpcs_code)
            = of_modifier.hcpcs_code
            and indicated.hcpcs_modifier = of_modifier.modifier
            and indicated.claim_type = 'professional'
    left join weights as of_code
        on
            coalesce(crosswalk.weight_code, indicated.hcpcs_code) = of_code.hcpcs_code
            and of_code.modifier is null
            and indicated.claim_type = 'professional'
    left join no_resource_codes
        on
            {{ is_code_between(
                'indicated.hcpcs_code',
                'no_resource_codes.code_from', 'no_resource_codes.code_to'
            ) }}
    where indicated.indicator_rank = 1
),

final as (
    select
        payer,
        claim_type,
        bill_type,
        revenue_code,
        place_of_service_code,
        hcpcs_code,
        hcpcs_modifier,
        provider_kind,
        category,
        indicator,
        counted_by,
        case
            when is_no_resource then 'none'
            when unit_method is not null then unit_method
            when rvu > 0 then 'rvu'
            else 'price'
        end as unit_method,
        coalesce(weight_code, revenue_code) as line_code,
        rvu
    from weighed
)

select * from final
