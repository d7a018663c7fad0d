-- Every payment has one practice, which has one parent organization (or is its own),
-- one administrative entity and one Health Service Area on the day that it is paid for;
-- so payments come to the same by payer, practice, organization, entity, area and in
-- the state, by month and by the period that they are paid with. A payment for
-- Community Health Teams names its entity and area itself, and may be nobody's
-- patients'.
with ledger as (
    select * from {{ ref('int_payments__ledger') }}
),

practices as (
    select * from {{ ref('int_program__practices_as_of') }}
),

areas as (
    select * from {{ ref('hsas') }}
),

placed as (
    select
        ledger.program,
        ledger.payment_month,
        ledger.payer,
        ledger.practice_id,
        case
            when ledger.program = 'cht'
                then coalesce(practices.parent_organization, ledger.practice_id)
            else coalesce(practices.parent_organization, practices.practice_id)
        end as parent_organization,
        case
            when ledger.program = 'cht' then ledger.administrative_entity_id
            else practices.administrative_entity_id
        end as administrative_entity_id,
        case when ledger.program = 'cht' then ledger.hsa else areas.hsa end as hsa,
        ledger.paid_period,
        ledger.amount
    from ledger
    left join practices
        on
            ledger.as_of_date = practices.as_of_date
            and ledger.practice_id = practices.practice_id
    left join areas
        on practices.hsa = areas.hsa
),

{% set paths = [
    'payer', 'practice_id', 'parent_organization', 'administrative_entity_id', 'hsa',
    'paid_period'
] -%}
totals as (
    {% for path in paths -%}
    select
        '{{ path }}' as path,
        program,
        payment_month,
        sum(amount) as amount
    from placed
    where {{ path }} is not null
    group by
        program,
        payment_month

    union all

    {% endfor -%}
    select
        'state' as path,
        program,
        payment_month,
        sum(amount) as amount
    from ledger
    group by
        program,
        payment_month
)

select
    program,
    payment_month,
    count(*) as paths,
    min(amount) as lowest_total,
    max(amount) as highest_total
from totals
group by
    program,
    payment_month
having count(*) <> {{ paths | length + 1 }} or count(distinct amount) > 1
