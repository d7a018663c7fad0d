-- People and their coverage, for the people of one batch. A person is a number; what
-- sets the life apart comes from param.life, and everything else from draws on the
-- number, so that the batch decides nothing.

-- Weights as ranges of [0, 1), to be met by a draw
create or replace table work.life as
select
    life,
    (sum(per_thousand) over (order by life) - per_thousand) / 1000.0 as low,
    sum(per_thousand) over (order by life) / 1000.0 as high,
from param.life;

create or replace table work.visit_rate as
select
    per_year,
    sum(share) over (order by per_year) - share as low,
    sum(share) over (order by per_year) as high,
from param.visit_rate;

create or replace table work.person as
with numbers as (
    select
        range as person_no,
        spread(0.7548776662466927, range) as cell_at,
        spread(0.5698402909980532, range) as life_at,
    from range(getvariable('first_person'), getvariable('last_person') + 1)
),

placed as (
    select
        person_no,
        home.payer,
        home.home,
        home.hsa as home_hsa,
        coalesce(rival.rival, home.home) as rival,
        coalesce(rival.rival_hsa, home.hsa) as rival_hsa,
        coalesce(life.life, 'ordinary') as drawn_life,
        case
            when draw('gender unknown', person_no) < getvariable('share_gender_unknown')
                then 'unknown'
            when draw('gender', person_no) < getvariable('share_female') then 'female'
            else 'male'
        end as gender,
        -- age by payer: Medicaid is young, Medicare old
        case
            when home.payer = 'medicare'
                and draw('child or disabled', person_no)
                < getvariable('share_medicare_disabled')
                then 40 + 25 * draw('age', person_no)
            when home.payer = 'medicare'
                then 65 + 30 * pow(draw('age', person_no), 1.4)
            when draw('child or disabled', person_no) < case
                when home.payer = 'medicaid' then getvariable('share_medicaid_children')
                else getvariable('share_commercial_children')
            end
                then 19 * draw('age', person_no)
            else 19 + 45.9 * pow(draw('age', person_no), 0.92)
        end as age,
        -- how prone to illness, 0.4 to 1.6; the mean is 1
        0.4 + 1.2 * draw('burden', person_no) as burden,
    from numbers
    inner join work.home as home
        on numbers.cell_at >= home.low
        and numbers.cell_at < home.high
    left join work.rival as rival
        on home.home = rival.home
        and home.payer = rival.payer
    left join work.life as life
        on numbers.life_at >= life.low
        and numbers.life_at < life.high
),

aged as (
    select
        *,
        getvariable('last_day') - floor(age * 365.25)::integer as birth_date,
        -- a life that cannot happen to this person is an ordinary one
        case
            when drawn_life = 'death'
                and draw('mortal', person_no) > (age - 45) / 45
                then 'ordinary'
            when drawn_life = 'out_of_state' and payer in ('medicaid', 'medicare')
                then 'ordinary'
            when drawn_life in ('two_primary', 'secondary')
                and payer in ('medicaid', 'medicare')
                then 'ordinary'
            when drawn_life in ('payer_change', 'gap', 'move', 'left')
                and (age < 4 or payer = 'medicare' and drawn_life = 'payer_change')
                then 'ordinary'
            else drawn_life
        end as life,
    from placed
),

dated as (
    select
        *,
        -- the month in which the life turns: a change, a move, the end of a coverage
        date_trunc(
            'month',
            getvariable('first_day')
            + (420 + floor(draw('turn', person_no) * 480))::integer
        )::date as turn_date,
        greatest(
            birth_date,
            case
                -- Medicare begins at 65, but for the disabled
                when payer = 'medicare' and age >= 65
                    then greatest(
                        getvariable('first_day'),
                        date_trunc('month', birth_date + interval 65 year)::date
                    )
                when draw('joined later', person_no)
                    < getvariable('share_joined_later')
                    then date_trunc(
                        'month',
                        getvariable('first_day')
                        + floor(600 * draw('joined', person_no))::integer
                    )::date
                else getvariable('first_day')
            end
        ) as covered_from,
    from aged
)

