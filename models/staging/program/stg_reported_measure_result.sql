-- One row per measure, level, entity, type of payer and period: the result that others
-- reported, for the measures that no claim answers (Appendix 1). An HSA stands under
-- its own name, by whichever it landed (D54); a name that means none leaves no entity.
with audited as (
    select * from {{ ref('base_reported_measure_result') }}
),

hsa_aliases as (
    select * from {{ ref('hsa_aliases') }}
),

final as (
    select
        lower(audited.measure_id) as measure_id,
        lower(audited.level) as level,
        case lower(audited.level)
            when 'hsa' then hsa_aliases.hsa
            when 'state' then 'Vermont'
            else audited.entity_id
        end as entity_id,
        audited.entity_id as landed_entity_id,
        lower(audited.payer_type) as payer_type,
        audited.period_start,
        audited.period_end,
        audited.source as reported_source,
        audited.reported_date,
        audited.numerator,
        audited.denominator,
        audited.rate as rate_percent,
        audited.ci_low as ci_low_percent,
        audited.ci_high as ci_high_percent,
        audited.landed_copies
    from audited
    left join hsa_aliases
        on upper(audited.entity_id) = hsa_aliases.alias
    where audited.fault_rule is null
)

select * from final
