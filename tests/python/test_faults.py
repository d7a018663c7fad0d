"""Every fault of a drop ends as it must, while readers go on reading `current`."""

import pickle
import re
import textwrap
import time
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest

from orchestration.publish import content_hash
from orchestration.releases import point_current
from orchestration.settings import build_paths
from tests.faults.cases import CASES, PUBLISHED, STOPPED, WARNED, Case, companies
from tests.faults.replay import Outcome, Replay
from tests.faults.report import neutral
from tests.faults.watch import Watcher, watching
from tests.faults.world import World

SCREEN_LINES, SCREEN_COLUMNS = 40, 100


@dataclass
class Campaign:
    """A releases folder with a clean release, and readers at work on it."""

    drop: Path
    replay: Replay
    clean: Path
    watcher: Watcher
    held: duckdb.DuckDBPyConnection
    fingerprint: list[tuple[str, int, int]]
    published: list[str] = field(default_factory=list)

    @property
    def releases(self) -> Path:
        """The folder that every case publishes to."""
        return self.replay.releases

    def current(self) -> Path:
        """The current release."""
        return (self.releases / "current").resolve(strict=True)


def fingerprint(folder: Path) -> list[tuple[str, int, int]]:
    """Every file of a release with its size and time."""
    return [
        (str(path.relative_to(folder)), path.stat().st_size, path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]


@pytest.fixture(scope="module")
def campaign(recorded, tmp_path_factory):
    drop, recording = recorded
    folder = tmp_path_factory.mktemp("campaign")
    replay = Replay(pickle.loads(recording.read_bytes()), folder / "releases")
    clean = replay.refresh(drop)
    assert clean.release, clean.screen
    assert clean.warned == set()
    held = duckdb.connect(str(clean.release / "blueprint.duckdb"), read_only=True)
    with watching(replay.releases, folder / "looks.jsonl") as watcher:
        watcher.wait_to_see(clean.release.name)
        yield Campaign(
            drop,
            replay,
            clean.release,
            watcher,
            held,
            fingerprint(clean.release),
            [clean.release.name],
        )
    held.close()


def test_the_replay_gives_what_dbt_gave(campaign, recorded):
    """Else the campaign would prove something about another warehouse."""
    built = build_paths(recorded[0].parent / "releases", "recording").database
    release = campaign.clean / "blueprint_restricted.duckdb"
    with (
        duckdb.connect(str(built), read_only=True) as dbt,
        duckdb.connect(str(release), read_only=True) as replayed,
    ):
        tables = dbt.execute(
            "select table_name from duckdb_tables() where schema_name = 'restricted'"
        ).fetchall()
        assert len(tables) > 6
        for (table,) in tables:
            relation = f'restricted."{table}"'
            assert content_hash(dbt, relation) == content_hash(replayed, relation)


def test_the_campaign_is_as_large_as_it_should_be():
    assert len(CASES) >= 60
    assert len({case.name for case in CASES}) == len(CASES)
    for outcome in (PUBLISHED, WARNED, STOPPED):
        assert sum(case.outcome == outcome for case in CASES) >= 10
    for cases in companies().values():
        # What stops a run, or comes with a date of its own, would hide the others.
        assert len(cases) == 1 or not any(
            c.outcome == STOPPED or c.as_of for c in cases
        )
        # Else one fault could answer for another.
        checks = [check for case in cases for check in case.checks]
        assert len(checks) == len(set(checks))
    for case in CASES:
        assert (case.outcome == WARNED) <= bool(case.checks), case.name
        assert (case.outcome == STOPPED) <= bool(case.checks or case.message)


@pytest.mark.parametrize("drop", companies())
def test_a_fault_ends_as_it_must(
    drop: str, campaign: Campaign, tmp_path, record_property, snapshot
):
    cases = companies()[drop]
    world = World.copy_of(campaign.drop, tmp_path / "drop")
    landing = world.folder
    for case in cases:
        landing = case.fault(world) or landing
    started = time.monotonic()
    outcome = campaign.replay.refresh(landing, cases[0].as_of)
    seconds = time.monotonic() - started
    found = outcome.stopped or outcome.warned
    told = [told_of(case, outcome, found, seconds / len(cases)) for case in cases]
    record_property("faults", told)
    after = campaign.current()
    if outcome.release:
        campaign.published.append(outcome.release.name)
        campaign.watcher.wait_to_see(outcome.release.name)
        point_current(campaign.releases, campaign.clean)
        assert after == outcome.release
    else:
        assert after == campaign.clean
        # Nothing half-written is left where readers look.
        assert list(campaign.releases.glob("*/.*.partial")) == []
    assert fingerprint(campaign.clean) == campaign.fingerprint

    for case, line in zip(cases, told, strict=True):
        assert line["outcome"] == case.outcome, outcome.screen or outcome.warned
    assert found == frozenset().union(*(case.checks for case in cases)), outcome.screen
    if outcome.release is None:
        tells_what_to_do(cases[0], outcome)
        assert neutral(outcome.screen) == snapshot


def told_of(
    case: Case, outcome: Outcome, found: set[str], seconds: float
) -> dict[str, str]:
    """A fault's line in the campaign's table.

    found: the checks that stopped the drop or warned of it. In company a fault answers
    for its own checks, and alone for all of them.
    """
    own = found & case.checks if case.company else found
    warned = WARNED if own else PUBLISHED
    return {
        "name": case.name,
        "expected": case.outcome,
        "outcome": STOPPED if outcome.release is None else warned,
        "by": ", ".join(sorted(own)),
        "seconds": f"{seconds:.1f}",
    }


def tells_what_to_do(case: Case, outcome: Outcome) -> None:
    """A stop fits on a screen; a check's names table, rule, figure, limit, remedy."""
    lines = [
        part
        for line in outcome.screen.splitlines()
        for part in textwrap.wrap(line, SCREEN_COLUMNS) or [""]
    ]
    assert len(lines) <= SCREEN_LINES
    assert "Traceback" not in outcome.screen
    if case.message:
        assert re.search(case.message, outcome.screen), outcome.screen
    for result in outcome.results:
        if result.stops:
            message = result.message()
            assert message in outcome.screen
            assert result.check_id in message
            assert result.table.partition(".")[2] in message or "landing." in message
            assert re.search(r"\d", message)
            assert "limit" in message
            assert message.endswith(result.remedy)


def test_a_drop_that_changes_during_the_run_is_not_published(
    campaign, tmp_path, record_property
):
    """Parquet is read where it lies, so that a new file would mix two drops."""
    world = World.copy_of(campaign.drop, tmp_path / "drop")

    class Meddled(Replay):
        def gate(self, settings, paths, run_id, gate):
            super().gate(settings, paths, run_id, gate)
            if gate == "rows":
                world.text("medical_claim", lambda text: text + "\n")

    started = time.monotonic()
    outcome = Meddled(campaign.replay.recording, campaign.releases).refresh(
        world.folder
    )
    case = Case("the drop changes during the run", lambda _: None, STOPPED)
    seconds = time.monotonic() - started
    record_property("faults", [told_of(case, outcome, set(), seconds)])
    assert outcome.release is None
    assert "medical_claim.csv: changed while the run was reading it" in outcome.screen
    assert campaign.current() == campaign.clean


# These come last: they look back at all of the above.


def test_current_was_never_absent_half_written_or_wrong(campaign):
    assert campaign.watcher.problems() == []
    # It saw each release and nothing else: it was there at every switch.
    assert set(campaign.watcher.seen()) == set(campaign.published)


def test_a_reader_that_held_the_first_release_still_reads_it(campaign):
    rows = campaign.held.execute(
        "select count(*) from marts.attribution_counts"
    ).fetchone()
    file = campaign.clean / "parquet" / "marts" / "attribution_counts.parquet"
    assert [rows] == duckdb.sql(f"select count(*) from '{file}'").fetchall()
    assert rows[0] > 100
