-- What brings the people of one batch to clinicians: the conditions that last, and one
-- row of work.visit per visit, test or hospital stay, with its day, place, site, chair
-- and payer. A visit is (person_no, visit_no): the number of its care or follow-up,
-- times 100, and a count. Nothing here needs a window over visits, so that it scales.

create or replace table work.person_condition as
select
    person.person_no,
    condition.condition,
    condition.icd10,
    condition.icd9,
from work.person as person
inner join param.condition as condition
    on draw(condition.condition, person.person_no) < case
        when condition.condition = 'contraception' then case
            when person.gender = 'female' and person.age between 15 and 45
                then getvariable('share_contraception')
            else 0
        end
        when person.age < 19 then share_child * person.burden
        when person.age < 65
            then share_adult * person.burden
            * if(condition.rises, (person.age - 19) / 23, 1)
        else share_aged * person.burden
    end;

create or replace table work.conditions as
select
    person_no,
    -- what office visits are about: contraception and disability are not
    list(icd10 order by condition)
    filter (where condition not in ('contraception', 'disability')) as icd10,
    list(icd9 order by condition)
    filter (where condition not in ('contraception', 'disability')) as icd9,
    bool_or(condition = 'diabetes') as has_diabetes,
    bool_or(condition = 'hypertension') as has_hypertension,
from work.person_condition
group by person_no;

-- Hospital stays are care that is given in a bed.
create or replace table work.care as
select
    care.*,
    care.care = 'last stay' or place in ('tertiary', 'delivery')
    or care.care in ('newborn stay', 'readmission', 'planned readmission') as is_stay,
    care.care in ('last stay', 'readmission') as is_for_follow_up,
    length_of_care.days,
    length_of_care.days_more,
from param.care as care
left join param.length_of_care as length_of_care on care.care = length_of_care.care
union all by name
select
    -- after the care, before the follow-ups, in the order of their names
    100 + row_number() over (order by stay)::integer as number,
    stay as care,
    sex,
    from_age,
    to_age,
    condition,
    1.0 as share,
    per_year,
    null::integer as season,
    case drg_code when '885' then 'psychiatric' else 'inpatient' end as place,
    'PI' as parts,
    true as is_stay,
    true as is_for_follow_up,
    days,
    days_more,
from param.stay;

create or replace table work.first_visit as
with office_visits as (
    select
        person_no,
        'office' as care,
        100 + unnest(range(
            least(
                99,
                floor(
                    visits_per_year * getvariable('months') / 12
                    + draw('visits', person_no)
                )
            )::bigint
        )) as visit_no,
        getvariable('first_day')
        + floor(draw('visit date', person_no, visit_no) * getvariable('days'))::integer
            as service_date,
    from work.person
    where life not in ('no_visit', 'tie_recent', 'tie_dates', 'tie_same_day')
),

-- ties in claims: the last date decides, the dates decide, or nothing but the id
tie_visits as (
    select
        person.person_no,
        'office' as care,
        ties.visit_no,
        getvariable('last_day') - ties.days_before
        - floor(25 * draw('tie', person_no))::integer as service_date,
        ties.site as site_choice,
    from work.person as person
    inner join (
        values
        ('tie_recent', 110, 220, 'home'),
        ('tie_recent', 111, 70, 'rival'),
        ('tie_dates', 110, 300, 'home'),
        ('tie_dates', 111, 60, 'home'),
        ('tie_dates', 112, 60, 'rival'),
        ('tie_dates', 113, 60, 'rival'),
        ('tie_same_day', 110, 90, 'home'),
        ('tie_same_day', 111, 90, 'rival'),
    ) as ties (life, visit_no, days_before, site) on person.life = ties.life
),

births as (
    select
        person_no,
        'newborn stay' as care,
        200 as visit_no,
        birth_date as service_date,
    from work.person
    where birth_date >= getvariable('first_day')
),

well_child_visits as (
    select
        person.person_no,
        'well child' as care,
        300 + row_number() over (
            partition by person.person_no order by schedule.day
        ) as visit_no,
        person.birth_date + schedule.day
        + floor(25 * draw('well child day', person.person_no, schedule.day))::integer
            as service_date,
    from work.person as person
    inner join param.well_child as schedule
        on person.birth_date + schedule.day
        between getvariable('first_day') - 25 and getvariable('last_day')
    where person.life not in ('no_visit', 'tie_recent', 'tie_dates', 'tie_same_day')
        and draw('well child', person.person_no, schedule.day) < schedule.share
),

-- at most one pregnancy within the months of claims
deliveries as (
    select
        person_no,
        'delivery' as care,
        400 as visit_no,
        getvariable('first_day')
        + floor(draw('delivery day', person_no) * getvariable('days'))::integer
            as service_date,
    from work.person
    where gender = 'female'
        and age between 18 and 47
        and draw('delivery', person_no)
        < getvariable('rate_births') * getvariable('months') / 12
),

