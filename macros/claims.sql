{#-
  CTEs that say when a claim row stopped counting, shared by medical and pharmacy claims,
  whose versions, reversals and replacements work alike (design, "Final claims").

  audited: a model of audited_rows with payer, claim_id, claim_line_number,
  x_claim_version, x_claim_status_code, paid_date and x_replaces_claim_id, unique over the
  first five where it has no fault, and whose `is_repeated` is about the first three.
  Leaves two CTEs: ended_by_line (those five, named as staged, and known_to) and
  ended_by_claim (payer, claim_id and known_to).

  The model is named twice, and not imported once, so that each time only the few rows and
  columns that matter are read.
-#}
{% macro ended_rows_ctes(audited) -%}
-- Only where a line has more than one row can a version or a reversal end another. A row
-- without a paid date was always known, so what it supersedes was never in force.
rows_of_repeated_lines as (
    select
        audited.payer,
        audited.claim_id,
        audited.claim_line_number,
        audited.x_claim_version as claim_version,
        audited.x_claim_status_code as claim_status_code,
        coalesce(claim_statuses.is_reversal, false) as is_reversal,
        coalesce(audited.paid_date, cast('0001-01-01' as date)) as superseding_from
    from {{ audited }} as audited
    left join claim_statuses
        on
            {{ zero_padded('audited.x_claim_status_code', 2) }}
            = claim_statuses.claim_status_code
    where
        audited.fault_rule is null
        and audited.is_repeated
),

ended_by_line as (
    select
        earlier.payer,
        earlier.claim_id,
        earlier.claim_line_number,
        earlier.claim_version,
        earlier.claim_status_code,
        min(later.superseding_from) as known_to
    from rows_of_repeated_lines as earlier
    inner join rows_of_repeated_lines as later
        on
            earlier.payer = later.payer
            and earlier.claim_id = later.claim_id
            and earlier.claim_line_number = later.claim_line_number
            and (
                later.claim_version > earlier.claim_version
                or (
                    later.is_reversal
                    and not earlier.is_reversal
                    and later.claim_version = earlier.claim_version
                )
            )
    group by
        earlier.payer,
        earlier.claim_id,
        earlier.claim_line_number,
        earlier.claim_version,
        earlier.claim_status_code
),

-- A claim that carries its own number as the one it replaces has replaced nothing.
ended_by_claim as (
    select
        payer,
        x_replaces_claim_id as claim_id,
        min(coalesce(paid_date, cast('0001-01-01' as date))) as known_to
    from {{ audited }}
    where
        fault_rule is null
        and x_replaces_claim_id <> claim_id
    group by
        payer,
        x_replaces_claim_id
)
{%- endmacro %}


{#- The earlier of two dates, where null means never. `least` treats null differently from
    one engine to the next, so that it is not used. -#}
{% macro earliest(one, other) -%}
    case
            when {{ one }} <= {{ other }} or {{ other }} is null then {{ one }}
            else {{ other }}
        end
{%- endmacro %}


{#- Whether a version of a claim, or a record, was known and not yet superseded on a day;
    known_from null means always, known_to null still. -#}
{% macro was_known(version, day) -%}
    ({{ version }}.known_from <= {{ day }} or {{ version }}.known_from is null)
    and ({{ version }}.known_to > {{ day }} or {{ version }}.known_to is null)
{%- endmacro %}
