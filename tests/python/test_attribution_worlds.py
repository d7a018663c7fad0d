"""Thousands of small worlds, attributed by the warehouse and by plain Python alike.

Belongs here: the exact comparison of the two (tests/attribution), and that each of many
errors, planted in the models one at a time, would not have passed it. Does not belong
here: single steps of attribution (models/unit_tests), or what is made of its counts.
"""

import pickle
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from orchestration.contract import landing_contract
from tests.attribution.build import QUARANTINE, Build, Difference
from tests.attribution.planted import PLANTED, Planted
from tests.attribution.reference import LADDER, Drop
from tests.attribution.worlds import (
    COLUMNS,
    LOOK_BACKS,
    World,
    small_worlds,
    tables_of,
    write_drop,
)

WORLDS = 2000
# Enough to meet every edge; more would only make each planted error slower.
FEW = 700
AS_OF, SHORT_MONTH = date(2018, 6, 30), date(2018, 2, 28)

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("attribution_worlds")]


@pytest.fixture(scope="module")
def worlds() -> list[World]:
    return small_worlds(WORLDS)


class Builder:
    """Lands worlds, builds them and has the reference answer them."""

    def __init__(self, recording: Path, folder: Path) -> None:
        self.recording = pickle.loads(recording.read_bytes())
        self.folder = folder

    def build(
        self, worlds: Sequence[World], as_of: date, *, has_history: bool = True
    ) -> tuple[Build, Drop]:
        """The build of worlds on an as-of date, answered under the default policy.

        Returns:
            The build, and the same rows for the reference to answer otherwise.
        """
        folder = self.folder / f"{len(worlds)} worlds on {as_of}"
        write_drop(worlds, folder / "drop")
        build = Build(
            self.recording,
            folder / "drop",
            folder / "build",
            as_of,
            has_history=has_history,
        )
        drop = Drop(tables_of(worlds))
        build.expect(drop, self.folder)
        return build, drop


@pytest.fixture(scope="module")
def builder(recorded, tmp_path_factory) -> Builder:
    return Builder(recorded[1], tmp_path_factory.mktemp("worlds"))


@pytest.fixture(scope="module")
def built(builder, worlds) -> Build:
    """All worlds, on an as-of date and the quarter-ends before it."""
    return builder.build(worlds, AS_OF)[0]


@pytest.fixture(scope="module")
def few_worlds(worlds) -> list[World]:
    """Some whose days lie around the as-of date."""
    return [world for world in worlds if world.focus == AS_OF][:FEW]


@pytest.fixture(scope="module")
def few_built(builder, few_worlds) -> tuple[Build, Drop]:
    """The same on that date alone, to change models and build again."""
    build, drop = builder.build(few_worlds, AS_OF, has_history=False)
    differences = build.differences()
    assert not differences, told(differences, few_worlds)
    return build, drop


def told(differences: Sequence[Difference], worlds: Sequence[World]) -> str:
    """The smallest world in which the two differ, with both answers."""
    worlds_by_id = {f"w{world.number:05d}": world for world in worlds}
    by_world = Counter(difference.world for difference in differences)
    by_mart = Counter((d.mart, d.by) for d in differences)
    lines = [f"{len(differences)} rows in {len(by_world)} worlds differ:"]
    lines += [
        f"    {n} of {mart} only in the {by}" for (mart, by), n in by_mart.items()
    ]
    named = [worlds_by_id[name] for name in by_world if name]
    if named:
        smallest = min(named, key=lambda world: len(world.text()))
        lines += ["", smallest.text(), ""]
        prefix = f"w{smallest.number:05d}"
    else:
        prefix = ""
    for difference in differences:
        if difference.world == prefix:
            values = " | ".join("" if v is None else str(v) for v in difference.row)
            lines.append(f"{difference.by:>9}: {difference.mart}: {values}")
    return "\n".join(lines)


def test_the_worlds_are_valid_drops_of_the_landing_contract(worlds, built):
    assert len(worlds) == WORLDS
    contract = landing_contract()
    for table, columns in COLUMNS.items():
        assert set(columns.split()) <= {c.name for c in contract[table].columns}
    quarantined = f"from intermediate.{QUARANTINE}"
    assert built.connection.execute(quarantined).fetchall() == []


def test_the_worlds_meet_every_outcome(built):
    def met(mart, column):
        return {
            value
            for (value,) in built.connection.execute(
                f"select {column} from expected.{mart} group by all having count(*) > 9"
            ).fetchall()
        }

    assert built.as_of_dates() == sorted(LOOK_BACKS.keys() - {SHORT_MONTH})
    both = {"no_algorithm_for_payer_type", "not_primary_payer", "not_vermont_resident"}
    both |= {"employer_outside_vermont", "payer_not_participating", "attributed"}
    both |= {"plan_not_participating", "selected_pcp_off_roster", "no_qualifying_claim"}
    both |= {"only_providers_off_roster", "no_qualifying_provider"}
    medicare = {"lacks_part_a_or_b", "in_medicare_advantage", "non_blueprint_practice"}
    whi = {"not_female", "outside_age_range"}
    assert met("attribution", "(program, reason)") == {
        *(("pcmh", reason) for reason in both | medicare),
        *(("whi", reason) for reason in both | whi),
    }
    steps = {step for step, _ in LADDER}
    assert met("attribution", "decided_by") == steps | {"only_one", "selection", None}
    losses = {loss for _, loss in LADDER}
    assert met("attribution_candidates", "lost_because") == losses | {None}


def test_everyone_is_attributed_as_the_design_says(built, worlds):
    differences = built.differences()
    assert not differences, told(differences, worlds)


def test_a_short_month_has_its_own_look_back(builder, worlds):
    near = [world for world in worlds if world.focus == SHORT_MONTH]
    assert len(near) > 100
    build, _ = builder.build(near, SHORT_MONTH)
    assert SHORT_MONTH in build.as_of_dates()
    differences = build.differences()
    assert not differences, told(differences, worlds)


def test_maintained_codes_end_and_have_successors(builder, few_worlds, few_built):
    build, drop = few_built
    with build.changed(
        "int_attribution__scenarios",
        "'verbatim' as chosen_value, case when 'verbatim' =",
        "'maintained' as chosen_value, case when 'maintained' =",
    ):
        for mart in build.marts:
            assert build.differs(mart), f"restricted.{mart} is that of verbatim codes"
        build.expect(drop, builder.folder, code_policy="maintained")
        differences = build.differences()
    assert not differences, told(differences, few_worlds)


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.edge)
def test_an_error_in_a_model_would_be_seen(few_built, planted: Planted):
    build, _ = few_built
    with build.changed(planted.model, planted.find, planted.put, [planted.mart]):
        assert build.differs(planted.mart), (
            f"{planted.edge}: with {planted.put!r} for {planted.find!r} in "
            f"{planted.model}, restricted.{planted.mart} is what it was. No world "
            "meets this edge: make one that does (tests/attribution/worlds.py)."
        )
