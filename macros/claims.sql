{#-
  CTEs that say when a claim row stopped counting, shared by medical and pharmacy claims,
  whose versions, reversals and replacements work alike (design, "Final claims").

  lines: a CTE with payer, claim_id, claim_line_number, claim_version,
  claim_status_code, known_from, is_reversal and replaces_claim_id, unique over the first
  five. Leaves two CTEs: ended_by_line (those five and known_to) and ended_by_claim
  (payer, claim_id and known_to).
-#}
{% macro ended_rows_ctes(lines) -%}
-- A row without a paid date was always known, so what it supersedes was never in force.
superseding as (
    select
        payer,
        claim_id,
        claim_line_number,
        claim_version,
        claim_status_code,
        is_reversal,
        replaces_claim_id,
        coalesce(known_from, cast('0001-01-01' as date)) as superseding_from
    from {{ lines }}
),

-- Only where a line has more than one row can a version or a reversal end another.
repeated_lines as (
    select
        payer,
        claim_id,
        claim_line_number
    from superseding
    group by
        payer,
        claim_id,
        claim_line_number
    having count(*) > 1
),

rows_of_repeated_lines as (
    select superseding.*
    from superseding
    semi join repeated_lines
        on
            superseding.payer = repeated_lines.payer
            and superseding.claim_id = repeated_lines.claim_id
            and superseding.claim_line_number = repeated_lines.claim_line_number
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
        replaces_claim_id as claim_id,
        min(superseding_from) as known_to
    from superseding
    where replaces_claim_id <> claim_id
    group by
        payer,
        replaces_claim_id
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
