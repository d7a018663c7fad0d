"""The intervals of the resource index hold what they say: 1 where only chance differs.

Belongs here: the share of intervals that cover 1 when the sample's people are dealt out
to its practices at random, hundreds of times (tests/utilization/relabel.py): of
practices, and of the areas that their people are rolled up to.
"""

import pickle

import duckdb
import pytest

from tests.utilization.relabel import relabelled

LEAST, MOST = 0.93, 0.97
# Intervals, of how many drawings, and the share of them that covers 1.
COVERING = """
    select
        count(*) as intervals,
        count(distinct period_end) as drawings,
        avg(case when {low} <= 1 and {high} >= 1 then 1 else 0 end) as covering
    from intermediate.{model}
    where {condition}
"""
OF_AN_AREA = "category = 'total' and resource_index is not null and "


def covering(
    connection: duckdb.DuckDBPyConnection, model: str, bounds: str, condition: str
) -> tuple[int, int, float]:
    """Intervals, drawings and the share of intervals that covers 1."""
    query = COVERING.format(
        model=model, low=f"{bounds}_low", high=f"{bounds}_high", condition=condition
    )
    [row] = connection.execute(query).fetchall()
    return row


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
    for age_group in ("all", "adult"):
        scores = covering(
            connection,
            "int_utilization__trui",
            "ci",
            f"score_status = 'scored' and age_group = '{age_group}'",
        )
        assert scores[1] == drawings
        assert LEAST <= scores[2] <= MOST, (age_group, scores)
    for level, entities in (("hsa", 13), ("qi_region", 5)):
        for age_group in ("all", "adult"):
            areas = covering(
                connection,
                "int_utilization__rates",
                "resource_index",
                f"{OF_AN_AREA} level = '{level}' and payer_type = 'all' "
                f"and age_group = '{age_group}'",
            )
            assert areas[:2] == (drawings * entities, drawings)
            assert LEAST <= areas[2] <= MOST, (level, age_group, areas)
    # Of the types of payers that have people enough in an area to say anything.
    for payer_type in ("commercial", "medicaid", "medicare"):
        areas = covering(
            connection,
            "int_utilization__rates",
            "resource_index",
            f"{OF_AN_AREA} level = 'hsa' and age_group = 'all' "
            f"and payer_type = '{payer_type}'",
        )
        assert areas[1] == drawings
        assert LEAST <= areas[2] <= MOST, (payer_type, areas)