pregnancies as (
    select
        person_no,
        visit.care,
        visit.visit_no,
        service_date + visit.days
        + floor(visit.more * draw(visit.care, person_no))::integer as service_date,
    from deliveries
    cross join (
        values ('prenatal visit', 500, -200, 30), ('postpartum visit', 600, 28, 20),
    ) as visit (care, visit_no, days, more)
    where draw('comes ' || visit.care, person_no) < getvariable('share_prenatal_care')
),

-- the last months: hospice for some, a last stay for others
last_months as (
    select
        person_no,
        'hospice month' as care,
        700 + month.month as visit_no,
        death_date - 30 * (month.month + 1) as service_date,
    from work.person
    cross join (values (0), (1)) as month (month)
    where death_date is not null
        and draw('hospice', person_no) < if(
            month.month = 0,
            getvariable('share_hospice'),
            getvariable('share_hospice_two_months')
        )
    union all
    select
        person_no,
        'last stay' as care,
        800 as visit_no,
        death_date - floor(9 * draw('last stay', person_no))::integer as service_date,
    from work.person
    where death_date is not null
        and draw('hospice', person_no) >= getvariable('share_hospice')
        and draw('dies in hospital', person_no) < getvariable('share_hospital_death')
),

-- care by rate: for the years of the person's life in which the age is right
exposures as (
    select
        person.person_no,
        person.life,
        care.*,
        greatest(
            getvariable('first_day'),
            (person.birth_date + to_years(care.from_age))::date
        ) as exposed_from,
        least(
            getvariable('last_day'),
            coalesce(person.death_date, getvariable('last_day')),
            (person.birth_date + to_years(care.to_age + 1) - interval 1 day)::date
        ) as exposed_to,
        person.burden,
    from work.person as person
    inner join work.care as care
        on care.per_year > 0
        and person.age + 1 >= care.from_age
        and person.age - 4 <= care.to_age
        and care.sex in ('any', person.gender)
    where care.condition = 'any'
        or exists (
            from work.person_condition as person_condition
            where person_condition.person_no = person.person_no
                and person_condition.condition = care.condition
        )
),

rated_visits as (
    select
        person_no,
        care,
        100 * number + unnest(range(
            least(
                99,
                floor(
                    per_year
                    * date_diff('day', exposed_from, exposed_to) / 365.25
                    -- the sick have more of what is not preventive
                    * if(is_stay or place = 'emergency', burden, 1)
                    + draw(care || ' count', person_no)
                )
            )::bigint
        )) as visit_no,
        season,
        exposed_from,
        exposed_to,
    from exposures
    where exposed_from <= exposed_to
        and draw(care || ' ever', person_no) < share
        and (
            life not in ('no_visit', 'tie_recent', 'tie_dates', 'tie_same_day')
            or place not in ('home', 'women')
        )
),

dated_visits as (
    select
        person_no,
        care,
        visit_no,
        case
            when season is null then exposed_from + floor(
                draw(care || ' day', person_no, visit_no)
                * (exposed_to - exposed_from + 1)
            )::integer
            -- within three months of one of the years
            else (
                make_date(
                    year(exposed_from) + (
                        floor(3 * draw(care || ' year', person_no))::integer
                        + visit_no % 100
                    ) % (year(exposed_to) - year(exposed_from) + 1),
                    season,
                    1
                ) + floor(90 * draw(care || ' day', person_no, visit_no))::integer
            )::date
        end as service_date,
    from rated_visits
),

visits as (
    from office_visits
    union all by name
    from tie_visits
    union all by name
    from births
    union all by name
    from well_child_visits
    union all by name
    from deliveries
    union all by name
    from pregnancies
    union all by name
    from last_months
    union all by name
    from dated_visits
)

select
    visits.person_no,
    visits.care,
    visits.visit_no,
    visits.service_date,
    visits.site_choice,
from visits
inner join work.person as person on visits.person_no = person.person_no
where visits.service_date between person.birth_date and getvariable('last_day')
    and visits.service_date >= getvariable('first_day')
    and (person.death_date is null or visits.service_date <= person.death_date);

-- How long a stay lasts; everything else is done in a day, or a month of days.
create or replace macro end_of_care(
    care_name, person, visit, from_day, least_days, most
) as
from_day + case
    when least_days is null then 0
    -- a caesarean section is a day more
    when care_name = 'delivery'
        then least_days
        + (draw('mode', person, visit) < getvariable('share_caesarean'))::integer
    else least_days + floor((most + 1) * draw('days', person, visit))::integer
end;

