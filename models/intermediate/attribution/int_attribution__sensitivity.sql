-- One row per reading that differs from the run's own, program, level (hsa, state) and
-- entity: attributed patients on the run's as-of date and the PCMH payments that they
-- bring in the quarter that follows, by the run's reading and by the other (D1, D2, D4,
-- D12; rules section 5.13).
with assignments as (
    select * from {{ ref('int_attribution__assignments') }}
),

parameters as (
    select * from {{ ref('attribution_parameters') }}
),

scenarios as (
    select * from {{ ref('int_attribution__scenarios') }}
    where scenario = 'default'
),

as_of_dates as (
    select * from {{ ref('int_calendar__as_of_dates') }}
    where is_run_as_of
),

coverage as (
    select * from {{ ref('int_attribution__coverage') }}
),

practices as (
    select * from {{ ref('int_program__practices_as_of') }}
),

payment_months as (
    select * from {{ ref('int_calendar__payment_months') }}
),

rates as (
    select * from {{ ref('int_payments__pcmh_rates') }}
),

totals as (
    select * from {{ ref('int_attribution__totals') }}
),

amounts as (
    select * from {{ ref('int_payments__totals') }}
),

-- What one patient brings in the quarter.
patient_amounts as (
    select
        payment_months.as_of_date,
        rates.practice_id,
        rates.payer_type,
        sum(rates.total_pppm) as amount_per_patient
    from payment_months
    inner join rates
        on payment_months.payment_month = rates.payment_month
    group by
        payment_months.as_of_date,
        rates.practice_id,
        rates.payer_type
),

own as (
    select assignments.*
    from assignments
    inner join as_of_dates
        on assignments.as_of_date = as_of_dates.as_of_date
    where assignments.scenario = 'default'
),

-- Whoever moves leaves one practice and arrives at another.
moves as (
    select
        other.scenario,
        other.as_of_date,
        other.program,
        other.payer,
        other.person_id,
        own.practice_id as practice_before,
        other.practice_id as practice_after
    from assignments as other
    inner join own
        on
            other.as_of_date = own.as_of_date
            and other.program = own.program
            and other.payer = own.payer
            and other.person_id = own.person_id
    where
        other.scenario <> 'default'
        and other.practice_id is distinct from own.practice_id
),

changes as (
    select
        scenario,
        as_of_date,
        program,
        payer,
        person_id,
        practice_before as practice_id,
        -1 as change
    from moves
    where practice_before is not null

    union all

    select
        scenario,
        as_of_date,
        program,
        payer,
        person_id,
        practice_after as practice_id,
        1 as change
    from moves
    where practice_after is not null
),

placed as (
    select
        changes.scenario,
        changes.as_of_date,
        changes.program,
        practices.hsa,
        changes.change,
        case
            when changes.program = 'pcmh'
                then changes.change * coalesce(patient_amounts.amount_per_patient, 0)
            else 0
        end as amount_change
    from changes
    inner join practices
        on
            changes.as_of_date = practices.as_of_date
            and changes.practice_id = practices.practice_id
    inner join coverage
        on
            changes.as_of_date = coverage.as_of_date
            and changes.program = coverage.program
            and changes.payer = coverage.payer
            and changes.person_id = coverage.person_id
    left join patient_amounts
        on
            changes.as_of_date = patient_amounts.as_of_date
            and changes.practice_id = patient_amounts.practice_id
            and coverage.payer_type = patient_amounts.payer_type
),

net as (
    {% for level, key in [('hsa', 'hsa'), ('state', "'Vermont'")] -%}
    select
        scenario,
        program,
        '{{ level }}' as level,
        {{ key }} as entity_id,
        sum(change) as change,
        sum(amount_change) as amount_change,
        count(*) as changes
    from placed
    group by
        scenario,
        program,
        {{ key }}
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
),

-- An entity that nobody is attributed to by one reading may have people by the other.
keys as (
    select
        totals.program,
        totals.level,
        totals.entity_id
    from totals
    inner join as_of_dates
        on totals.as_of_date = as_of_dates.as_of_date
    where totals.level in ('hsa', 'state')
    union
    select
        program,
        level,
        entity_id
    from net
),

entities as (
    select
        as_of_dates.as_of_date,
        parameters.parameter,
        keys.program,
        keys.level,
        keys.entity_id,
        coalesce(totals.attributed_patients, 0) as attributed_patients,
        coalesce(amounts.amount, 0) as amount,
        coalesce(totals.is_told, true) as is_told,
        coalesce(amounts.is_amount_told, true) as is_amount_told
    from keys
    cross join as_of_dates
    cross join parameters
    left join totals
        on
            as_of_dates.as_of_date = totals.as_of_date
            and keys.program = totals.program
            and keys.level = totals.level
            and keys.entity_id = totals.entity_id
    left join amounts
        on
            as_of_dates.as_of_date = amounts.as_of_date
            and keys.program = amounts.program
            and keys.level = amounts.level
            and keys.entity_id = amounts.entity_id
),

values_in_force as (
    {% for name in [
        'attribution_rule',
        'attribution_unit',
        'code_policy',
        'competing_practices',
        'medicare_0525',
        'roster_date',
    ] -%}
    select
        '{{ name }}' as parameter,
        {{ name }} as default_value
    from scenarios
    {%- if not loop.last %}
    union all
    {% endif %}
    {%- endfor %}
),

final as (
    select
        entities.as_of_date,
        entities.program,
        entities.parameter,
        entities.level,
        entities.entity_id,
        values_in_force.default_value,
        case
            when values_in_force.default_value = parameters.default_value
                then parameters.alternative_value
            else parameters.default_value
        end as alternative_value,
        entities.is_told,
        entities.is_amount_told,
        entities.attributed_patients as default_patients,
        entities.attributed_patients + coalesce(net.change, 0) as alternative_patients,
        coalesce(net.changes, 0) as changes,
        case when entities.program = 'pcmh' then entities.amount end
            as default_amount_usd,
        case
            when entities.program = 'pcmh'
                then entities.amount + coalesce(net.amount_change, 0)
        end as alternative_amount_usd
    from entities
    inner join parameters
        on entities.parameter = parameters.parameter
    inner join values_in_force
        on entities.parameter = values_in_force.parameter
    left join net
        on
            entities.parameter = net.scenario
            and entities.program = net.program
            and entities.level = net.level
            and entities.entity_id = net.entity_id
)

select * from final
