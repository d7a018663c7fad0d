-- One row per payment month, payer, practice and adjustment: the Community Health
-- Team's payment for the practice's patients, to its administrative entity (F-00,
-- F-01, F-04 to F-07, B-08, D16, D17). A sum that a payer landed is split over the
-- practices that it is for by their attributed patients; the rest of rounding goes to
-- the largest. Where none of them has a patient the payee stands for itself, so that
-- no money is lost.
with patients as (
    select * from {{ ref('int_payments__cht_patients') }}
),

practices as (
    select * from {{ ref('int_payments__cht_practices') }}
),

sums as (
    select * from {{ ref('int_payments__cht_sums') }}
    where component = 'cht'
),

payers as (
    select * from {{ ref('int_program__payers_as_of') }}
),

payer_months as (
    select * from {{ ref('int_payments__payer_months') }}
    where not is_first_month
),

entities as (
    select * from {{ ref('stg_administrative_entity') }}
),

landed_overrides as (
    select * from {{ ref('stg_payment_override') }}
    where component = 'cht'
),

rates as (
    select * from {{ ref('payment_rates') }}
    where program = 'cht' and component = 'base'
),

small_cells as (
    select * from {{ ref('disclosure_rules') }}
    where rule = 'small_cell'
),

-- Patients for whom a payer pays by the rate count everywhere; those of all payers
-- tell how the sum of a payer without patients of its own is split (F-07).
own_patients as (
    select
        payment_month,
        payer,
        practice_id,
        attributed_patients
    from patients
),

all_patients as (
    select
        payment_month,
        practice_id,
        sum(attributed_patients) as attributed_patients
    from patients
    group by
        payment_month,
        practice_id
),

payers_with_patients as (
    select distinct
        own_patients.payment_month,
        own_patients.payer
    from own_patients
    inner join practices
        on
            own_patients.payment_month = practices.payment_month
            and own_patients.practice_id = practices.practice_id
    where practices.factor > 0
),

-- A practice whose own payment starts after the amounts were fixed is not in them, and
-- paid for by the rate (B-08).
first_fixed as (
    select
        payment_month,
        payer,
        min(month_from) as month_from
    from sums
    group by
        payment_month,
        payer
),

new_practices as (
    select
        practices.payment_month,
        first_fixed.payer,
        practices.practice_id
    from practices
    inner join first_fixed
        on practices.payment_month = first_fixed.payment_month
    where
        practices.first_start_date >= cast(
            {{ dbt.dateadd('month', -1, 'first_fixed.month_from') }} as date
        )
),

-- Each practice belongs to the narrowest sum that is for it.
parts as (
    select
        sums.payment_month,
        sums.payer,
        sums.payee_id,
        practices.practice_id,
        practices.administrative_entity_id,
        practices.hsa,
        case
            when sums.payee_kind = 'payer' and payers_with_patients.payer is null
                then all_patients.attributed_patients
            else own_patients.attributed_patients
        end as weight,
        coalesce(own_patients.attributed_patients, 0) as attributed_patients,
        row_number() over (
            partition by sums.payment_month, sums.payer, practices.practice_id
            order by
                case sums.payee_kind
                    when 'practice' then 1 when 'administrative_entity' then 2 else 3
                end
        ) as sum_rank
    from sums
    inner join practices
        on
            sums.payment_month = practices.payment_month
            and (
                sums.payee_id = practices.practice_id
                or sums.payee_id = practices.administrative_entity_id
                or (sums.payee_kind = 'payer' and practices.factor > 0)
            )
    left join new_practices
        on
            sums.payment_month = new_practices.payment_month
            and sums.payer = new_practices.payer
            and practices.practice_id = new_practices.practice_id
    left join payers_with_patients
        on
            sums.payment_month = payers_with_patients.payment_month
            and sums.payer = payers_with_patients.payer
    left join own_patients
        on
            sums.payment_month = own_patients.payment_month
            and sums.payer = own_patients.payer
            and practices.practice_id = own_patients.practice_id
    left join all_patients
        on
            sums.payment_month = all_patients.payment_month
            and practices.practice_id = all_patients.practice_id
    where
        sums.payee_kind <> 'administrative_entity'
        or new_practices.practice_id is null
),

weights as (
    select * from parts
    where sum_rank = 1 and weight > 0
),

weighted as (
    select
        sums.payment_month,
        sums.payer,
        coalesce(weights.practice_id, sums.payee_id) as practice_id,
        coalesce(
            weights.administrative_entity_id,
            entities.administrative_entity_id,
            sums.payee_id
        ) as administrative_entity_id,
        coalesce(weights.hsa, entities.hsa, 'unassigned') as hsa,
        sums.as_of_date,
        sums.payee_id,
        sums.basis,
        sums.is_policy_gap,
        coalesce(weights.attributed_patients, 0) as attributed_patients,
        sums.amount,
        coalesce(weights.weight, 1) as weight,
        sum(coalesce(weights.weight, 1)) over (
            partition by sums.payment_month, sums.payer, sums.payee_id
        ) as total_weight,
        row_number() over (
            partition by sums.payment_month, sums.payer, sums.payee_id
            order by weights.weight desc, weights.practice_id asc
        ) as weight_rank
    from sums
    left join weights
        on
            sums.payment_month = weights.payment_month
            and sums.payer = weights.payer
            and sums.payee_id = weights.payee_id
    left join entities
        on sums.payee_id = entities.administrative_entity_id
),