select
    dated.*,
    'P' || lpad(dated.person_no::varchar, 6, '0') as person_id,
    case when life = 'move' then rival else home end as first_home,
    case
        when draw('commuter', person_no) < getvariable('share_commuters')
            then next_hsa.hsa
        else home_hsa
    end as hsa,
    case when life = 'move' then rival_hsa else home_hsa end as first_hsa,
    case
        when life = 'death'
            then getvariable('last_day')
            - floor(600 * draw('death', person_no))::integer
    end as death_date,
    case payer when 'bcbsvt' then 'medicaid' else 'bcbsvt' end as other_payer,
    -- the sick come more often, small children less (their schedule is apart)
    visit_rate.per_year * (0.5 + burden / 2) * case
        when age < 19 then 0.6
        when age < 65 then 1.0
        else 1.5
    end * case gender
        when 'female' then 1 + getvariable('women_come_more')
        else 1 - getvariable('women_come_more')
    end as visits_per_year,
from dated
inner join work.hsa as home_place on dated.home_hsa = home_place.hsa
inner join work.hsa as next_hsa
    on next_hsa.number::integer = home_place.number::integer % 13 + 1
inner join work.visit_rate as visit_rate
    on draw('visit rate', person_no) >= visit_rate.low
    and draw('visit rate', person_no) < visit_rate.high;

-- Spans of coverage. Spans of role `primary` never overlap, so that a visit finds at
-- most one; a second primary or a secondary coverage runs beside them.
create or replace table work.span as
with primary_spans as (
    -- before and after the turn, where there is one
    select
        *,
        'primary' as role,
        case when life = 'payer_change' then other_payer else payer end as span_payer,
        covered_from as span_from,
        case life
            when 'gap' then turn_date - 60 - 1
            else turn_date - 1
        end as span_to,
        first_home as span_home,
        first_hsa as span_hsa,
    from work.person
    where life in ('payer_change', 'move', 'gap')
    union all
    select
        *,
        'primary' as role,
        payer as span_payer,
        greatest(turn_date, covered_from) as span_from,
        null as span_to,
        home as span_home,
        hsa as span_hsa,
    from work.person
    where life in ('payer_change', 'move', 'gap')
    union all
    select
        *,
        'primary' as role,
        payer as span_payer,
        covered_from as span_from,
        case life
            when 'left' then turn_date + 200
            -- one day too early, and just in time, for one of the last five quarters
            when 'ends_before_quarter_end'
                then (
                    getvariable('last_day') + interval 1 day
                    - to_months(3 * floor(4 * draw('end', person_no))::integer)
                )::date - 2
            when 'ends_on_quarter_end'
                then (
                    getvariable('last_day') + interval 1 day
                    - to_months(3 * floor(3 * draw('end', person_no))::integer)
                )::date - 1
            -- every other payer leaves the coverage of the dead open
            when 'death'
                then case when draw('open', person_no) < 0.6 then death_date end
        end as span_to,
        home as span_home,
        hsa as span_hsa,
    from work.person
    where life not in ('payer_change', 'move', 'gap')
),

other_spans as (
    select
        *,
        case when life = 'two_primary' then 'second_primary' else 'secondary' end
            as role,
        'medicaid' as span_payer,
        greatest(covered_from, getvariable('first_day') + 365) as span_from,
        null as span_to,
        home as span_home,
        hsa as span_hsa,
    from work.person
    where life in ('two_primary', 'secondary')
        or (payer = 'medicare' and draw('dual', person_no) < getvariable('share_dual'))
),

spans as (
    from primary_spans
    union all by name
    from other_spans
),

products as (
    select
        *,
        case span_payer
            when 'medicaid'
                then if(age < 19, 'dr_dynasaur', 'green_mountain_care')
            when 'bcbsvt'
                then case
                    when draw('plan', person_no) < 0.05 then 'aso_maple'
                    when draw('plan', person_no) < 0.25 then 'aso_granite'
                    when draw('plan', person_no) < 0.60 then 'large_group'
                    else 'exchange'
                end
            when 'mvp' then 'vermont_plus'
            when 'cigna'
                then if(draw('plan', person_no) < 0.75, 'network', 'open_access')
            when 'medicare'
                then if(
                    draw('plan', person_no) < getvariable('share_medicare_advantage'),
                    'advantage',
                    'original'
                )
        end as plan,
    from spans
    where span_from <= coalesce(span_to, date '2100-01-01')
)

select
    * exclude (home, payer, hsa),
    -- the last open spans are written in two ways: no end, and an end to come
    coalesce(
        span_to,
        case when draw('end to come', person_no) < 0.3 then date '2018-12-31' end
    ) as written_to,
    coalesce(span_to, date '2100-01-01') as in_force_to,
    role <> 'secondary' as is_primary,
from products;

