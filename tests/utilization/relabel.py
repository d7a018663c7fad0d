"""Practices that differ by chance alone: people of a release, dealt out anew.

Belongs here: many drawings in which each practice keeps its number of people and gets
them at random, scored by the models of the index, all at once, as if each drawing were
a period. Does not belong here: what share of intervals has to hold 1
(test_utilization_intervals.py).
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.landing import literal
from orchestration.settings import BuildPaths
from tests.faults.replay import Recording, Replay

RATES = "int_utilization__rates"
# The models behind the people, in dbt's order.
MODELS = (
    "int_utilization__stratum_cells",
    "int_utilization__practice_months",
    "int_utilization__practice_cells",
    "int_utilization__practice_services",
    "int_utilization__expected_rates",
    "int_utilization__practice_use",
    "int_utilization__cell_spread",
    "int_utilization__practice_entities",
    "int_utilization__spread",
    "int_utilization__trui",
    RATES,
)
TOTALS_ALONE = """
delete from intermediate.int_utilization__practice_use
where category not in (
    select category from reference.service_categories where category_kind = 'total'
)
"""

# People scored in the last period, once in each drawing; a drawing deals out the
# practices in the order of a digest of its number and the person (DuckDB's own hash
# keeps neighbours together).
PEOPLE = """
create table intermediate.int_utilization__members as
with people as (
    select *, row_number() over (order by practice_id, person_id) as seat
    from released.restricted.trui_members
    where is_scored
        and period_end = (
            select max(period_end) from released.restricted.trui_members
        )
),
drawings as (
    select drawing, cast(date '1900-01-01' + cast(drawing as integer) as date)
        as period_end
    from range($drawings) as drawn(drawing)
),
dealt as (
    select
        drawings.period_end,
        people.* exclude (period_end, practice_id, hsa, seat),
        split_part(people.stratum_id, '|', 4) as broad_band,
        row_number() over (
            partition by drawings.drawing
            order by
                md5($seed || ' ' || drawings.drawing || ' ' || people.person_id),
                people.person_id
        ) as seat
    from people cross join drawings
)
select dealt.* exclude (seat), people.practice_id
from dealt inner join people on dealt.seat = people.seat
"""
UNITS = """
create table intermediate.int_utilization__member_units as
select
    period_end, person_id, capped_units as units,
    cast(null as decimal(18, 4)) as cap_units_per_year, is_capped,
    cast(1 as decimal(18, 12)) as cap_factor
from intermediate.int_utilization__members
"""
SERVICES = """
create table intermediate.int_utilization__member_categories as
select members.period_end, services.* exclude (period_end)
from released.restricted.utilization_members as services
inner join (
    select distinct period_end, person_id from intermediate.int_utilization__members
) as members on services.person_id = members.person_id
where services.units > 0
    and services.period_end = (
        select max(period_end) from released.restricted.trui_members
    )
"""
SURROUNDINGS = (
    """
    create table intermediate.int_quality__periods as
    select distinct
        period_end, cast(null as date) as prior_period_end,
        cast(period_end - 364 as date) as period_start,
        period_end as score_cutoff_date,
        true as is_run_as_of, false as is_half_year
    from intermediate.int_utilization__members
    """,
    """
    create table intermediate.int_utilization__completeness as
    select
        period_end, cast(1 as decimal(9, 6)) as completeness,
        cast(1 as decimal(9, 6)) as least_completeness,
        cast(null as varchar) as least_complete_payer, true as is_complete
    from intermediate.int_quality__periods
    """,
    """
    create table intermediate.int_landing__earlier_trui_levels (
        practice_id varchar, level_date date, amount_usd decimal(18, 2)
    )
    """,
    """
    create table intermediate.int_program__practices_as_of as
    with areas as (
        select distinct practice_id, hsa
        from released.restricted.trui_members
        where period_end = (
            select max(period_end) from released.restricted.trui_members
        )
    )
    select distinct
        members.period_end as as_of_date, practice_id, areas.hsa,
        cast(null as varchar) as administrative_entity_id
    from intermediate.int_utilization__members as members
    inner join areas using (practice_id)
    """,
)


def relabelled(
    recording: Recording, release: Path, folder: Path, *, drawings: int, seed: str
) -> duckdb.DuckDBPyConnection:
    """Scores of practices whose people were dealt out at random.

    Args:
        recording: dbt's statements.
        release: the restricted file of a release.
        folder: where the database goes.
        drawings: how many times people are dealt out.
        seed: what decides how.

    Returns:
        A connection, in which `intermediate.int_utilization__trui` has one row per
        drawing (as `period_end`), age group and practice, and
        `intermediate.int_utilization__rates` the totals of areas too. Categories are
        kept from the rates, which would take most of the time.
    """
    folder.mkdir(parents=True)
    paths, replay = BuildPaths(folder), Replay(recording, folder)
    replay.load_reference(paths)
    connection = duckdb.connect(str(paths.database))
    connection.execute(f"attach {literal(str(release))} as released (read_only)")
    connection.execute("create schema intermediate")
    connection.execute(PEOPLE, {"drawings": drawings, "seed": seed})
    for statement in (UNITS, SERVICES, *SURROUNDINGS):
        connection.execute(statement)
    by_name = {
        statement.name: statement
        for statements in recording.statements.values()
        for statement in statements
        if statement.kind == "model"
    }
    for name in ("int_utilization__parameters", *MODELS):
        if name == RATES:
            connection.execute(TOTALS_ALONE)
        node = replay.run(connection, by_name[name])
        assert node.status == "success", f"{name}: {node.message}"
    return connection
