-- One row per payment month, administrative entity, Health Service Area and payer, or
-- all payers together: patients, each payer's share of them, the payment and the staff
-- that it supports (F-02, F-03, F-09, G-05), and what may be told of them beside the
-- suppressed cells of cht_payments. Adjustments count with their month, whenever they
-- are paid. A payer's row is judged by its practices, the one of all payers by the
-- practices of the payers whose own row is withheld, which must all be paid at one
-- rate; and it may add nothing to the practices' and areas' totals over payers, from
-- which those that are withheld could be had. A share tells the total that it is of.
with payments as (
    select * from {{ ref('int_payments__ledger_cells') }}
    where program = 'cht'
),

counts as (
    select * from {{ ref('int_attribution__counts') }}
    where program = 'pcmh' and attributed_patients > 0
),

totals as (
    select * from {{ ref('int_attribution__totals') }}
    where program = 'pcmh'
),

teams as (
    select * from {{ ref('int_payments__cht_teams') }}
),

rates as (
    select * from {{ ref('payment_rates') }}
    where program = 'cht' and component = 'full_time_equivalent'
),

parameters as (
    select * from {{ ref('cht_parameters') }}
    where parameter_id = 'vacancy_days'
),

small_cells as (
    select * from {{ ref('disclosure_rules') }}
    where rule = 'small_cell'
),

cells as (
    select
        payments.*,
        small_cells.largest_suppressed_count as largest,
        {{ withheld_rate('payments') }} as withheld_rate,
        -- What is withheld for its amount alone has a count that is told elsewhere.
        payments.is_small
        and abs(payments.attributed_patients)
        <= small_cells.largest_suppressed_count as is_few
    from payments
    cross join small_cells
),

practice_totals as (
    select
        payment_month,
        administrative_entity_id,
        hsa,
        payer,
        practice_id,
        max(largest) as largest,
        max(as_of_date) as as_of_date,
        max(paid_period) filter (where basis <> 'adjustment') as paid_period,
        max(paid_period) as last_paid_period,
        sum(attributed_patients) as attributed_patients,
        sum(amount) as amount,
        count(*) filter (where is_policy_gap) as policy_gaps,
        count(*) filter (where is_small) as cells,
        coalesce(sum(attributed_patients) filter (where is_small), 0) as people,
        count(*) filter (where is_few) as few_cells,
        coalesce(sum(attributed_patients) filter (where is_few), 0) as few_people,
        count(*) filter (where is_small and amount <> 0) as paid_cells,
        coalesce(
            sum(attributed_patients) filter (where is_small and amount <> 0), 0
        ) as paid_people,
        min(withheld_rate) as lowest_rate,
        max(withheld_rate) as highest_rate
    from cells
    group by
        payment_month,
        administrative_entity_id,
        hsa,
        payer,
        practice_id
),

payer_totals as (
    select
        payment_month,
        administrative_entity_id,
        hsa,
        payer,
        max(as_of_date) as as_of_date,
        coalesce(max(paid_period), max(last_paid_period)) as paid_period,
        max(largest) as largest,
        count(*) filter (where attributed_patients > 0) as practices,
        sum(attributed_patients) as attributed_patients,
        cast(sum(amount) as decimal(18, 2)) as amount,
        sum(policy_gaps) > 0 as has_policy_gap,
        sum(cells) as cells,
        sum(people) as people,
        sum(few_cells) as few_cells,
        sum(few_people) as few_people,
        sum(paid_cells) as paid_cells,
        sum(paid_people) as paid_people,
        min(lowest_rate) as lowest_rate,
        max(highest_rate) as highest_rate
    from practice_totals
    group by
        payment_month,
        administrative_entity_id,
        hsa,
        payer
),

-- Practices whose total over payers is withheld, in an area and with a team.
hidden_practices as (
    select distinct
        counts.as_of_date,
        counts.hsa,
        counts.practice_id
    from counts
    inner join totals
        on
            counts.as_of_date = totals.as_of_date
            and counts.practice_id = totals.entity_id
            and totals.level = 'practice'
    where not totals.is_told
),

hidden_in_areas as (
    select
        hidden_practices.as_of_date,
        hidden_practices.hsa,
        count(*) as practices,
        bool_and(totals.is_told) as is_area_told
    from hidden_practices
    inner join totals
        on
            hidden_practices.as_of_date = totals.as_of_date
            and hidden_practices.hsa = totals.entity_id
            and totals.level = 'hsa'
    group by
        hidden_practices.as_of_date,
        hidden_practices.hsa
),

