-- One row per payment month, payer and practice with women's health providers in the
-- Women's Health Initiative: the supplemental Community Health Team payment, to the
-- administrative entity of the practice (K-03 to K-05, K-09, K-10, D38 to D40).
-- Patients times rate, unless the practice is guaranteed more: an amount set for it, or
-- the floor in proportion to its full-time equivalents. What is guaranteed the payers
-- share by their patients of the quarter before, in the first quarter by those of this
-- one.
with counts as (
    select * from {{ ref('int_payments__whi_counts') }}
    where is_whole
),

months as (
    select * from {{ ref('int_payments__whi_months') }}
    where program = 'whi'
),

overrides as (
    select * from {{ ref('stg_payment_override') }}
    where component = 'whi_cht'
),

rates as (
    select * from {{ ref('payment_rates') }}
    where program = 'whi'
),

terms as (
    select * from {{ ref('whi_terms') }}
),

rosters as (
    select * from {{ ref('int_program__rosters_as_of') }}
),

roster_rows as (
    select * from {{ ref('stg_practice_provider') }}
),

practices as (
    select * from {{ ref('int_program__practices_as_of') }}
),

algorithms as (
    select * from {{ ref('attribution_algorithms') }}
    where program = 'whi' and is_attribution
),

credentials as (
    select * from {{ ref('attribution_credentials') }}
),

limits as (
    select
        max(value) filter (where term = 'cht_floor_below') as floor_below,
        max(value) filter (where term = 'cht_floor_fte') as floor_fte,
        max(value) filter (where term = 'fte_not_stated') as fte_not_stated
    from terms
),

-- Providers whom the Initiative counts (C-02, D74).
full_time_equivalents as (
    select
        rosters.as_of_date,
        rosters.practice_id,
        sum(coalesce(roster_rows.fte, limits.fte_not_stated)) as fte
    from rosters
    inner join practices
        on
            rosters.as_of_date = practices.as_of_date
            and rosters.practice_id = practices.practice_id
    inner join roster_rows
        on
            rosters.program = roster_rows.program
            and rosters.practice_id = roster_rows.practice_id
            and rosters.npi = roster_rows.npi
            and rosters.start_date = roster_rows.start_date
    inner join credentials
        on rosters.credential = credentials.credential
    inner join algorithms
        on credentials.algorithm_id = algorithms.algorithm_id
    cross join limits
    where
        rosters.program = 'whi'
        and (
            practices.practice_type <> 'mixed'
            or rosters.is_board_certified_obgyn
        )
    group by
        rosters.as_of_date,
        rosters.practice_id
),

medical_homes as (
    select distinct
        as_of_date,
        practice_id
    from rosters
    where program = 'pcmh'
),

-- Of overrides that overlap the latest start stands.
ranked_overrides as (
    select
        months.payment_month,
        months.practice_id,
        overrides.amount_usd,
        row_number() over (
            partition by months.payment_month, months.practice_id
            order by overrides.month_from desc
        ) as override_rank
    from months
    inner join overrides
        on
            months.practice_id = overrides.practice_id
            and months.payment_month >= overrides.month_from
            and months.payment_month
            <= coalesce(overrides.month_to, months.payment_month)
),

month_rates as (
    select
        months.payment_month,
        months.practice_id,
        max(rates.amount) filter (where rates.component = 'cht') as rate,
        max(rates.amount) filter (where rates.component = 'cht_floor') as floor_amount
    from months
    inner join rates
        on {{ is_in_force('rates', 'months.payment_month') }}
    group by
        months.payment_month,
        months.practice_id
),

totals as (
    select
        payment_month,
        practice_id,
        sum(whi_women) as women,
        sum(prior_whi_women) as prior_women,
        max(case when is_small or is_prior_small then 1 else 0 end) = 1 as is_any_small
    from counts
    group by
        payment_month,
        practice_id
),

