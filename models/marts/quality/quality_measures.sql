-- One row per period, measure, type of payer (and all), level and entity: the rate of
-- every measure among people attributed to practices of the program, beside the state's
-- (rules section 3). Cells of few people are suppressed, and what would give them back.
with rates as (
    select * from {{ ref('int_quality__disclosed_rates') }}
),

small_cells as (
    select * from {{ ref('disclosure_rules') }}
    where rule = 'small_cell'
),

states as (
    select
        period_end,
        measure_id,
        payer_type,
        is_told as is_state_told
    from rates
    where level = 'state'
),

final as (
    select
        rates.period_end,
        rates.measure_id,
        rates.payer_type,
        rates.level,
        rates.entity_id,
        rates.status,
        not rates.is_told as is_suppressed,
        case when rates.is_told then cast(rates.numerator as integer) end as numerator,
        case when rates.is_told then cast(rates.denominator as decimal(18, 4)) end
            as denominator,
        case
            when
                rates.is_told
                and (
                    rates.exclusions = 0
                    or rates.exclusions > small_cells.largest_suppressed_count
                )
                then cast(rates.exclusions as integer)
        end as exclusions,
        case when rates.is_told then rates.rate end as rate,
        case when rates.is_told then rates.adjusted_rate end as adjusted_rate,
        case when rates.is_told then rates.ci_low end as ci_low,
        case when rates.is_told then rates.ci_high end as ci_high,
        case when states.is_state_told then rates.state_rate end as state_rate,
        rates.rate_per
    from rates
    cross join small_cells
    inner join states
        on
            rates.period_end = states.period_end
            and rates.measure_id = states.measure_id
            and rates.payer_type = states.payer_type
)

select * from final
