-- One row per period and person measured: the months with coverage in it, and what the
-- expected use of resources goes by: age and sex, type of payer, maternity, disability
-- and the burden of diagnoses of the year before. A month counts if any day of it was
-- covered, whoever paid; a pharmacy month, if the payer sends pharmacy claims (rules
-- sections 2 and 5). Infants are of no age band, in no profile, and left out.
{% set months_of_year = 12 -%}
with people as (
    select * from {{ ref('int_quality__people') }}
),

coverage_spans as (
    select * from {{ ref('int_quality__coverage_spans') }}
),

eligibility as (
    select * from {{ ref('stg_eligibility') }}
),

conditions as (
    select * from {{ ref('int_quality__conditions') }}
    where condition = 'maternity'
),

burden as (
    select * from {{ ref('int_utilization__burden') }}
),

volumes as (
    select * from {{ ref('int_landing__volumes') }}
    where landed_table = 'pharmacy_claim' and landed_rows > 0
),

age_bands as (
    select * from {{ ref('case_mix_age_bands') }}
),

payer_groups as (
    select * from {{ ref('case_mix_payer_groups') }}
),

entitlement_codes as (
    select * from {{ ref('entitlement_codes') }}
    where is_disability
),

dual_status_codes as (
    select * from {{ ref('dual_status_codes') }}
    where is_dual
),

parameters as (
    select * from {{ ref('int_utilization__parameters') }}
),

-- Spans of one person do not touch, and may yet share a month.
months as (
    {% for month in range(months_of_year) -%}
    select
        period_end,
        cast({{ dbt.dateadd('month', month, 'period_start') }} as date)
            as month_start,
        cast(
            {{ dbt.dateadd(
                'day', -1, dbt.dateadd('month', month + 1, 'period_start')
            ) }} as date
        ) as month_end
    from {{ ref('int_quality__periods') }}
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
),

covered_months as (
    select
        people.period_end,
        people.person_id,
        count(distinct months.month_start) as member_months
    from people
    inner join coverage_spans
        on people.person_id = coverage_spans.person_id
    inner join months
        on
            people.period_end = months.period_end
            and coverage_spans.span_start_date <= months.month_end
            and coverage_spans.span_end_date >= months.month_start
    group by
        people.period_end,
        people.person_id
),

pharmacy_payers as (
    select distinct
        people.period_end,
        people.payer
    from people
    inner join volumes
        on
            people.payer = volumes.payer
            and people.period_start <= volumes.volume_month
            and people.period_end >= volumes.volume_month
),

programs as (
    select
        people.period_end,
        people.person_id,
        bool_or(eligibility.payer_type like 'medicare%') as has_medicare,
        bool_or(eligibility.payer_type = 'medicaid') as has_medicaid,
        bool_or(dual_status_codes.code is not null) as has_dual_status,
        bool_or(entitlement_codes.code is not null) as is_entitled_by_disability
    from people
    inner join eligibility
        on
            people.person_id = eligibility.person_id
            and people.period_end >= eligibility.enrollment_start_date
            and people.period_start
            <= coalesce(eligibility.enrollment_end_date, people.period_start)
    left join dual_status_codes
        on
            eligibility.dual_status_code = dual_status_codes.code
            and {{ is_in_force('dual_status_codes', 'people.period_end') }}
    left join entitlement_codes
        on
            eligibility.original_reason_entitlement_code = entitlement_codes.code
            and {{ is_in_force('entitlement_codes', 'people.period_end') }}
    group by
        people.period_end,
        people.person_id
),

described as (
    select
        people.period_end,
        people.person_id,
        people.payer,
        people.payer_type,
        people.practice_id,
        people.hsa,
        people.age_years,
        coalesce(people.gender, 'unknown') as sex,
        coalesce(
            (programs.has_medicare and programs.has_medicaid)
            or programs.has_dual_status,
            false
        ) as is_dual,
        coalesce(
            programs.is_entitled_by_disability
            or (
                programs.has_medicare
                and people.age_years < parameters.disability_age_below
            ),
            false
        ) as is_disabled,
        conditions.person_id is not null as is_maternity,
        coalesce(covered_months.member_months, 0) as member_months,
        case
            when pharmacy_payers.payer is not null
                then coalesce(covered_months.member_months, 0)
            else 0
        end as pharmacy_months,
        parameters.member_months_least
    from people
    inner join parameters
        on people.period_end = parameters.period_end
    left join covered_months
        on
            people.period_end = covered_months.period_end
            and people.person_id = covered_months.person_id
    left join pharmacy_payers
        on
            people.period_end = pharmacy_payers.period_end
            and people.payer = pharmacy_payers.payer
    left join programs
        on
            people.period_end = programs.period_end
            and people.person_id = programs.person_id
    left join conditions
        on
            people.period_end = conditions.period_end
            and people.person_id = conditions.person_id
),

-- Payers, ages and duality are few combinations.
combinations as (
    select distinct
        period_end,
        payer_type,
        age_years,
        is_dual
    from described
),

grouped as (
    select
        combinations.*,
        age_bands.age_group,
        age_bands.age_band,
        age_bands.broad_band,
        payer_groups.payer_group,
        row_number() over (
            partition by
                combinations.period_end, combinations.payer_type,
                combinations.age_years, combinations.is_dual
            order by payer_groups.rule_order
        ) as group_rank
    from combinations
    inner join age_bands
        on
            combinations.age_years >= age_bands.age_from
            and combinations.age_years
            <= coalesce(age_bands.age_to, combinations.age_years)
            and {{ is_in_force('age_bands', 'combinations.period_end') }}
    inner join payer_groups
        on
            combinations.payer_type
            = coalesce(payer_groups.payer_type, combinations.payer_type)
            and combinations.age_years >= coalesce(payer_groups.age_from, 0)
            and combinations.age_years
            <= coalesce(payer_groups.age_to, combinations.age_years)
            and combinations.is_dual
            = coalesce(payer_groups.is_dual, combinations.is_dual)
            and {{ is_in_force('payer_groups', 'combinations.period_end') }}
),

final as (
    select
        described.period_end,
        described.person_id,
        described.payer,
        described.payer_type,
        described.practice_id,
        described.hsa,
        grouped.age_group,
        grouped.age_band,
        grouped.broad_band,
        described.sex,
        grouped.payer_group,
        described.is_maternity,
        described.is_disabled,
        burden.burden_level,
        burden.burden_score,
        described.member_months,
        described.pharmacy_months,
        described.member_months >= described.member_months_least as is_scored
    from described
    inner join grouped
        on
            described.period_end = grouped.period_end
            and described.payer_type = grouped.payer_type
            and described.age_years = grouped.age_years
            and described.is_dual = grouped.is_dual
            and grouped.group_rank = 1
    inner join burden
        on
            described.period_end = burden.period_end
            and described.person_id = burden.person_id
)

select
    *,
    {{ case_mix_cell(1) }} as stratum_id
from final
