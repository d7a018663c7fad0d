"""Claims that come late change nothing that was known before (design, section 2).

Two drops that both reach an as-of date's cutoff give the same attribution, whatever
else the later one says about claims: rows are read as they were known at the cutoff.
"""

import json
import pickle
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass

import duckdb
import pytest

from tests.faults.replay import Outcome, Replay
from tests.faults.world import Row, World

AS_OF = "2018-06-30"
# 30 days after it (design, section 2).
CUTOFF = "2018-07-30"
TABLES = (
    "attribution",
    "attribution_candidates",
    "attribution_evidence",
    "attribution_counts",
)


@dataclass(frozen=True)
class Run:
    """A refresh of a drop, and what it released."""

    outcome: Outcome

    def rows(self, table: str) -> set[tuple]:
        """All rows of a restricted table, as text."""
        file = self.outcome.release / "blueprint_restricted.duckdb"
        with duckdb.connect(str(file), read_only=True) as connection:
            rows = connection.execute(f"from restricted.{table}").fetchall()
        return {tuple(map(str, row)) for row in rows}

    def manifest(self) -> dict:
        """Its manifest."""
        return json.loads((self.outcome.release / "manifest.json").read_text())


@pytest.fixture(scope="module")
def refresh(recorded, tmp_path_factory) -> Callable[[Callable[[World], None]], Run]:
    """Refreshes a copy of the clean drop that a function has changed."""
    drop, recording = recorded
    folder = tmp_path_factory.mktemp("late")
    replay = Replay(pickle.loads(recording.read_bytes()), folder / "releases")

    def run(change: Callable[[World], None]) -> Run:
        shutil.rmtree(folder / "drop", ignore_errors=True)
        world = World.copy_of(drop, folder / "drop")
        change(world)
        outcome = replay.refresh(world.folder, AS_OF)
        assert outcome.release, outcome.screen
        return Run(outcome)

    return run


def known_by(world: World, day: str) -> None:
    """Keeps the medical claims that were paid by a day, or have no date of payment."""
    world.remove("medical_claim", lambda row: row["paid_date"] > day)


def visits(world: World) -> list[Row]:
    """Lines that were known by the cutoff, each of a claim of its own."""
    first = {}
    for row in world.rows("medical_claim"):
        is_plain = row["x_claim_status_code"] == "01" and row["paid_date"] <= CUTOFF
        if is_plain and row["rendering_npi"] and row["claim_start_date"] > "2016-07":
            first.setdefault((row["payer"], row["claim_id"]), row)
    return list(first.values())


def later_news(world: World, paid: str) -> dict[str, int]:
    """Adds rows that change what is known of claims, all paid on one day.

    A fifth of the known claims is reversed, a fifth denied in a new version, a fifth
    moved to another provider in a new version, a fifth replaced under a new number;
    and everyone who has claims gets two more from somebody else's provider.
    """
    chance = random.Random(7)  # noqa: S311 - no secret
    known = visits(world)
    chance.shuffle(known)
    providers = sorted(
        {row["npi"] for row in world.rows("practice_provider") if row["npi"]}
    )
    fifth = len(known) // 5
    changes = {
        "reversed": {"x_claim_status_code": "22"},
        "denied": {"x_claim_version": "2", "x_claim_status_code": "04"},
        "moved": {"x_claim_version": "2"},
        "replaced": {},
    }
    news = []
    for number, (kind, change) in enumerate(changes.items()):
        for row in known[number * fifth : (number + 1) * fifth]:
            other = {**row, **change, "paid_date": paid}
            if kind in ("moved", "replaced"):
                other["rendering_npi"] = other["billing_npi"] = chance.choice(providers)
            if kind == "replaced":
                other["x_replaces_claim_id"] = row["claim_id"]
                other["claim_id"] = f"R{row['claim_id']}"
            news.append(other)
    for person in sorted({(row["payer"], row["person_id"]) for row in known}):
        row = next(r for r in known if (r["payer"], r["person_id"]) == person)
        for number in range(2):
            news.append(
                {
                    **row,
                    "claim_id": f"N{number}{row['claim_id']}",
                    "rendering_npi": chance.choice(providers),
                    "claim_start_date": "2018-06-30",
                    "claim_line_start_date": "",
                    "paid_date": paid,
                }
            )
    world.write("medical_claim", world.rows("medical_claim") + news)
    return dict.fromkeys(changes, fifth) | {"new": len(news) - 4 * fifth}


@pytest.fixture(scope="module")
def first(refresh) -> Run:
    """The first drop that reaches the cutoff."""
    return refresh(lambda world: known_by(world, "2018-08-05"))


@pytest.fixture(scope="module")
def later(refresh) -> Run:
    """A later drop: everything is there, and news came on the day after the cutoff."""

    def change(world: World) -> None:
        counts = later_news(world, "2018-07-31")
        assert min(counts.values()) > 10, counts

    return refresh(change)


@pytest.mark.parametrize("table", TABLES)
def test_claims_that_come_after_the_cutoff_change_no_attribution(first, later, table):
    assert later.manifest()["inputs_hash"] != first.manifest()["inputs_hash"]
    assert first.rows(table)
    assert later.rows(table) == first.rows(table)


def test_the_same_claims_on_the_day_of_the_cutoff_change_it(first, refresh):
    """Else the test above would hold whatever was done to late claims."""
    in_time = refresh(lambda world: later_news(world, CUTOFF))
    for table in TABLES:
        assert in_time.rows(table) != first.rows(table), table


def test_a_run_before_the_cutoff_is_marked_provisional(first, refresh):
    early = refresh(lambda world: known_by(world, "2018-07-29"))
    assert early.manifest()["is_provisional"] is True
    assert early.manifest()["attribution_cutoff"] == CUTOFF
    assert "claims_reach_the_cutoff" in early.outcome.warned
    page = (early.outcome.release / "gates.html").read_text(encoding="utf-8")
    assert "provisional" in page
    assert first.manifest()["is_provisional"] is False
    assert "claims_reach_the_cutoff" not in first.outcome.warned


def test_late_claims_are_accounted_for(later):
    landed = {t["name"]: t for t in later.manifest()["inputs"]["tables"]}
    file = later.outcome.release / "blueprint.duckdb"
    with duckdb.connect(str(file), read_only=True) as connection:
        account = connection.execute(
            "select landed, staged + superseded + quarantined from marts.data_quality "
            "where rule = 'row_accounts' and \"table\" = 'medical_claim'"
        ).fetchone()
    assert account == (landed["medical_claim"]["rows"],) * 2
