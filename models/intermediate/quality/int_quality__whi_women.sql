-- One row per period, practice in the Women's Health Initiative and woman on whom its
-- quality is scored: attributed on the period's last day to its women's health
-- providers, or to its medical home under Appendix 3 at the age of the Initiative, each
-- once (C-03, K-10, K-12, D36). A side of a practice counts once its attestation was
-- confirmed (C-05), a payer while it takes part (C-09). Of several payers' attributions
-- to one practice the one that began last counts, then the first by name. A woman may
-- be of two practices, one by each program (C-07).
with periods as (
    select * from {{ ref('int_quality__periods') }}
),

participation as (
    select * from {{ ref('stg_whi_participation') }}
    where event = 'attestation_confirmed'
),

payers as (
    select * from {{ ref('int_program__payers_as_of') }}
    where is_whi_participant
),

attribution as (
    select * from {{ ref('int_attribution__attribution') }}
    where practice_id is not null
),

scopes as (
    select * from {{ ref('attribution_algorithm_scopes') }}
    where program = 'whi'
),

algorithms as (
    select * from {{ ref('attribution_algorithms') }}
    where program = 'whi' and is_attribution
),

eligibility as (
    select * from {{ ref('stg_eligibility') }}
),

-- What was landed without a program is of every side of the practice.
attested as (
    select distinct
        periods.period_end,
        participation.practice_id,
        participation.program
    from periods
    inner join participation
        on periods.period_end >= participation.event_date
),

-- The Initiative's kinds of payers are those of Appendix 3, and not Medicare.
attributed as (
    select distinct
        periods.period_end,
        periods.period_start,
        periods.score_cutoff_date,
        attribution.program,
        attribution.payer,
        attribution.payer_type,
        attribution.practice_id,
        attribution.person_id,
        algorithms.gender as asked_gender,
        algorithms.age_from,
        algorithms.age_to
    from periods
    inner join attribution
        on periods.period_end = attribution.as_of_date
    inner join attested
        on
            attribution.as_of_date = attested.period_end
            and attribution.practice_id = attested.practice_id
            and (
                attribution.program = attested.program
                or attested.program is null
            )
    inner join payers
        on
            attribution.as_of_date = payers.as_of_date
            and attribution.payer = payers.payer
    inner join scopes
        on
            attribution.payer_type = scopes.payer_type
            and {{ is_in_force('scopes', 'attribution.as_of_date') }}
    inner join algorithms
        on scopes.algorithm_id = algorithms.algorithm_id
),

women as (
    select
        attributed.period_end,
        attributed.period_start,
        attributed.score_cutoff_date,
        attributed.program,
        attributed.payer,
        attributed.payer_type,
        attributed.practice_id,
        attributed.person_id,
        eligibility.plan,
        eligibility.gender,
        eligibility.birth_date,
        eligibility.enrollment_start_date,
        {{ full_years('eligibility.birth_date', 'attributed.period_end') }} as age_years
    from attributed
    inner join eligibility
        on
            attributed.payer = eligibility.payer
            and attributed.person_id = eligibility.person_id
            and attributed.period_end >= eligibility.enrollment_start_date
            and attributed.period_end
            <= coalesce(eligibility.enrollment_end_date, attributed.period_end)
    where
        eligibility.gender = attributed.asked_gender
        and {{ full_years('eligibility.birth_date', 'attributed.period_end') }}
        between attributed.age_from and attributed.age_to
),

ranked as (
    select
        *,
        row_number() over (
            partition by period_end, practice_id, person_id
            order by
                enrollment_start_date desc,
                payer asc,
                plan asc nulls last,
                program desc
        ) as payer_rank,
        bool_or(program = 'whi') over (
            partition by period_end, practice_id, person_id
        ) as is_whi_attributed,
        bool_or(program = 'pcmh') over (
            partition by period_end, practice_id, person_id
        ) as is_pcmh_attributed
    from women
),

final as (
    select
        period_end,
        period_start,
        score_cutoff_date,
        practice_id,
        person_id,
        payer,
        payer_type,
        gender,
        birth_date,
        age_years,
        is_whi_attributed,
        is_pcmh_attributed
    from ranked
    where payer_rank = 1
)

select * from final
