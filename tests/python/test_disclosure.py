"""What is withheld cannot be had from what is published.

Belongs here: attempts to recover withheld cells from everything public at once, by
solving the sums that hold among them (tests/disclosure), on the sample and on random
populations. Does not belong here: single rules of suppression (models/unit_tests), or
that small cells are withheld at all (tests/data).
"""

import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks import generate
from tests.disclosure.recovery import System, explanation, recovered
from tests.disclosure.released import system
from tests.faults.replay import Replay

# Sums of amounts that are rounded to the cent.
ROUNDED = 0.02
# (people, seed) of random populations.
POPULATIONS = [
    (400, 1),
    (900, 2),
    (1_600, 3),
    (250, 4),
    (600, 5),
    (1_100, 6),
    (1_300, 7),
    (2_000, 8),
    (700, 9),
    (1_800, 10),
]
IN_EVERY_RUN = 1


def attempt(release: Path) -> System:
    """The cells and sums of a release, none of which may be had.

    With complementary suppression switched off, so that small cells alone are withheld,
    the same attempt succeeds; else it would prove nothing.
    """
    found = system(release)
    gaps = found.gaps()
    assert gaps[abs(gaps) > ROUNDED].empty
    assert found.cells["is_sensitive"].sum() > 1_000
    assert not (found.cells["is_sensitive"] & found.cells["is_told"]).any()
    cells = recovered(found)
    assert cells == [], explanation(found, cells[0]).to_string()
    assert len(recovered(found.unsuppressed_but_for_small())) > 100
    return found


# The solver, on sums that were solved by hand -----------------------------------------


def withheld(told: dict[str, float], hidden: dict[str, float], *sums: str) -> list[str]:
    """What is recovered of cells that are all sensitive; a sum is `a = b + c`."""
    cells = pd.DataFrame(
        [(cell, value, True, False) for cell, value in told.items()]
        + [(cell, value, False, True) for cell, value in hidden.items()],
        columns=["cell", "value", "is_told", "is_sensitive"],
    )
    terms = []
    for text in sums:
        whole, parts = text.split(" = ")
        terms.append((text, whole, -1.0))
        for part in parts.split(" + "):
            times, _, cell = part.rpartition("*")
            terms.append((text, cell, float(times or 1)))
    terms = pd.DataFrame(terms, columns=["sum", "cell", "factor"])
    found = System(cells, terms)
    assert found.gaps().abs().max() == 0
    return sorted(recovered(found))


def test_one_withheld_part_is_what_is_left_of_its_total():
    parts = {"told": {"all": 30, "a": 25}, "hidden": {"b": 5}}
    assert withheld(parts["told"], parts["hidden"], "all = a + b") == ["b"]
    assert withheld({"all": 30}, {"a": 25, "b": 5}, "all = a + b") == []


def test_a_cell_is_had_from_two_totals_that_share_the_others():
    told, hidden = {"area": 15, "entity": 11}, {"a": 6, "b": 5, "c": 4}
    sums = ("area = a + b + c", "entity = a + b")
    assert withheld(told, hidden, *sums) == ["c"]
    assert withheld({"area": 15}, {**hidden, "entity": 11}, *sums) == []


def test_two_cells_at_two_rates_are_had_from_people_and_dollars():
    told, hidden = {"people": 15, "dollars": 39}, {"a": 9, "b": 6}
    at_two = ("people = a + b", "dollars = 3*a + 2*b")
    assert withheld(told, hidden, *at_two) == ["a", "b"]
    at_one = ("people = a + b", "dollars = 3*a + 3*b")
    assert withheld({"people": 15, "dollars": 45}, hidden, *at_one) == []


def test_cells_of_a_square_are_had_when_its_corners_are_not_all_withheld():
    rows = ("top = a + b", "bottom = c + d", "left = a + c", "right = b + d")
    told = {"top": 9, "bottom": 10, "left": 8, "right": 11}
    hidden = {"a": 4, "b": 5, "c": 4, "d": 6}
    assert withheld(told, hidden, *rows) == []
    open_corner = {key: value for key, value in hidden.items() if key != "d"}
    assert withheld({**told, "d": 6}, open_corner, *rows) == ["a", "b", "c"]


def test_components_too_large_for_a_dense_solution_are_solved_alike(monkeypatch):
    random = np.random.default_rng(7)
    values = random.integers(1, 11, 400)
    hidden = {f"c{number}": float(value) for number, value in enumerate(values)}
    chosen = [random.choice(400, 3, replace=False) for _ in range(380)]
    sums = {
        f"s{number} = " + " + ".join(f"c{place}" for place in places): float(
            values[places].sum()
        )
        for number, places in enumerate(chosen)
    }
    told = {text.partition(" = ")[0]: value for text, value in sums.items()}
    dense = withheld(told, hidden, *sums)
    assert 0 < len(dense) < 400
    monkeypatch.setattr("tests.disclosure.recovery.LARGEST_DENSE", 1)
    assert withheld(told, hidden, *sums) == dense


# Releases -----------------------------------------------------------------------------


@pytest.mark.slow
def test_nothing_withheld_of_the_sample_can_be_recovered(refreshed):
    attempt(refreshed.current())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("people", "seed"),
    [
        *POPULATIONS[:IN_EVERY_RUN],
        *(
            pytest.param(*p, marks=pytest.mark.thorough)
            for p in POPULATIONS[IN_EVERY_RUN:]
        ),
    ],
)
def test_nothing_withheld_of_a_random_population_can_be_recovered(
    recorded, tmp_path, people, seed
):
    drop = tmp_path / "drop"
    generate.main(
        ["--people", str(people), "--seed", str(seed), "--out", str(drop), "--quiet"]
    )
    replay = Replay(pickle.loads(recorded[1].read_bytes()), tmp_path / "releases")
    outcome = replay.refresh(drop)
    assert outcome.release, outcome.screen
    attempt(outcome.release)
