-- Question: What would another reading of the manual change?
-- Columns: the reading in force and the other one; the state's patients under each;
--     areas_shown HSAs show both figures, and more_patients_shown and more_usd_shown
--     (a month's payments) are what they would gain, added up; areas_withheld do not.
-- Reading: One reading is changed at a time. The state's own dollars are withheld, and
--     its patients too where an HSA's could be told from them. Not every reading of
--     every program has dollars: more_usd_shown is null where no HSA shows any.
select
    state.program,
    state.parameter,
    state.default_value,
    state.alternative_value,
    state.default_patients,
    state.alternative_patients,
    count(*) filter (where not areas.is_suppressed) as areas_shown,
    sum(areas.alternative_patients - areas.default_patients) as more_patients_shown,
    sum(areas.alternative_amount_usd - areas.default_amount_usd) as more_usd_shown,
    count(*) filter (where areas.is_suppressed) as areas_withheld
from marts.attribution_sensitivity as state
inner join marts.attribution_sensitivity as areas
    on
        state.as_of_date = areas.as_of_date
        and state.program = areas.program
        and state.parameter = areas.parameter
        and areas.level = 'hsa'
where state.level = 'state'
group by all
order by state.program, state.parameter