create or replace table landing.eligibility as
with renewals as (
    -- some payers write one row per contract period
    select
        *,
        span_from as row_from,
        date '2016-12-31' as row_to,
    from work.span
    where span_payer in ('bcbsvt', 'mvp', 'cigna')
        and draw('renewed rows', person_no) < getvariable('share_renewed_rows')
        and span_from <= date '2016-12-31'
        and in_force_to > date '2016-12-31'
    union all
    select
        *,
        date '2017-01-01' as row_from,
        written_to as row_to,
    from work.span
    where span_payer in ('bcbsvt', 'mvp', 'cigna')
        and draw('renewed rows', person_no) < getvariable('share_renewed_rows')
        and span_from <= date '2016-12-31'
        and in_force_to > date '2016-12-31'
    union all
    select
        *,
        span_from as row_from,
        written_to as row_to,
    from work.span
    where not coalesce(
        span_payer in ('bcbsvt', 'mvp', 'cigna')
        and draw('renewed rows', person_no) < getvariable('share_renewed_rows')
        and span_from <= date '2016-12-31'
        and in_force_to > date '2016-12-31',
        false
    )
),

selections as (
    select
        renewals.*,
        coalesce(renewals.plan = 'network', false) as requires_pcp,
        -- inside the program, outside of it, or none on file
        case
            when renewals.plan <> 'network' then null
            when draw('selection', renewals.person_no) < 0.50
                then inside.npi
            when draw('selection', renewals.person_no) < 0.75
                then outside.npi
        end as selected_npi,
    from renewals
    left join work.provider as inside on renewals.span_home || '.1' = inside.provider
    left join work.provider as outside on outside.provider = 'OF04.1'
)

select
    person_id,
    prefix || lpad(person_no::varchar, 8, '0') as member_id,
    gender,
    birth_date,
    death_date,
    row_from as enrollment_start_date,
    row_to as enrollment_end_date,
    span_payer as payer,
    if(plan like 'aso%', 'self-insured', payer.payer_type) as payer_type,
    plan,
    case
        when span_payer = 'medicare' then if(age < 65, '20', '10')
    end as medicare_status_code,
    case
        when draw('unmapped city', person_no) < getvariable('share_unmapped_city')
            then 'Sugarbush Corners'
        when life = 'out_of_state' then outside.city
        when draw('postal city', person_no) < getvariable('share_postal_city')
            then coalesce(town.postal_city, town.town)
        else town.town
    end as city,
    case
        when life = 'out_of_state' then outside.state
        when span_payer = 'mvp' then 'Vermont'
        else 'VT'
    end as state,
    if(life = 'out_of_state', outside.zip_code, town.zip_code) as zip_code,
    -- one payer knows the town itself
    if(span_payer = 'medicaid', town.town, null) as x_town,
    -- null means 1, and some payers send nothing
    case
        when not is_primary then 0
        when span_payer in ('bcbsvt', 'medicaid') then 1
    end as x_primary_payer_flag,
    case
        when span_payer in ('medicaid', 'medicare') or plan = 'exchange' then null
        when life = 'out_of_state' then 'VT'
        when draw('situs', person_no) < getvariable('share_situs_elsewhere') then 'NH'
        else 'VT'
    end as x_employer_situs_state,
    case when span_payer = 'cigna' then requires_pcp::integer end
        as x_requires_pcp_selection,
    selected_npi as x_selected_pcp_npi,
    case when span_payer = 'medicare' then 1 end as x_part_a_flag,
    case
        when span_payer = 'medicare'
            then if(
                draw('part a only', person_no)
                < getvariable('share_medicare_part_a_only'),
                0,
                1
            )
    end as x_part_b_flag,
    case when span_payer = 'medicare' then (plan = 'advantage')::integer end
        as x_medicare_advantage_flag,
    case when span_payer = 'bcbsvt' then (plan like 'aso%')::integer end
        as x_self_insured_flag,
    case
        when plan = 'aso_maple' then 0
        when plan = 'aso_granite' then 1
    end as x_program_participation_flag,
    case
        when draw('opt out', person_no) < getvariable('share_aco_opt_out') then 1
    end as x_aco_opt_out_flag,
from selections
inner join param.payer as payer on selections.span_payer = payer.payer
inner join work.town as town
    on selections.span_hsa = town.hsa
    and draw('town', person_no, part := (span_hsa = first_hsa)::integer) >= town.low
    and draw('town', person_no, part := (span_hsa = first_hsa)::integer) < town.high
left join param.out_of_state_city as outside
    on selections.person_no % 5 = outside.number;
