-- What is handed out tells no count of 1 to 10 people, and a row that is suppressed
-- tells nothing from which one could be had (design, section 1).
with counts as (
    select * from {{ ref('attribution_counts') }}
),

payments as (
    select * from {{ ref('pcmh_payments') }}
),

payment_differences as (
    select * from {{ ref('payment_reconciliation') }}
),

whi as (
    select * from {{ ref('whi_payments') }}
),

team_payments as (
    select * from {{ ref('cht_payments') }}
),

entity_payments as (
    select * from {{ ref('cht_payments_by_entity') }}
),

team_invoices as (
    select * from {{ ref('cht_invoices') }}
),

landed_payments as (
    select * from {{ ref('landed_payments') }}
),

quality as (
    select * from {{ ref('data_quality') }}
),

departures as (
    select * from {{ ref('attribution_departures') }}
),

reconciliation as (
    select * from {{ ref('attribution_reconciliation') }}
),

sensitivity as (
    select * from {{ ref('attribution_sensitivity') }}
),

unique_patients as (
    select * from {{ ref('total_unique_patients') }}
),

residence as (
    select * from {{ ref('attribution_by_residence') }}
),

use_rates as (
    select * from {{ ref('utilization') }}
),

indices as (
    select * from {{ ref('trui') }}
),

fits as (
    select * from {{ ref('case_mix_fit') }}
),

methods as (
    select * from {{ ref('resource_unit_methods') }}
),

completeness as (
    select * from {{ ref('claim_completeness') }}
),

small_cells as (
    select 'attribution_counts' as mart
    from counts
    where
        attributed_patients between 1 and 10
        or newly_attributed between 1 and 10
        or moved between 1 and 10
        or "left" between 1 and 10
        or attributed_patients - newly_attributed - moved + "left" between 1 and 10
        or (attributed_patients is null) <> is_suppressed
        or (
            (is_suppressed or is_movement_suppressed)
            and coalesce(newly_attributed, moved, "left") is not null
        )

    union all

    select 'pcmh_payments' as mart
    from payments
    where
        abs(attributed_patients) between 1 and 10
        or (attributed_patients is null) <> (amount is null)
        or (attributed_patients is null) <> is_suppressed

    union all

    select 'payment_reconciliation' as mart
    from payment_differences
    where
        computed_patients between 1 and 10
        or reported_patients between 1 and 10
        or (computed_patients is null and computed is not null)
        or (reported_patients is null and reported is not null)
        or (
            is_suppressed
            and coalesce(
                difference,
                difference_by_count,
                difference_by_rate,
                difference_by_timing,
                difference_by_status
            ) is not null
        )

    union all

    select 'whi_payments' as mart
    from whi
    where
        abs(attributed_patients) between 1 and 10
        or (attributed_patients is null) <> (amount is null)
        or (attributed_patients is null) <> is_suppressed
        or (is_suppressed and shared_amount is not null)

    union all

    select 'cht_payments' as mart
    from team_payments
    where
        abs(attributed_patients) between 1 and 10
        or (attributed_patients is null) <> (amount is null)
        or (attributed_patients is null) <> is_suppressed

    union all

    -- A share tells the patients of all payers beside those of its own.
    select 'cht_payments_by_entity' as mart
    from entity_payments
    where
        attributed_patients between 1 and 10
        or (attributed_patients is null) <> (amount is null)
        or (attributed_patients is null) <> (fte_supported is null)
        or (attributed_patients is null) <> is_suppressed
        or (is_share_suppressed and payer_share is not null)
        or (is_suppressed and (fte_vacant is not null or fill_due_date is not null))

    union all

    select 'landed_payments' as mart
    from landed_payments
    where is_suppressed <> (amount is null)

    union all

    select 'cht_invoices' as mart
    from team_invoices
    where
        is_suppressed
        and (
            computed_amount is not null
            or invoiced_amount is not null
            or difference is not null
        )

    union all

    select 'attribution_departures' as mart
    from departures
    where people between 1 and 10 or (people is null) <> is_suppressed

    union all

    select 'attribution_reconciliation' as mart
    from reconciliation
    where
        warehouse_patients between 1 and 10
        or payer_patients between 1 and 10
        or (difference is not null and is_suppressed)

    union all

    select 'attribution_sensitivity' as mart
    from sensitivity
    where
        default_patients between 1 and 10
        or alternative_patients between 1 and 10
        or abs(alternative_patients - default_patients) between 1 and 10
        or (default_patients is null and default_amount_usd is not null)
        or (alternative_patients is null and alternative_amount_usd is not null)

    union all

    select 'total_unique_patients' as mart
    from unique_patients
    where
        counted between 1 and 10
        or reported between 1 and 10
        or attributed between 1 and 10
        or (attributed is null and ratio_to_attributed is not null)
        or (reported is null and ratio_to_attributed is not null)

    union all

    select 'attribution_by_residence' as mart
    from residence
    where
        attributed_here between 1 and 10
        or attributed_elsewhere between 1 and 10
        or not_attributed between 1 and 10
        or attributed_patients between 1 and 10
        or (residents is null) <> is_suppressed
        or (attributed_here is null) <> is_split_suppressed
        or (
            is_suppressed
            and coalesce(attributed_patients, not_attributed, attributed_share)
            is not null
        )
        or (
            is_split_suppressed
            and coalesce(attributed_elsewhere, here_share) is not null
        )

    union all

    select 'data_quality' as mart
    from quality
    where
        is_count_of_people
        and (warnings between 1 and 10 or (warnings is null) <> is_suppressed)

    union all

    select 'utilization' as mart
    from use_rates
    where
        people between 1 and 10
        or users between 1 and 10
        or (people is null) <> is_suppressed
        or (users is null) <> is_suppressed
        or (
            is_suppressed
            and coalesce(
                member_months, services, services_per_1000, services_per_1000_low,
                services_per_1000_high, adjusted_services_per_1000, allowed_amount_usd,
                paid_amount_usd, allowed_pmpm, allowed_pmpm_low, allowed_pmpm_high,
                adjusted_allowed_pmpm, resource_units, resource_units_pmpm,
                resource_index, resource_index_low, resource_index_high
            ) is not null
        )

    union all

    select 'trui' as mart
    from indices
    where
        (observed is null) <> is_suppressed
        or (is_suppressed and expected is not null)

    union all

    select 'case_mix_fit' as mart
    from fits
    where
        (observed is null) <> is_suppressed
        or (
            is_suppressed
            and coalesce(expected, observed_to_expected, r_squared) is not null
        )

    union all

    select 'resource_unit_methods' as mart
    from methods
    where
        is_suppressed
        and coalesce(lines, resource_units, share_of_units, allowed_amount_usd)
        is not null

    union all

    select 'claim_completeness' as mart
    from completeness
    where
        is_suppressed
        and coalesce(lines, allowed_amount_usd, completed_amount_usd) is not null
)

select
    mart,
    count(*) as cells
from small_cells
group by mart
