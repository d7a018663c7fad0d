-- One row per reading that differs from the run's own, program, payer and person on the
-- run's as-of date who may be attributed otherwise by it: some line of theirs counts
-- otherwise, or for another practice; practices compete for them and the unit of the
-- competition differs; or the winner has no majority. Everybody else is attributed
-- alike by both readings and need not be attributed again.
with lines as (
    select * from {{ ref('int_attribution__lines_read_otherwise') }}
),

candidates as (
    select * from {{ ref('int_attribution__practice_visits') }}
    where is_run_as_of
),

differences as (
    select
        program,
        payer,
        person_id,
        {% for parameter in [
            'code_policy', 'medicare_0525', 'competing_practices'
        ] -%}
        bool_or(is_counted <> is_counted_by_{{ parameter }}) as by_{{ parameter }},
        {% endfor -%}
        bool_or(
            is_counted <> is_counted_by_roster_date
            or (is_counted and practice_id <> practice_id_by_roster_date)
        ) as by_roster_date
    from lines
    group by
        program,
        payer,
        person_id
),

competitions as (
    select
        program,
        payer,
        person_id,
        count(*) as practices
    from candidates
    group by
        program,
        payer,
        person_id
),

final as (
    {% for parameter in [
        'code_policy', 'medicare_0525', 'competing_practices', 'roster_date'
    ] -%}
    select
        '{{ parameter }}' as scenario,
        program,
        payer,
        person_id
    from differences
    where by_{{ parameter }}

    union all

    {% endfor -%}
    {% for parameter in ['attribution_unit', 'attribution_rule'] -%}
    select
        '{{ parameter }}' as scenario,
        program,
        payer,
        person_id
    from competitions
    where practices > 1
    {%- if not loop.last %}

    union all

    {% endif %}
    {%- endfor %}
)

select * from final