-- Whether a follow-up of a visit happens, and when
create or replace macro is_followed(person, visit, follow_up, share) as
draw('follows', person, visit + 1000000 * follow_up) < share;
create or replace macro followed_on(
    end_date, person, visit, follow_up, from_days, to_days
) as
end_date + from_days + floor(
    (to_days - from_days + 1)
    * draw('follow-up', person, visit + 1000000 * follow_up)
)::integer;

create or replace table work.all_visit as
with first_visits as (
    select
        visit.*,
        end_of_care(
            visit.care, person_no, visit_no, service_date, care.days, care.days_more
        )::date as end_date,
    from work.first_visit as visit
    inner join work.care as care on visit.care = care.care
),

second_starts as (
    select
        visit.person_no,
        follow_up.care,
        -- apart from every other visit: the first one's number, moved
        visit.visit_no + 20000 * (follow_up.number - 199) as visit_no,
        followed_on(
            visit.end_date,
            visit.person_no,
            visit.visit_no,
            follow_up.number,
            from_days,
            to_days
        ) as service_date,
        visit.visit_no as after_visit_no,
    from first_visits as visit
    inner join work.care as care on visit.care = care.care
    inner join param.follow_up as follow_up
        on visit.care = follow_up.after_care
        or follow_up.after_care = 'stays' and care.is_for_follow_up
        and care.care <> 'last stay'
    where is_followed(
        visit.person_no, visit.visit_no, follow_up.number, follow_up.share
    )
),

second_visits as (
    select
        visit.*,
        end_of_care(
            visit.care, person_no, visit_no, service_date, care.days, care.days_more
        )::date as end_date,
    from second_starts as visit
    inner join work.care as care on visit.care = care.care
),

third_starts as (
    select
        visit.person_no,
        follow_up.care,
        visit.visit_no + 100000 * (follow_up.number - 218) as visit_no,
        followed_on(
            visit.end_date,
            visit.person_no,
            visit.visit_no,
            follow_up.number,
            from_days,
            to_days
        ) as service_date,
        visit.visit_no as after_visit_no,
    from second_visits as visit
    inner join param.follow_up as follow_up on visit.care = follow_up.after_care
    where is_followed(
        visit.person_no, visit.visit_no, follow_up.number, follow_up.share
    )
)

from first_visits
union all by name
from second_visits
union all by name
select *, service_date as end_date,
from third_starts;

-- Where, by whom and at whose cost
create or replace table work.visit as
with placed_visits as (
    select
        visit.person_no,
        visit.visit_no,
        visit.care,
        visit.service_date,
        -- a stay that would outlast the months of claims is still open: not sent
        visit.end_date,
        care.parts,
        care.is_stay,
        case
            when visit.after_visit_no is not null and care.care like '%readmission'
                then 'inpatient'
            when care.care in ('last stay', 'newborn stay') then 'inpatient'
            else care.place
        end as place,
        visit.site_choice,
        person.* exclude (person_no),
        case
            when care.place <> 'home' then null
            when visit.site_choice is not null then visit.site_choice
            when draw('visit site', visit.person_no, visit.visit_no)
                < getvariable('share_elsewhere')
                then 'off'
            when draw('roams', visit.person_no) < getvariable('share_roaming')
                and draw('visit site', visit.person_no, visit.visit_no)
                > 1 - getvariable('share_other_practice')
                then 'rival'
            else 'home'
        end as choice,
        if(visit.service_date < person.turn_date, first_home, home) as home_then,
    from work.all_visit as visit
    inner join work.care as care on visit.care = care.care
    inner join work.person as person on visit.person_no = person.person_no
    where visit.end_date <= getvariable('last_day')
        and visit.service_date >= getvariable('first_day')
        and (person.death_date is null or visit.end_date <= person.death_date)
),

sited_visits as (
    select
        visit.*,
        case visit.place
            when 'home' then case visit.choice
                when 'home' then home_then
                when 'rival' then rival
                else hsa.off_program
            end
            -- where women's care is given: some go, the others stay at home
            when 'women' then case
                when draw('women seen', person_no) >= getvariable('share_women_seen')
                    and visit.care <> 'women''s visit'
                    then home_then
                when visit.hsa = 'Rutland'
                    and draw('mixed', person_no) < getvariable('share_women_mixed')
                    then 'PR10'
                when draw('further women', person_no)
                    < getvariable('share_further_women')
                    then womens_site.further_site
                else womens_site.site
            end
            when 'tertiary' then 'HO04'
            when 'psychiatric' then 'PSYH'
            when 'cardiology' then 'PR11'
            when 'orthopedics' then 'ORTH'
            when 'dermatology' then 'DERM'
            when 'eyes' then 'EYES'
            when 'mental' then 'MIND'
            when 'addiction' then 'HUBS'
            when 'therapy' then 'MOVE'
            when 'nursing' then 'CARE'
            when 'hospice' then 'PEAC'
            when 'home health' then 'HOME'
            when 'laboratory' then 'LABS'
            when 'dental' then 'TEET'
            when 'agency' then 'SERV'
            when 'day treatment' then 'SERV'
            when 'home support' then 'SERV'
            when 'shared living' then 'SERV'
            when 'residential' then 'SERV'
            when 'school' then 'SCHO'
            when 'transport' then 'RIDE'
            else hsa.hospital
        end as site,
    from placed_visits as visit
    inner join work.hsa as hsa on visit.hsa = hsa.hsa
    inner join work.womens_site as womens_site on visit.hsa = womens_site.hsa
    where visit.care <> 'women''s visit'
        or draw('women seen', person_no) < getvariable('share_women_seen')
),

