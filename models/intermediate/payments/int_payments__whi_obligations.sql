-- One row per practice, obligation and due date in the Women's Health Initiative: what
-- was due, what was done, and whether in time on the day until which the run reads
-- (K-13, K-14, L-01, D41 to D43). Strategies are counted from the first month that is
-- paid. A count of the stock is tried twice, against the tier of the practice's
-- patients and against the mix, on the day of the count. A renewal of the attestation
-- counts for the anniversary nearest to it.
with sides as (
    select * from {{ ref('int_payments__whi_sides') }}
),

participation as (
    select * from {{ ref('stg_whi_participation') }}
),

stock as (
    select * from {{ ref('stg_larc_stock') }}
),

counts as (
    select * from {{ ref('int_payments__whi_counts') }}
),

strategies as (
    select * from {{ ref('whi_strategies') }}
),

tiers as (
    select * from {{ ref('larc_stock_tiers') }}
),

mix as (
    select * from {{ ref('larc_stock_mix') }}
),

terms as (
    select * from {{ ref('whi_terms') }}
),

runs as (
    select * from {{ ref('int_calendar__run') }}
),

as_of_dates as (
    select * from {{ ref('int_calendar__as_of_dates') }}
    where is_run_as_of
),

practices as (
    select * from {{ ref('int_program__practices_as_of') }}
),

starts as (
    select
        practice_id,
        min(initiation_date) as initiation_date,
        min(start_month) as start_month
    from sides
    group by practice_id
),

strategies_due as (
    select
        starts.practice_id,
        strategies.strategy,
        strategies.agreements_least,
        case strategies.counted_from
            when 'capacity_payment'
                then
                    cast(
                        {{ dbt.dateadd(
                            'month', 'strategies.months', 'starts.start_month'
                        ) }} as date
                    )
            else {{ last_day_of_months('starts.start_month', 'strategies.months') }}
        end as due_date
    from starts
    inner join strategies
        on {{ is_in_force('strategies', 'starts.start_month') }}
),

of_strategies as (
    select
        strategies_due.practice_id,
        strategies_due.strategy as obligation,
        strategies_due.due_date,
        'K-13' as rule_id,
        min(
            case
                when
                    strategies_due.agreements_least is null
                    or participation.agreements >= strategies_due.agreements_least
                    then participation.event_date
            end
        ) as done_date,
        strategies_due.agreements_least as required,
        max(participation.agreements) as reported
    from strategies_due
    left join participation
        on
            strategies_due.practice_id = participation.practice_id
            and strategies_due.strategy = participation.strategy
            and participation.event = 'strategy_implemented'
    group by
        strategies_due.practice_id,
        strategies_due.strategy,
        strategies_due.due_date,
        strategies_due.agreements_least
),

intervals as (
    select cast(value as integer) as months
    from terms
    where term = 'attestation_interval'
),

-- Until the first that falls due after the day until which the run reads.
year_numbers as (
    select
        starts.practice_id,
        starts.initiation_date,
        intervals.months,
        {{ each_number(
            1,
            dbt.datediff(
                'starts.initiation_date', 'runs.attribution_cutoff_date', 'year'
            ) ~ ' + 1'
        ) }} as year_no
    from starts
    cross join intervals
    cross join runs
),

all_anniversaries as (
    select
        practice_id,
        cast(
            {{ dbt.dateadd('month', 'months * year_no', 'initiation_date') }} as date
        ) as due_date,
        cast(
            {{ dbt.dateadd('month', 'months * (year_no - 1)', 'initiation_date') }}
            as date
        ) as earlier_date
    from year_numbers
),

anniversaries as (
    select all_anniversaries.*
    from all_anniversaries
    cross join runs
    where all_anniversaries.earlier_date <= runs.attribution_cutoff_date
),

ranked_renewals as (
    select
        anniversaries.practice_id,
        anniversaries.due_date,
        participation.event_date,
        row_number() over (
            partition by participation.practice_id, participation.event_date
            order by
                abs({{ dbt.datediff(
                    'anniversaries.due_date', 'participation.event_date', 'day'
                ) }}),
                anniversaries.due_date
        ) as renewal_rank
    from anniversaries
    inner join participation
        on
            anniversaries.practice_id = participation.practice_id
            and participation.event = 'attestation_renewed'
),