rounded as (
    select
        *,
        cast(
            round(cast(amount * weight / total_weight as decimal(28, 10)), 2)
            as decimal(18, 2)
        ) as part
    from weighted
),

split as (
    select
        payment_month,
        payer,
        practice_id,
        administrative_entity_id,
        hsa,
        as_of_date,
        basis,
        'paid' as status,
        is_policy_gap,
        attributed_patients,
        cast(null as decimal(10, 4)) as pppm,
        cast(null as decimal(5, 4)) as factor,
        cast(
            case
                when weight_rank = 1
                    then
                        part + amount - sum(part) over (
                            partition by payment_month, payer, payee_id
                        )
                else part
            end as decimal(18, 2)
        ) as amount
    from rounded
),

-- By the rate: everybody for whom no sum is paid. Where the policy is a sum and none
-- was landed, the rate stands in for it and the gap is flagged.
linear as (
    select
        patients.payment_month,
        patients.payer,
        patients.practice_id,
        practices.administrative_entity_id,
        practices.hsa,
        patients.as_of_date,
        practices.status,
        patients.is_policy_gap
        or (
            patients.policy_basis <> 'linear' and new_practices.practice_id is null
        ) as is_policy_gap,
        patients.attributed_patients,
        patients.pppm,
        practices.factor,
        cast(
            round(
                patients.attributed_patients * patients.pppm * practices.factor, 2
            ) as decimal(18, 2)
        ) as amount
    from patients
    inner join practices
        on
            patients.payment_month = practices.payment_month
            and patients.practice_id = practices.practice_id
    left join weights
        on
            patients.payment_month = weights.payment_month
            and patients.payer = weights.payer
            and patients.practice_id = weights.practice_id
    left join new_practices
        on
            patients.payment_month = new_practices.payment_month
            and patients.payer = new_practices.payer
            and patients.practice_id = new_practices.practice_id
    where weights.practice_id is null
),

-- Of rows that overlap the latest start stands.
overrides as (
    select
        practices.payment_month,
        landed_overrides.practice_id,
        landed_overrides.amount_usd,
        row_number() over (
            partition by practices.payment_month, landed_overrides.practice_id
            order by landed_overrides.month_from desc
        ) as override_rank
    from landed_overrides
    inner join practices
        on
            landed_overrides.practice_id = practices.practice_id
            and landed_overrides.month_from <= practices.payment_month
            and coalesce(landed_overrides.month_to, practices.payment_month)
            >= practices.payment_month
),

-- A case-by-case amount takes the place of what a practice's patients bring by the
-- rate, and its payers share it by their patients (F-03).
overridden as (
    select
        linear.*,
        overrides.amount_usd,
        row_number() over (
            partition by linear.payment_month, linear.practice_id
            order by linear.attributed_patients desc, linear.payer asc
        ) as weight_rank,
        cast(
            round(
                cast(
                    overrides.amount_usd * linear.attributed_patients
                    / sum(linear.attributed_patients) over (
                        partition by linear.payment_month, linear.practice_id
                    ) as decimal(28, 10)
                ),
                2
            ) as decimal(18, 2)
        ) as part
    from linear
    left join overrides
        on
            linear.payment_month = overrides.payment_month
            and linear.practice_id = overrides.practice_id
            and overrides.override_rank = 1
),

settled as (
    select
        payment_month,
        payer,
        practice_id,
        administrative_entity_id,
        hsa,
        as_of_date,
        case when amount_usd is null then 'linear' else 'override' end as basis,
        case when amount_usd is null then status else 'paid' end as status,
        is_policy_gap,
        attributed_patients,
        case when amount_usd is null then pppm end as pppm,
        case when amount_usd is null then factor end as factor,
        cast(
            case
                when amount_usd is null then amount
                when weight_rank = 1
                    then
                        part + amount_usd - sum(part) over (
                            partition by payment_month, practice_id
                        )
                else part
            end as decimal(18, 2)
        ) as amount
    from overridden
),

payments as (
    select * from settled
    union all
    select * from split
),

final as (
    select
        payments.payment_month,
        payments.payer,
        payments.practice_id,
        0 as adjustment_no,
        payments.administrative_entity_id,
        payments.hsa,
        payments.as_of_date,
        -- Who is gone from the payers' policies by the month pays with its quarter.
        coalesce(
            payer_months.paid_period,
            {{ paid_period("'quarterly'", 'payments.payment_month') }}
        ) as paid_period,
        payer_months.payment_due_date,
        payments.basis,
        payments.status,
        payments.is_policy_gap,
        payments.attributed_patients,
        payments.pppm,
        payments.factor,
        payments.amount,
        payments.attributed_patients
        between 1 and small_cells.largest_suppressed_count
        or (
            payments.basis in ('fixed', 'carried_forward')
            and payments.amount > 0
            and payments.amount <= small_cells.largest_suppressed_count * rates.amount
        ) as is_small,
        case
            when payments.basis in ('fixed', 'carried_forward')
                then small_cells.largest_suppressed_count * rates.amount
        end as largest_small_amount
    from payments
    cross join small_cells
    inner join payers
        on
            payments.as_of_date = payers.as_of_date
            and payments.payer = payers.payer
    left join payer_months
        on
            payments.payment_month = payer_months.payment_month
            and payments.payer = payer_months.payer
    left join rates
        on
            payers.payer_type = rates.payer_type
            and {{ is_in_force('rates', 'payments.payment_month') }}
)

select * from final
