-- One row per period, population, level (hsa, practice), entity and line of the
-- profiles: the figure as the mart has it that it comes from, with the state's, the
-- interval of 95 %, the figure of the period twelve months before, and whether each may
-- be told (rules section 3). An area is that of the practices (D28).
with lines as (
    select * from {{ ref('profile_lines') }}
),

populations as (
    select * from {{ ref('profile_populations') }}
),

periods as (
    select * from {{ ref('int_quality__periods') }}
),

members as (
    select * from {{ ref('int_profiles__disclosed_members') }}
),

utilization as (
    select * from {{ ref('int_utilization__disclosed_rates') }}
    where payer_type = 'all'
),

quality as (
    select * from {{ ref('int_quality__disclosed_rates') }}
    where payer_type = 'all'
),

scores as (
    select * from {{ ref('int_quality__scores') }}
    where program = 'pcmh'
),

indices as (
    select * from {{ ref('int_utilization__trui') }}
    where age_group = 'all'
),

payment_totals as (
    select * from {{ ref('int_payments__totals') }}
    where
        program = 'pcmh'
        and level in ('hsa', 'practice', 'state')
),

team_totals as (
    select * from {{ ref('int_payments__cht_entities') }}
    where payer = 'all'
),

ledger_cells as (
    select * from {{ ref('int_payments__ledger_cells') }}
),

as_of_dates as (
    select * from {{ ref('int_calendar__as_of_dates') }}
),

practices as (
    select * from {{ ref('int_program__practices_as_of') }}
),

shown as (
    select
        lines.*,
        periods.period_end,
        periods.prior_period_end,
        populations.population as shown_population,
        populations.age_group
    from lines
    inner join periods
        on {{ is_in_force('lines', 'periods.period_end') }}
    inner join populations
        on
            lines.population in (populations.population, 'both')
            and {{ is_in_force('populations', 'periods.period_end') }}

    union all

    -- What is not told by age.
    select
        lines.*,
        periods.period_end,
        periods.prior_period_end,
        'all' as shown_population,
        cast(null as varchar) as age_group
    from lines
    inner join periods
        on {{ is_in_force('lines', 'periods.period_end') }}
    where lines.population = 'all'
),

-- What is paid for teams and in the Women's Health Initiative is told where all that it
-- adds up is, so that it says nothing that is not said already.
told_payments as (
    select
        'pcmh' as program,
        as_of_date,
        level,
        entity_id,
        amount,
        is_amount_told as is_told
    from payment_totals

    union all

    {% for level, key in [('hsa', 'hsa'), ('state', "'Vermont'")] -%}
    select
        'cht' as program,
        as_of_date,
        '{{ level }}' as level,
        {{ key }} as entity_id,
        sum(amount) as amount,
        bool_and(is_told) as is_told
    from team_totals
    group by
        as_of_date,
        {{ key }}

    union all

    {% endfor -%}
    -- A team that no practice brings patients is paid too.
    select
        ledger_cells.program,
        ledger_cells.as_of_date,
        'practice' as level,
        ledger_cells.practice_id as entity_id,
        sum(ledger_cells.amount) as amount,
        bool_and(not ledger_cells.is_small) as is_told
    from ledger_cells
    inner join practices
        on
            ledger_cells.as_of_date = practices.as_of_date
            and ledger_cells.practice_id = practices.practice_id
    where ledger_cells.program <> 'pcmh'
    group by
        ledger_cells.program,
        ledger_cells.as_of_date,
        ledger_cells.practice_id

    {% for level, key in [('hsa', 'hsa'), ('state', "'Vermont'")] -%}
    union all

    select
        'whi' as program,
        as_of_date,
        '{{ level }}' as level,
        {{ key }} as entity_id,
        sum(amount) as amount,
        bool_and(not is_small) as is_told
    from ledger_cells
    where program = 'whi'
    group by
        as_of_date,
        {{ key }}
    {%- if not loop.last %}

    {% endif %}
    {%- endfor %}
),

