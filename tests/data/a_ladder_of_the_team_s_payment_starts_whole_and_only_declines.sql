-- H-05, H-06: the quarter that is counted from is paid in full, and no later one more
-- than the one before it.
with steps as (
    select
        *,
        lag(factor) over (
            partition by policy_id, failure_kind, effective_from
            order by quarters_after
        ) as factor_before
    from {{ ref('cht_decay_steps') }}
)

select
    policy_id,
    failure_kind,
    quarters_after,
    factor
from steps
where
    factor not between 0 and 1
    or (factor_before is null and (quarters_after <> 0 or factor <> 1))
    or (
        factor >= factor_before
        and (factor < 1 or factor_before < 1)
    )
