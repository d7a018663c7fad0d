-- What payers and practices know of the people of one batch, added to what they know of
-- those before. Payers' counts come from the truth that the generator knows (home
-- practice, coverage, a visit in the look-back), not from the attribution that the
-- warehouse computes, so that the two differ as they do in life.

insert into work.known_count
select
    quarter.as_of_date,
    quarter.first_month,
    span.span_payer as payer,
    'pcmh' as program,
    span.span_home as practice_id,
    count(distinct span.person_no) as people,
from work.span as span
inner join work.quarter as quarter
    on quarter.as_of_date between span.span_from and span.in_force_to
where span.is_primary
    and span.life <> 'no_visit'
    and span.plan not in ('aso_maple', 'advantage')
    and exists (
        from work.visit as visit
        where visit.person_no = span.person_no
            and visit.site = span.span_home
            and visit.payer = span.span_payer
            and visit.service_date
            between quarter.as_of_date - 730 and quarter.as_of_date
    )
group by
    quarter.as_of_date,
    quarter.first_month,
    span.span_payer,
    span.span_home
union all
select
    quarter.as_of_date,
    quarter.first_month,
    span.span_payer as payer,
    'whi' as program,
    visit.site as practice_id,
    count(distinct span.person_no) as people,
from work.span as span
inner join work.quarter as quarter
    on quarter.as_of_date between span.span_from and span.in_force_to
inner join work.visit as visit
    on span.person_no = visit.person_no
    and visit.place = 'women'
    and visit.payer = span.span_payer
    and visit.service_date between quarter.as_of_date - 730 and quarter.as_of_date
inner join work.whi_start as whi_start
    on visit.site = whi_start.practice_id
    and quarter.as_of_date >= whi_start.start_date
inner join param.payer_policy as policy
    on span.span_payer = policy.payer
    and quarter.as_of_date >= policy.joined_whi_date
where span.is_primary
    and span.age between 15 and 44
group by
    quarter.as_of_date,
    quarter.first_month,
    span.span_payer,
    visit.site;

insert into work.seen_count
select
    visit.site as practice_id,
    if(visit.place = 'women' and site.kind in ('women', 'mixed'), 'whi', 'pcmh')
        as program,
    quarter.as_of_date,
    count(distinct visit.person_no) as people,
from work.visit as visit
inner join work.quarter as quarter
    on visit.service_date between quarter.as_of_date - 730 and quarter.as_of_date
inner join work.site as site on visit.site = site.site
where visit.place in ('home', 'women')
    and site.is_practice
    and visit.life <> 'out_of_state'
group by visit.site, program, quarter.as_of_date;
