-- Rows of a part count together: they are to agree on how many days, how far apart, and
-- whether the part is to be absent; and a rule of absent parts alone is never met.
-- Those of one value set differ by the kind of visit alone.
with rules as (
    select * from {{ ref('condition_rules') }}
),

disagreeing as (
    select
        condition,
        rule_number,
        part
    from rules
    group by
        condition,
        rule_number,
        part
    having
        count(distinct least_days) > 1
        or count(distinct coalesce(least_span_days, 0)) > 1
        or count(distinct is_absent) > 1
),

-- One part may still look for two value sets in different months.
differing as (
    select
        condition,
        rule_number,
        part
    from rules
    group by
        condition,
        rule_number,
        part,
        value_set,
        effective_from
    having
        count(distinct coalesce(provider_group, '')) > 1
        or count(distinct is_principal_only) > 1
        or count(distinct is_dated_by_end) > 1
        or count(distinct coalesce(cast(result_from as varchar), '')) > 1
        or count(distinct coalesce(cast(result_below as varchar), '')) > 1
        or count(distinct coalesce(look_back_months, 0)) > 1
        or count(distinct coalesce(months_before, 0)) > 1
),

never_met as (
    select
        condition,
        rule_number,
        cast(null as integer) as part
    from rules
    group by
        condition,
        rule_number
    having bool_and(is_absent)
)

select * from disagreeing
union all
select * from differing
union all
select * from never_met