practice_months as (
    select
        months.payment_month,
        months.practice_id,
        months.status,
        months.cht_factor as factor,
        month_rates.rate,
        practices.administrative_entity_id,
        totals.women,
        totals.is_any_small,
        ranked_overrides.amount_usd as override_amount,
        totals.prior_women > 0
        and {{ dbt.date_trunc('quarter', 'months.start_month') }}
        < {{ dbt.date_trunc('quarter', 'months.payment_month') }}
            as is_shared_by_prior_quarter,
        case
            when ranked_overrides.amount_usd is not null
                then ranked_overrides.amount_usd
            when medical_homes.practice_id is not null
                then 0
            when totals.women < limits.floor_below
                then
                    month_rates.floor_amount * least(
                        cast(
                            coalesce(full_time_equivalents.fte, 0)
                            / limits.floor_fte as decimal(10, 4)
                        ), 1
                    )
            else 0
        end as guaranteed_amount
    from months
    inner join month_rates
        on
            months.payment_month = month_rates.payment_month
            and months.practice_id = month_rates.practice_id
    inner join totals
        on
            months.payment_month = totals.payment_month
            and months.practice_id = totals.practice_id
    inner join practices
        on
            months.as_of_date = practices.as_of_date
            and months.practice_id = practices.practice_id
    cross join limits
    left join full_time_equivalents
        on
            months.as_of_date = full_time_equivalents.as_of_date
            and months.practice_id = full_time_equivalents.practice_id
    left join medical_homes
        on
            months.as_of_date = medical_homes.as_of_date
            and months.practice_id = medical_homes.practice_id
    left join ranked_overrides
        on
            months.payment_month = ranked_overrides.payment_month
            and months.practice_id = ranked_overrides.practice_id
            and ranked_overrides.override_rank = 1
),

based as (
    select
        counts.payment_month,
        counts.payer,
        counts.practice_id,
        counts.as_of_date,
        counts.paid_period,
        counts.payment_due_date,
        counts.whi_women as attributed_patients,
        practice_months.administrative_entity_id,
        practice_months.status,
        practice_months.rate,
        practice_months.factor,
        practice_months.guaranteed_amount
        <= practice_months.women * practice_months.rate as is_linear,
        practice_months.override_amount is not null as is_overridden,
        round(practice_months.guaranteed_amount * practice_months.factor, 2)
            as total_amount,
        case
            when practice_months.is_shared_by_prior_quarter
                then counts.prior_whi_women
            else counts.whi_women
        end as share_patients,
        counts.is_small,
        practice_months.is_any_small
    from counts
    inner join practice_months
        on
            counts.payment_month = practice_months.payment_month
            and counts.practice_id = practice_months.practice_id
),

shared as (
    select
        *,
        sum(share_patients) over (
            partition by payment_month, practice_id
        ) as all_share_patients,
        row_number() over (
            partition by payment_month, practice_id
            order by share_patients desc, payer asc
        ) as share_rank
    from based
    where
        (is_linear and attributed_patients > 0)
        or (not is_linear and share_patients > 0)
),

rounded as (
    select
        *,
        {{ part_of_amount('total_amount', 'share_patients', 'all_share_patients') }}
            as rounded_amount
    from shared
),

final as (
    select
        payment_month,
        payer,
        practice_id,
        administrative_entity_id,
        as_of_date,
        paid_period,
        payment_due_date,
        status,
        attributed_patients,
        share_patients,
        rate,
        factor,
        case
            when is_linear then 'linear'
            when is_overridden then 'override'
            else 'floor'
        end as basis,
        case when not is_linear then total_amount end as shared_amount,
        cast(
            case
                when is_linear then round(attributed_patients * rate * factor, 2)
                when share_rank = 1
                    then
                        rounded_amount + total_amount - sum(rounded_amount) over (
                            partition by payment_month, practice_id
                        )
                else rounded_amount
            end as decimal(18, 2)
        ) as amount,
        case when is_linear then is_small else is_any_small end as is_small
    from rounded
)

select * from final
