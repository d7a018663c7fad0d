"""The intervals of the resource index hold what they say: 1 where only chance differs.

Belongs here: the share of intervals that cover 1 when the sample's people are dealt out
to its practices at random, hundreds of times (tests/utilization/relabel.py).
"""

import pickle

import pytest

from tests.utilization.relabel import relabelled

LEAST, MOST = 0.93, 0.97


@pytest.mark.slow
@pytest.mark.parametrize(
    "drawings", [100, pytest.param(500, marks=pytest.mark.thorough)]
)
def test_intervals_cover_one_when_practices_differ_by_chance(
    recorded, refreshed, tmp_path, drawings
):
    release = refreshed.current() / "blueprint_restricted.duckdb"
    connection = relabelled(
        pickle.loads(recorded[1].read_bytes()),
        release,
        tmp_path / "relabelled",
        drawings=drawings,
        seed="practices that differ by chance",
    )
    rows = connection.execute(
        """
        select
            age_group,
            count(*) as intervals,
            count(distinct period_end) as drawings,
            avg(case when ci_low <= 1 and ci_high >= 1 then 1 else 0 end) as covering
        from intermediate.int_utilization__trui
        where score_status = 'scored'
        group by age_group
        order by age_group
        """
    ).fetchall()
    by_age = {row[0]: row for row in rows}
    assert by_age["all"][2] == drawings
    assert LEAST <= by_age["all"][3] <= MOST, rows
    assert LEAST <= by_age["adult"][3] <= MOST, rows