hidden_in_teams as (
    select
        practice_totals.payment_month,
        practice_totals.administrative_entity_id,
        practice_totals.hsa,
        hidden_practices.as_of_date,
        count(distinct practice_totals.practice_id) as practices
    from practice_totals
    inner join hidden_practices
        on
            practice_totals.as_of_date = hidden_practices.as_of_date
            and practice_totals.hsa = hidden_practices.hsa
            and practice_totals.practice_id = hidden_practices.practice_id
    group by
        practice_totals.payment_month,
        practice_totals.administrative_entity_id,
        practice_totals.hsa,
        hidden_practices.as_of_date
),

closed_teams as (
    select distinct
        in_teams.payment_month,
        in_teams.administrative_entity_id,
        in_teams.hsa
    from hidden_in_teams as in_teams
    inner join hidden_in_areas as in_areas
        on
            in_teams.as_of_date = in_areas.as_of_date
            and in_teams.hsa = in_areas.hsa
    where in_teams.practices < in_areas.practices or not in_areas.is_area_told
),

judged_payers as (
    select
        *,
        attributed_patients not between 1 and largest
        and {{ is_total_open('cells', 'abs(people)', 'largest') }}
        and {{ is_total_open('few_cells', 'abs(few_people)', 'largest') }}
        and {{ is_total_open('paid_cells', 'abs(paid_people)', 'largest') }}
        and {{ is_of_one_rate('lowest_rate', 'highest_rate') }} as is_open
    from payer_totals
),

-- Where every practice's total is told, so is the team's, which less the payers that
-- are told is the one that is not. Others with withheld cells hide it, the smallest
-- first; a row without any is the sum of its cells.
ranked_payers as (
    select
        judged_payers.*,
        hidden_in_teams.payment_month is null as is_total_known,
        sum(case when judged_payers.is_open then 0 else judged_payers.few_cells end)
            over teams as closed_cells,
        sum(case when judged_payers.is_open then 0 else judged_payers.few_people end)
            over teams as closed_people,
        coalesce(sum(judged_payers.few_cells) over earlier_payers, 0) as earlier_cells,
        coalesce(sum(judged_payers.few_people) over earlier_payers, 0) as earlier_people
    from judged_payers
    left join hidden_in_teams
        on
            judged_payers.payment_month = hidden_in_teams.payment_month
            and judged_payers.administrative_entity_id
            = hidden_in_teams.administrative_entity_id
            and judged_payers.hsa = hidden_in_teams.hsa
    window
        teams as (
            partition by
                judged_payers.payment_month,
                judged_payers.administrative_entity_id,
                judged_payers.hsa
        ),
        earlier_payers as (
            partition by
                judged_payers.payment_month,
                judged_payers.administrative_entity_id,
                judged_payers.hsa,
                judged_payers.is_open and judged_payers.few_cells > 0
            order by judged_payers.few_people, judged_payers.payer
            rows between unbounded preceding and 1 preceding
        )
),

payer_rows as (
    select
        * exclude (is_open),
        is_open
        and not (
            is_total_known
            and few_cells > 0
            and closed_cells > 0
            and not {{ is_total_open(
                '(closed_cells + earlier_cells)',
                'abs(closed_people + earlier_people)',
                'largest'
            ) }}
        ) as is_told
    from ranked_payers
),

practices as (
    select
        payment_month,
        administrative_entity_id,
        hsa,
        count(distinct practice_id) as practices
    from practice_totals
    where attributed_patients > 0
    group by
        payment_month,
        administrative_entity_id,
        hsa
),

all_totals as (
    select
        payment_month,
        administrative_entity_id,
        hsa,
        max(as_of_date) as as_of_date,
        max(largest) as largest,
        sum(attributed_patients) as attributed_patients,
        cast(sum(amount) as decimal(18, 2)) as amount,
        count(*) filter (where has_policy_gap) > 0 as has_policy_gap,
        coalesce(sum(cells) filter (where not is_told), 0) as cells,
        coalesce(sum(people) filter (where not is_told), 0) as people,
        coalesce(sum(few_cells) filter (where not is_told), 0) as few_cells,
        coalesce(sum(few_people) filter (where not is_told), 0) as few_people,
        coalesce(sum(paid_cells) filter (where not is_told), 0) as paid_cells,
        coalesce(sum(paid_people) filter (where not is_told), 0) as paid_people,
        min(lowest_rate) filter (where not is_told) as lowest_rate,
        max(highest_rate) filter (where not is_told) as highest_rate
    from payer_rows
    group by
        payment_month,
        administrative_entity_id,
        hsa
),