chaired_visits as (
    select
        visit.*,
        site.clinic_bill_type,
        site.kind as site_kind,
        -- positions that this care can fall to: those of primary care, of women's
        -- health, or all
        if(
            visit.place = 'women' and site.kind in ('women', 'mixed'),
            site.primary_chairs,
            0
        ) as chairs_before,
        case
            when visit.place = 'women' and site.kind in ('women', 'mixed')
                then site.chairs - site.primary_chairs
            when site.primary_chairs > 0 then site.primary_chairs
            else site.chairs
        end as chairs,
    from sited_visits as visit
    inner join work.site as site on visit.site = site.site
),

spans as (
    select person_no, role, span_payer, plan, span_from, in_force_to,
    from work.span
),

billed_visits as (
    select
        visit.* exclude (payer, other_payer, site_choice, choice, home_then),
        case
            when visit.chairs = 0 then null
            -- hospitals: emergency, medicine, surgery or radiology, by what is done
            when visit.site_kind = 'hospital' then case
                when visit.place = 'emergency' then 1
                when visit.is_stay then 2
                when visit.parts = 'PI' then 3
                else 4
            end
            when draw('usual', visit.person_no, visit.visit_no)
                < getvariable('share_usual_provider')
                then visit.chairs_before + 1
                + floor(visit.chairs * draw('usual chair', visit.person_no))::integer
            else visit.chairs_before + 1 + floor(
                visit.chairs * draw('chair', visit.person_no, visit.visit_no)
            )::integer
        end as chair,
        date_sub('year', birth_date, service_date) as age_at_visit,
        -- who pays: the primary coverage of the day, or one of two; none, and some bill
        -- the present payer all the same
        second_span.person_no is not null
        and draw('which primary', visit.person_no, visit.visit_no) < 0.5 as is_second,
        case
            when is_second then second_span.span_payer
            when span.person_no is not null then span.span_payer
            when draw('uncovered', visit.person_no, visit.visit_no)
                < getvariable('share_billed_uncovered')
                then visit.payer
        end as primary_payer,
        case
            when is_second then second_span.plan
            else span.plan
        end as primary_plan,
        secondary_span.span_payer as second_payer,
        secondary_span.plan as second_plan,
        exists (
            from param.bought_care as bought_care where bought_care.care = visit.care
        ) as is_bought,
    from chaired_visits as visit
    left join spans as span
        on visit.person_no = span.person_no
        and span.role = 'primary'
        and visit.service_date between span.span_from and span.in_force_to
    left join spans as second_span
        on visit.person_no = second_span.person_no
        and second_span.role = 'second_primary'
        and visit.service_date between second_span.span_from and second_span.in_force_to
    left join spans as secondary_span
        on visit.person_no = secondary_span.person_no
        and secondary_span.role = 'secondary'
        and visit.service_date
        between secondary_span.span_from and secondary_span.in_force_to
)

-- What few payers buy is paid by the first coverage that buys it, or never happened.
select
    visit.* exclude (
        is_second, primary_payer, primary_plan, second_payer, second_plan
    ),
    case
        when not visit.is_bought or by_first.payer is not null then visit.primary_payer
        else by_second.payer
    end as payer,
    if(visit.is_bought, null, visit.second_payer) as secondary_payer,
    capitated_care.care is not null as is_capitated,
from billed_visits as visit
left join param.bought_care as by_first
    on visit.care = by_first.care
    and visit.primary_payer = by_first.payer
    and by_first.plan in ('any', visit.primary_plan)
left join param.bought_care as by_second
    on visit.care = by_second.care
    and visit.second_payer = by_second.payer
    and by_second.plan in ('any', visit.second_plan)
left join param.capitated_care as capitated_care
    on visit.care = capitated_care.care
    and visit.primary_payer = capitated_care.payer
    and visit.primary_plan = capitated_care.plan;