-- The months of a period are paid on the attribution of the four quarters before them;
-- a run that has not all of them has no sum.
whole_periods as (
    select periods.*
    from periods
    inner join as_of_dates
        on
            as_of_dates.as_of_date
            = {{ dbt.dateadd('day', -1, 'periods.period_start') }}
),

period_payments as (
    select
        whole_periods.period_end,
        told_payments.program,
        told_payments.level,
        told_payments.entity_id,
        sum(told_payments.amount) as amount,
        bool_and(told_payments.is_told) as is_told
    from whole_periods
    inner join told_payments
        on
            whole_periods.period_end > told_payments.as_of_date
            and {{ dbt.dateadd('day', -1, 'whole_periods.period_start') }}
            <= told_payments.as_of_date
    group by
        whole_periods.period_end,
        told_payments.program,
        told_payments.level,
        told_payments.entity_id
),

-- The counts of people stand on the rows of any characteristic. They are told where
-- the table utilization tells them, and so are shares: a share of few decimals is a
-- fraction of few possible numbers.
counted_members as (
    select
        members.period_end,
        members.population,
        members.level,
        members.entity_id,
        cast(max(members.people) as decimal(18, 6)) as people,
        max(members.average_age) as average_age,
        bool_and(utilization.is_told) as is_told
    from members
    inner join populations
        on members.population = populations.population
    inner join utilization
        on
            members.period_end = utilization.period_end
            and members.level = utilization.level
            and members.entity_id = utilization.entity_id
            and populations.age_group = utilization.age_group
    where utilization.category = 'total'
    group by
        members.period_end,
        members.population,
        members.level,
        members.entity_id
),

-- Every source in one form; the state's row is its own.
member_figures as (
    select
        members.period_end,
        members.population,
        members.level,
        members.entity_id,
        members.characteristic as source_key,
        'share' as figure,
        members.share as value,
        members.share_low as ci_low,
        members.share_high as ci_high,
        members.is_told and counted_members.is_told as is_told
    from members
    inner join counted_members
        on
            members.period_end = counted_members.period_end
            and members.population = counted_members.population
            and members.level = counted_members.level
            and members.entity_id = counted_members.entity_id
    {%- for figure in ['people', 'average_age'] %}

    union all

    select
        period_end,
        population,
        level,
        entity_id,
        'member' as source_key,
        '{{ figure }}' as figure,
        {{ figure }} as value,
        cast(null as decimal(18, 6)) as ci_low,
        cast(null as decimal(18, 6)) as ci_high,
        is_told
    from counted_members
    {%- endfor %}
),

{% set use_figures = [
    (
        'allowed_pmpm', 'utilization.adjusted_allowed_pmpm', 'allowed_pmpm_low',
        'allowed_pmpm_high'
    ),
    (
        'services_per_1000', 'utilization.adjusted_services_per_1000',
        'services_per_1000_low', 'services_per_1000_high'
    ),
    ('resource_index', 'null', 'resource_index_low', 'resource_index_high'),
] -%}
figures as (
    select
        'members' as source_mart,
        period_end,
        population,
        level,
        entity_id,
        source_key,
        figure,
        value,
        cast(null as decimal(18, 6)) as adjusted_value,
        ci_low,
        ci_high,
        is_told
    from member_figures

    {% for figure, adjusted, low, high in use_figures -%}
    union all

    select
        'utilization' as source_mart,
        utilization.period_end,
        populations.population,
        utilization.level,
        utilization.entity_id,
        utilization.category as source_key,
        '{{ figure }}' as figure,
        cast(utilization.{{ figure }} as decimal(18, 6)) as value,
        cast({{ adjusted }} as decimal(18, 6)) as adjusted_value,
        cast(utilization.{{ low }} as decimal(18, 6)) as ci_low,
        cast(utilization.{{ high }} as decimal(18, 6)) as ci_high,
        utilization.is_told
    from utilization
    inner join populations
        on utilization.age_group = populations.age_group

    {% endfor -%}
    union all

    select
        'quality' as source_mart,
        quality.period_end,
        populations.population,
        quality.level,
        quality.entity_id,
        quality.measure_id as source_key,
        'rate' as figure,
        quality.rate as value,
        quality.adjusted_rate as adjusted_value,
        quality.ci_low,
        quality.ci_high,
        quality.is_told
    from quality
    cross join populations

    {% for source, key, figure, entity, level, column in [
        ('quality_index', 'points', 'points', 'scores.entity_id', "'hsa'", 'points'),
        ('quality_index', 'pppm', 'pppm', 'scores.entity_id', "'hsa'", 'amount_usd'),
        (
            'trui', 'quartile', 'quartile', 'indices.practice_id', "'practice'",
            'quartile'
        ),
        ('trui', 'pppm', 'pppm', 'indices.practice_id', "'practice'", 'amount_usd'),
    ] -%}
    {% set table = entity.split('.')[0] -%}
    union all

    select
        '{{ source }}' as source_mart,
        {{ table }}.period_end,
        'all' as population,
        {{ level }} as level,
        {{ entity }} as entity_id,
        '{{ key }}' as source_key,
        '{{ figure }}' as figure,
        cast({{ table }}.{{ column }} as decimal(18, 6)) as value,
        cast(null as decimal(18, 6)) as adjusted_value,
        cast(null as decimal(18, 6)) as ci_low,
        cast(null as decimal(18, 6)) as ci_high,
        true as is_told
    from {{ table }}

    {% endfor -%}
    union all

    select
        'payments' as source_mart,
        period_end,
        'all' as population,
        level,
        entity_id,
        program as source_key,
        'amount' as figure,
        cast(amount as decimal(18, 6)) as value,
        cast(null as decimal(18, 6)) as adjusted_value,
        cast(null as decimal(18, 6)) as ci_low,
        cast(null as decimal(18, 6)) as ci_high,
        is_told
    from period_payments
),