all_rows as (
    select
        all_totals.*,
        closed_teams.payment_month is null
        and all_totals.attributed_patients not between 1 and all_totals.largest
        and {{ is_total_open('cells', 'abs(people)', 'largest') }}
        and {{ is_total_open('few_cells', 'abs(few_people)', 'largest') }}
        and {{ is_total_open('paid_cells', 'abs(paid_people)', 'largest') }}
        and {{ is_of_one_rate('lowest_rate', 'highest_rate') }} as is_told
    from all_totals
    left join closed_teams
        on
            all_totals.payment_month = closed_teams.payment_month
            and all_totals.administrative_entity_id
            = closed_teams.administrative_entity_id
            and all_totals.hsa = closed_teams.hsa
),

rows_of_both as (
    select
        payer_rows.payment_month,
        payer_rows.administrative_entity_id,
        payer_rows.hsa,
        payer_rows.payer,
        payer_rows.as_of_date,
        payer_rows.paid_period,
        payer_rows.practices,
        payer_rows.attributed_patients,
        all_rows.attributed_patients as all_patients,
        payer_rows.amount,
        payer_rows.has_policy_gap,
        payer_rows.is_told,
        payer_rows.is_told and all_rows.is_told as is_share_told
    from payer_rows
    inner join all_rows
        on
            payer_rows.payment_month = all_rows.payment_month
            and payer_rows.administrative_entity_id = all_rows.administrative_entity_id
            and payer_rows.hsa = all_rows.hsa

    union all

    select
        all_rows.payment_month,
        all_rows.administrative_entity_id,
        all_rows.hsa,
        'all' as payer,
        all_rows.as_of_date,
        cast(null as varchar) as paid_period,
        coalesce(practices.practices, 0) as practices,
        all_rows.attributed_patients,
        all_rows.attributed_patients as all_patients,
        all_rows.amount,
        all_rows.has_policy_gap,
        all_rows.is_told,
        all_rows.is_told as is_share_told
    from all_rows
    left join practices
        on
            all_rows.payment_month = practices.payment_month
            and all_rows.administrative_entity_id = practices.administrative_entity_id
            and all_rows.hsa = practices.hsa
),

-- A year of the month's payment over a year of a full-time equivalent.
staffed as (
    select
        rows_of_both.payment_month,
        rows_of_both.administrative_entity_id,
        rows_of_both.hsa,
        rows_of_both.payer,
        rows_of_both.as_of_date,
        rows_of_both.paid_period,
        rows_of_both.practices,
        rows_of_both.attributed_patients,
        cast(
            cast(rows_of_both.attributed_patients as double)
            / nullif(rows_of_both.all_patients, 0) as double
        ) as payer_share,
        rows_of_both.amount,
        cast(
            round(cast(rows_of_both.amount * 12 / rates.amount as decimal(28, 10)), 4)
            as decimal(12, 4)
        ) as fte_supported,
        case when rows_of_both.payer = 'all' then teams.fte_filled end as fte_filled,
        rows_of_both.has_policy_gap,
        rows_of_both.is_told,
        rows_of_both.is_share_told
    from rows_of_both
    inner join rates
        on {{ is_in_force('rates', 'rows_of_both.payment_month') }}
    left join teams
        on
            rows_of_both.administrative_entity_id = teams.administrative_entity_id
            and rows_of_both.hsa = teams.hsa
),

-- Months of one vacancy have as many months without one before them.
numbered as (
    select
        *,
        coalesce(fte_supported > fte_filled, false) as is_vacant,
        count(*) filter (where coalesce(fte_supported <= fte_filled, true)) over (
            partition by administrative_entity_id, hsa, payer
            order by payment_month
        ) as months_without_vacancy
    from staffed
),

vacancies as (
    select
        *,
        min(case when is_vacant then payment_month end) over (
            partition by administrative_entity_id, hsa, payer, months_without_vacancy
        ) as vacant_since
    from numbered
),

final as (
    select
        vacancies.payment_month,
        vacancies.administrative_entity_id,
        vacancies.hsa,
        vacancies.payer,
        vacancies.as_of_date,
        vacancies.paid_period,
        vacancies.practices,
        vacancies.attributed_patients,
        vacancies.payer_share,
        vacancies.amount,
        vacancies.fte_supported,
        vacancies.fte_filled,
        case
            when vacancies.is_vacant
                then
                    cast(
                        {{ dbt.dateadd(
                            'day',
                            'cast(parameters.value as integer)',
                            'vacancies.vacant_since'
                        ) }} as date
                    )
        end as fill_due_date,
        vacancies.has_policy_gap,
        vacancies.is_told,
        vacancies.is_share_told
    from vacancies
    inner join parameters
        on {{ is_in_force('parameters', 'vacancies.payment_month') }}
)

select * from final