renewals as (
    select
        practice_id,
        due_date,
        min(event_date) as done_date
    from ranked_renewals
    where renewal_rank = 1
    group by
        practice_id,
        due_date
),

of_attestations as (
    select
        anniversaries.practice_id,
        'attestation' as obligation,
        anniversaries.due_date,
        'K-14' as rule_id,
        renewals.done_date,
        cast(null as integer) as required,
        cast(null as integer) as reported
    from anniversaries
    left join renewals
        on
            anniversaries.practice_id = renewals.practice_id
            and anniversaries.due_date = renewals.due_date
),

practice_counts as (
    select
        practice_id,
        payment_month,
        sum(women) as women
    from counts
    group by
        practice_id,
        payment_month
),

-- The patients of the month of the count, else of the nearest month that the run
-- computes, of two the earlier.
ranked_stock as (
    select
        stock.practice_id,
        stock.count_date,
        stock.hormonal_iud,
        stock.nonhormonal_iud,
        stock.implant,
        practice_counts.women,
        row_number() over (
            partition by stock.practice_id, stock.count_date
            order by
                abs({{ dbt.datediff(
                    'practice_counts.payment_month', 'stock.count_date', 'month'
                ) }}),
                practice_counts.payment_month
        ) as month_rank
    from stock
    inner join practice_counts
        on stock.practice_id = practice_counts.practice_id
),

counted_stock as (
    select * from ranked_stock
    where month_rank = 1
),

of_totals as (
    select
        counted_stock.practice_id,
        'larc total' as obligation,
        counted_stock.count_date as due_date,
        'L-01' as rule_id,
        counted_stock.count_date as done_date,
        tiers.devices_least as required,
        counted_stock.hormonal_iud
        + counted_stock.nonhormonal_iud
        + counted_stock.implant as reported
    from counted_stock
    inner join tiers
        on
            counted_stock.women >= tiers.patients_from
            and counted_stock.women <= coalesce(tiers.patients_to, counted_stock.women)
            and {{ is_in_force('tiers', 'counted_stock.count_date') }}
),

devices as (
    {% for device in ('hormonal_iud', 'nonhormonal_iud', 'implant') -%}
    select
        practice_id,
        count_date,
        '{{ device }}' as device,
        {{ device }} as in_stock
    from counted_stock
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
),

of_mixes as (
    select
        devices.practice_id,
        'larc mix' as obligation,
        devices.count_date as due_date,
        'L-01' as rule_id,
        devices.count_date as done_date,
        count(*) as required,
        count(*) filter (where devices.in_stock >= mix.devices_least) as reported
    from devices
    inner join mix
        on
            devices.device = mix.device
            and {{ is_in_force('mix', 'devices.count_date') }}
    group by
        devices.practice_id,
        devices.count_date
),

owed as (
    select * from of_strategies
    union all
    select * from of_attestations
    union all
    select * from of_totals
    union all
    select * from of_mixes
),

final as (
    select
        owed.practice_id,
        owed.obligation,
        owed.due_date,
        owed.rule_id,
        practices.hsa,
        owed.done_date,
        runs.attribution_cutoff_date as judged_on_date,
        case
            when owed.rule_id = 'L-01' and owed.reported >= owed.required then 'met'
            when owed.rule_id = 'L-01' then 'short'
            when owed.done_date <= owed.due_date then 'in_time'
            when owed.done_date is not null then 'late'
            when owed.due_date < runs.attribution_cutoff_date then 'missing'
            else 'due'
        end as status,
        case
            when owed.done_date > owed.due_date
                then {{ dbt.datediff('owed.due_date', 'owed.done_date', 'day') }}
            when
                owed.done_date is null
                and owed.due_date < runs.attribution_cutoff_date
                then {{ dbt.datediff(
                    'owed.due_date', 'runs.attribution_cutoff_date', 'day'
                ) }}
        end as days_late,
        cast(owed.required as integer) as required,
        cast(owed.reported as integer) as reported
    from owed
    cross join runs
    cross join as_of_dates
    left join practices
        on
            as_of_dates.as_of_date = practices.as_of_date
            and owed.practice_id = practices.practice_id
)

select * from final