placed as (
    select
        shown.period_end,
        shown.shown_population as population,
        figures.level,
        figures.entity_id,
        shown.line_order,
        shown.section,
        shown.measure_id,
        shown.label,
        shown.unit,
        shown.direction,
        figures.value,
        figures.adjusted_value,
        figures.ci_low,
        figures.ci_high,
        figures.is_told,
        states.value as state_value,
        coalesce(states.is_told, false) as is_state_told,
        earlier.value as prior_value,
        coalesce(earlier.is_told, false) as is_prior_told
    from shown
    inner join figures
        on
            shown.period_end = figures.period_end
            and shown.shown_population = figures.population
            and shown.source_mart = figures.source_mart
            and shown.source_key = figures.source_key
            and shown.figure = figures.figure
            and figures.level in ('hsa', 'practice')
    left join figures as states
        on
            figures.period_end = states.period_end
            and figures.population = states.population
            and figures.source_mart = states.source_mart
            and figures.source_key = states.source_key
            and figures.figure = states.figure
            and states.level = 'state'
    left join figures as earlier
        on
            shown.prior_period_end = earlier.period_end
            and figures.population = earlier.population
            and figures.source_mart = earlier.source_mart
            and figures.source_key = earlier.source_key
            and figures.figure = earlier.figure
            and figures.level = earlier.level
            and figures.entity_id = earlier.entity_id
),

-- The best of those that may be told is first; where no side is better, the highest.
ranked as (
    select
        period_end,
        population,
        level,
        entity_id,
        measure_id,
        rank() over (
            partition by period_end, population, level, measure_id
            order by case when direction = 'lower' then value else -value end
        ) as value_rank,
        count(*) over (
            partition by period_end, population, level, measure_id
        ) as ranked_entities
    from placed
    where is_told and value is not null
),

final as (
    select
        placed.*,
        ranked.value_rank,
        ranked.ranked_entities,
        -- Where nobody used anything there is no width to judge by.
        case
            when placed.ci_low = placed.ci_high then null
            when placed.ci_low > placed.state_value then 'higher'
            when placed.ci_high < placed.state_value then 'lower'
            when placed.ci_low is not null and placed.state_value is not null then 'no'
        end as difference_from_state
    from placed
    left join ranked
        on
            placed.period_end = ranked.period_end
            and placed.population = ranked.population
            and placed.level = ranked.level
            and placed.entity_id = ranked.entity_id
            and placed.measure_id = ranked.measure_id
)

select * from final
