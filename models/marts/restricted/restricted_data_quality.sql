{{ config(alias='data_quality') }}
-- One row per as-of date of the run, landed table and rule, unsuppressed. The rule
-- `row_accounts` says where every landed row went; the others count faults or warnings.
with run as (
    select * from {{ ref('int_calendar__run') }}
),

accounts as (
    select * from {{ ref('int_data_quality__row_accounts') }}
),

faults as (
    select
        landed_table,
        rule,
        sum(faults) as faults
    from {{ ref('int_data_quality__fault_counts') }}
    group by
        landed_table,
        rule
),

warnings as (
    select * from {{ ref('int_data_quality__warnings') }}
),

figures as (
    select
        landed_table,
        'row_accounts' as rule,
        landed_rows as landed,
        staged_rows as staged,
        superseded_rows as superseded,
        quarantined_rows as quarantined,
        cast(0 as bigint) as warnings,
        case
            when own_fault_rows > fault_limit_rows then 'stop'
            when quarantined_rows > 0 then 'warn'
            else 'pass'
        end as gate_result,
        false as is_count_of_people
    from accounts

    union all

    select
        landed_table,
        rule,
        null as landed,
        null as staged,
        null as superseded,
        faults as quarantined,
        0 as warnings,
        'warn' as gate_result,
        false as is_count_of_people
    from faults

    union all

    select
        landed_table,
        rule,
        null as landed,
        null as staged,
        null as superseded,
        0 as quarantined,
        warnings,
        'warn' as gate_result,
        is_count_of_people
    from warnings
),

final as (
    select
        run.as_of_date,
        figures.landed_table as "table",
        figures.rule,
        figures.gate_result,
        figures.is_count_of_people,
        false as is_suppressed,
        cast(figures.landed as bigint) as landed,
        cast(figures.staged as bigint) as staged,
        cast(figures.superseded as bigint) as superseded,
        cast(figures.quarantined as bigint) as quarantined,
        cast(figures.warnings as bigint) as warnings
    from figures
    cross join run
)

select * from final
