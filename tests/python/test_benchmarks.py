"""The floor attributes as the warehouse does, and the benchmark reads a run right."""

import json
from datetime import date
from pathlib import Path

import duckdb
import pytest
from conftest import Drop

from benchmarks import bench, floor, measure
from benchmarks.measure import Event, Measured

SAMPLE = bench.PROJECT / "seeds" / "landing"
AS_OF = date(2018, 6, 30)
CUTOFF_DAYS = 30


# The floor and the release ------------------------------------------------------------


@pytest.fixture(scope="session")
def restricted(refreshed) -> Path:
    assert refreshed.outcome.code == 0, refreshed.outcome.output
    return refreshed.current() / "blueprint_restricted.duckdb"


@pytest.fixture(scope="session")
def answers(restricted, tmp_path_factory) -> Path:
    """What the floor makes of the sample, for every as-of date of the release."""
    folder = tmp_path_factory.mktemp("floor")
    with duckdb.connect(str(restricted), read_only=True) as connection:
        dates = connection.execute(
            "select distinct as_of_date from restricted.attribution"
        ).fetchall()
    kept, said = folder / "floor.duckdb", folder / "floor.json"
    floor.floor_process(SAMPLE, [row[0] for row in dates], CUTOFF_DAYS, kept, said)
    assert len(json.loads(said.read_text())["seconds"]) == len(dates) > 1
    return kept


@pytest.mark.slow
@pytest.mark.xdist_group("refresh")
def test_the_floor_attributes_everybody_as_the_release_does(answers, restricted):
    people, candidates = floor.compare_with_release(answers, restricted)
    assert people.examples + candidates.examples == []
    assert people.differing == candidates.differing == 0
    assert people.rows > 1000
    assert candidates.rows > 1000


@pytest.mark.slow
@pytest.mark.xdist_group("refresh")
def test_a_planted_difference_is_reported(answers, restricted, tmp_path):
    planted = tmp_path / "floor.duckdb"
    planted.write_bytes(answers.read_bytes())
    with duckdb.connect(str(planted)) as connection:
        key = connection.execute(
            "select as_of_date, payer, person_id from attribution "
            "where practice_id is not null order by all limit 1"
        ).fetchall()[0]
        connection.execute(
            "update attribution set practice_id = 'PR00' "
            "where as_of_date = ? and payer = ? and person_id = ?",
            key,
        )
        connection.execute("delete from candidates where rank > 1")
    people, candidates = floor.compare_with_release(planted, restricted)
    assert people.differing == 1
    assert f"{key[1]} {key[2]}: practice_id PR00 by the floor" in people.examples[0]
    assert candidates.differing > floor.DIFFERENCES_SHOWN
    assert candidates.examples[0].endswith("only in the release")
    comparisons = [vars(people), vars(candidates)]
    assert not bench.is_agreed({"comparisons": comparisons})


def test_nothing_to_compare_is_no_agreement():
    nothing = {"table": "attribution", "rows": 0, "differing": 0, "examples": []}
    assert not bench.is_agreed({"comparisons": [nothing]})
    assert bench.is_agreed({"comparisons": [{**nothing, "rows": 1}]})
    assert bench.is_agreed({})


def attributed(folder: Path) -> dict[tuple[str, str], tuple[str | None, int | None]]:
    """Payer and person to practice and qualifying claims, as the floor says."""
    with duckdb.connect() as connection:
        floor.open_landing(connection, folder)
        floor.run_floor(connection, AS_OF, CUTOFF_DAYS)
        rows = connection.execute(
            "select payer, person_id, practice_id, qualifying_claims from attribution"
        ).fetchall()
    return {(payer, person): (practice, n) for payer, person, practice, n in rows}


def test_csv_and_a_folder_of_parquet_are_read_alike(tmp_path):
    with duckdb.connect() as connection:
        for name in floor.FLOOR_TABLES:
            folder = tmp_path / name
            folder.mkdir()
            source = floor.literal(str(SAMPLE / f"{name}.csv"))
            for part in (0, 1):
                connection.execute(
                    f"copy (select * exclude (part) from "
                    f"(select *, row_number() over () % 2 as part from "
                    f"read_csv({source}, header = true, all_varchar = true)) "
                    f"where part = {part}) to "
                    f"{floor.literal(str(folder / f'{part}.parquet'))} (format parquet)"
                )
    assert attributed(tmp_path) == attributed(SAMPLE)
    assert floor.landed_rows(tmp_path) == {
        name: rows
        for name, rows in floor.landed_rows(SAMPLE).items()
        if name in floor.FLOOR_TABLES
    }


# A drop of one person per case, and two practices -------------------------------------

DOCTORS = {"PR01": "1111111111", "PR02": "2222222222"}
LATER = {"claim_start_date": "2018-03-01"}
SECOND = {"practice": "PR02"}
OTHER = {"practice": "PR02", "claim_id": "B"}
REVERSED = {"x_claim_status_code": "22"}
REPLACING = {"claim_id": "B", "x_replaces_claim_id": "A", "hcpcs_code": "1"}
NOBODY = {"person_id": "unknown"}
PR01, PR02, NONE = ("PR01", 1), ("PR02", 1), (None, None)

# What a case is about, how its claim rows differ from CLAIM, and the person's practice
# with its qualifying claims.
CLAIM = {
    "practice": "PR01",
    "claim_id": "A",
    "claim_line_number": "1",
    "claim_type": "professional",
    "claim_start_date": "2018-01-10",
    "paid_date": "2018-02-10",
    "hcpcs_code": "99213",
    "revenue_center_code": "",
    "x_claim_version": "",
    "x_claim_status_code": "",
    "x_replaces_claim_id": "",
}
CLINIC = {"hcpcs_code": "", "revenue_center_code": "521"}
CASES = {
    "a listed code counts": ([{}], PR01),
    "padding does not matter": ([{"hcpcs_code": " 99213 "}], PR01),
    "another code does not count": ([{"hcpcs_code": "99999"}], NONE),
    "a revenue code counts on institutional claims": (
        [{**CLINIC, "claim_type": "Institutional"}],
        PR01,
    ),
    "a revenue code counts nowhere else": ([CLINIC], NONE),
    "the first day of the look-back": ([{"claim_start_date": "2016-07-01"}], PR01),
    "the day before": ([{"claim_start_date": "2016-06-30"}], NONE),
    "the cutoff": ([{"paid_date": "2018-07-30"}], PR01),
    "the day after the cutoff": ([{"paid_date": "2018-07-31"}], NONE),
    "never paid was always known": ([{"paid_date": ""}], PR01),
    "denied, without its zero": ([{"x_claim_status_code": "4"}], NONE),
    # Who wins.
    "two claims are more than two lines of one": (
        [{}, {"claim_line_number": "2"}, OTHER, {**OTHER, "claim_id": "C"}],
        ("PR02", 2),
    ),
    "then the last visit": ([{}, {**OTHER, **LATER}], PR02),
    "then the most days": (
        [LATER, {**OTHER, **LATER}, {**OTHER, "claim_line_number": "2"}],
        PR02,
    ),
    "then the most lines": ([{}, OTHER, {**OTHER, "claim_line_number": "2"}], PR02),
    "then the lowest id": ([SECOND, {"claim_id": "B"}], PR01),
    # Final claims.
    "a copy counts once": ([{}, {}], PR01),
    "a higher version stands alone": ([{}, {**SECOND, "x_claim_version": "2"}], PR02),
    "once it is known": (
        [{}, {**SECOND, "x_claim_version": "2", "paid_date": "2018-08-01"}],
        PR01,
    ),
    "versions may begin at nought": ([{"x_claim_version": "0"}, SECOND], PR02),
    "a version without a listed code supersedes too": (
        [{}, {"x_claim_version": "2", "hcpcs_code": "99999"}],
        NONE,
    ),
    "a reversal ends its version": ([{}, REVERSED], NONE),
    "and none that came after": (
        [{}, REVERSED, {**SECOND, "x_claim_version": "2"}],
        PR02,
    ),
    "a claim that is named as replaced is ended": ([{}, REPLACING], NONE),
    "by the one that counts instead": (
        [{}, {**REPLACING, **SECOND, "hcpcs_code": "99213"}],
        PR02,
    ),
    "a claim does not replace itself": (
        [{}, {"claim_id": "B", "x_replaces_claim_id": "B"}],
        ("PR01", 2),
    ),
    # A row at fault ends nothing.
    "a reversal for nobody": ([{}, {**REVERSED, **NOBODY}], PR01),
    "a replacement for nobody": ([{}, {**REPLACING, **NOBODY}], PR01),
    "half a version": ([{}, {"x_claim_version": "2.5"}], PR01),
    "a version on no day": (
        [{}, {"x_claim_version": "2", "claim_start_date": "soon"}],
        PR01,
    ),
    "an amount of words, which nothing else reads": (
        [{}, {"x_claim_version": "2", "paid_amount": "n/a"}],
        PR01,
    ),
    # Two rows with one key: the first by contents stands, whatever it says.
    "a conflict lost": (
        [{}, {"claim_start_date": "2018-01-09", "hcpcs_code": "1"}],
        NONE,
    ),
    "a conflict won": (
        [{}, {"claim_start_date": "2018-01-11", "hcpcs_code": "1"}],
        PR01,
    ),
    "a conflict of practices": ([{}, SECOND], PR01),
    "a conflict that only an amount decides": (
        [
            {"hcpcs_code": "1", "service_unit_quantity": "2"},
            {"service_unit_quantity": "1"},
        ],
        PR01,
    ),
    "a conflict with nobody": ([{}, {"plan": "A", **NOBODY}], PR01),
    "a reversal that lost a conflict": (
        [
            {},
            {**REVERSED, "claim_start_date": "2018-01-11"},
            {**REVERSED, "paid_date": "2018-08-01"},
        ],
        PR01,
    ),
}


@pytest.fixture(scope="module")
def settled(tmp_path_factory) -> dict[str, tuple[str | None, int | None]]:
    """What the floor makes of every case, by its name."""
    drop = Drop(tmp_path_factory.mktemp("cases"))
    people, claims = [], []
    for case, (rows, _) in CASES.items():
        people.append(
            drop.row(
                "eligibility",
                person_id=case,
                payer="bcbsvt",
                payer_type="Commercial",
                birth_date="1980-01-01",
                enrollment_start_date="2015-01-01",
                state=" vermont ",
            )
        )
        for row in rows:
            claim = {"person_id": case, "payer": "bcbsvt", **CLAIM, **row}
            claim["rendering_npi"] = DOCTORS[claim.pop("practice")]
            for name in ("claim_id", "x_replaces_claim_id"):
                claim[name] = claim[name] and f"{case} {claim[name]}"
            claims.append(claim)
    drop.write("eligibility.csv", people)
    drop.write(
        "medical_claim.csv", claims, list(dict.fromkeys(n for c in claims for n in c))
    )
    practices, roster = [], []
    for practice, npi in DOCTORS.items():
        practices.append(drop.row("practice", practice_id=practice, town="Barre"))
        roster.append(
            drop.row(
                "practice_provider",
                practice_id=practice,
                npi=npi,
                program="PCMH",
                start_date="2015-01-01",
                specialty="Family Medicine",
            )
        )
    drop.write("practice.csv", practices)
    drop.write("practice_provider.csv", roster)
    found = attributed(drop.folder)
    return {person: answer for (_, person), answer in found.items()}


@pytest.mark.parametrize("case", CASES)
def test_the_floor_follows_the_rules_line_by_line(settled, case):
    assert settled[case] == CASES[case][1]


# The record of a run ------------------------------------------------------------------

EVENTS = [
    Event("started", "landing", 110.0),
    Event("built", "landing", 112.0, "reference.towns", 9.0),
    Event("ended", "landing", 114.0),
    Event("started", "landing_gate", 115.0),
    Event("checked", "landing_gate", 116.0, "there_are_rows", 0.5),
    Event("ended", "landing_gate", 117.0),
    Event("started", "transform", 119.0),
    Event("built", "transform", 120.0, "staging.stg_medical_claim", 3.0),
    Event("built", "transform", 121.0, "intermediate.int_attribution__visits", 4.0),
    Event("checked", "transform", 122.0, "visits_are_unique", 1.5),
    Event("ended", "transform", 129.0),
]


def test_stages_add_up_to_the_wall_time():
    samples = [(105.0, 10), (112.0, 30), (118.0, 90), (125.0, 70), (129.5, 20)]
    measured = Measured(0, 100.0, 130.0, samples)
    stages = measure.stages_of(reversed(EVENTS), measured, lines=1000)
    assert {stage.name: stage.seconds for stage in stages} == {
        "start": 10.0,
        "landing": 4.0,
        "landing gate": 2.0,
        "transform": 10.0,
        "between steps": 3.0,
        "end": 1.0,
    }
    assert sum(stage.seconds for stage in stages) == measured.seconds
    by_name = {stage.name: stage for stage in stages}
    assert by_name["landing"].lines_per_second == 250.0
    assert by_name["start"].lines_per_second is None
    # A seed is no model.
    assert by_name["landing"].models == 0
    assert by_name["landing gate"].check_seconds == 0.5
    transform = by_name["transform"]
    assert (transform.models, transform.model_seconds) == (2, 7.0)
    assert transform.check_seconds == 1.5
    assert [stage.peak_bytes for stage in stages] == [10, 30, None, 70, None, 20]
    assert measured.peak_bytes() == 90


def test_the_slowest_models_come_first_and_are_models():
    assert measure.slowest_models(EVENTS) == [
        ("intermediate.int_attribution__visits", 4.0),
        ("staging.stg_medical_claim", 3.0),
    ]
    assert measure.slowest_models(EVENTS, 1) == [
        ("intermediate.int_attribution__visits", 4.0)
    ]


def test_the_models_behind_a_model_are_its_ancestors_without_seeds():
    manifest = {
        "parent_map": {
            "model.b.c": ["model.b.a", "model.b.b"],
            "model.b.b": ["model.b.a"],
            "model.b.a": ["seed.b.s"],
            "model.b.d": ["model.b.c"],
        },
        "nodes": {
            f"model.b.{name}": {"schema": "staging", "alias": name} for name in "abcd"
        },
    }
    found = measure.models_behind(manifest, "model.b.c")
    assert found == {"staging.a", "staging.b", "staging.c"}


def test_memory_is_that_of_a_process_and_its_descendants(tmp_path):
    page = measure.os.sysconf("SC_PAGE_SIZE")
    for process, parent, pages in ((7, 1, 10), (8, 7, 5), (9, 8, 2), (10, 1, 99)):
        folder = tmp_path / str(process)
        folder.mkdir()
        fields = ["S", str(parent), *["0"] * 19, str(pages), "0"]
        (folder / "stat").write_text(
            f"{process} (a (name) {process}) {' '.join(fields)}"
        )
    assert measure.tree_bytes(7, tmp_path) == 17 * page
    assert measure.tree_bytes(11, tmp_path) is None


def test_the_as_of_dates_are_a_date_and_the_quarter_ends_before_it():
    with duckdb.connect() as connection:
        floor.open_landing(connection, SAMPLE)
        assert floor.as_of_dates(connection, None, 2) == [
            date(2018, 6, 30),
            date(2018, 3, 31),
            date(2017, 12, 31),
        ]
        assert floor.as_of_dates(connection, date(2018, 2, 28), 1) == [
            date(2018, 2, 28),
            date(2017, 12, 31),
        ]


# The drop and the words ---------------------------------------------------------------


def test_a_drop_is_used_again_only_while_nothing_changes(tmp_path, monkeypatch):
    made = []

    def generate(arguments):
        made.append(arguments)
        (tmp_path / "drop").mkdir()
        return Measured(0, 1.0, 3.0)

    monkeypatch.setattr(bench, "run_command", generate)
    assert bench.drop_of(tmp_path, 400, None)[2] is False
    _, record, is_reused = bench.drop_of(tmp_path, 400, None)
    assert is_reused
    assert record["seconds"] == 2.0
    assert bench.drop_of(tmp_path, 400, 7)[2] is False
    assert made[-1][-2:] == ["--seed", "7"]
    monkeypatch.setattr(bench, "generator_fingerprint", lambda: "another")
    assert bench.drop_of(tmp_path, 400, 7)[2] is False
    assert len(made) == 3
    (tmp_path / "drop.json").unlink()
    with pytest.raises(floor.BenchError, match="not made by this"):
        bench.drop_of(tmp_path, 400, 7)


def test_a_report_says_what_was_measured():
    measured = Measured(0, 100.0, 130.0, [(120.0, 3 << 29)])
    floor = bench.Floor(0.1, {"2018-06-30": 0.4, "2018-03-31": 0.5}, 1 << 29, None)
    record = {
        "machine": bench.machine(),
        "drop": {"folder": "a", "bytes": 5 << 20, "rows": {"medical_claim": 123_456}},
        "generation": {
            "people": 400,
            "seconds": 2.0,
            "peak_bytes": 1 << 20,
            "is_reused": True,
        },
        "refresh": {
            "seconds": 30.0,
            "lines_per_second": 4115.2,
            "peak_bytes": measured.peak_bytes(),
            "stages": [vars(s) for s in measure.stages_of(EVENTS, measured, 123_456)],
            "slowest_models": measure.slowest_models(EVENTS),
            "attribution_models": 2,
            "attribution_seconds": 7.0,
        },
        "floor": bench.floor_record(floor),
        "ratios": {
            "refresh_to_floor_of_all_dates": 30.0,
            "refresh_to_floor_of_one_date": 60.0,
            "attribution_models_to_floor_of_all_dates": 7.0,
        },
        "comparisons": [
            {"table": "attribution", "rows": 9000, "differing": 0, "examples": []},
            {"table": "candidates", "rows": 20, "differing": 1, "examples": ["so"]},
        ],
    }
    text = bench.report(record)
    for said in (
        "123,456  medical_claim",
        "61,700 rows/s, peak memory 1 MiB, then; reused now",
        "30.0 s, 4,120 medical lines/s, peak memory 1.5 GiB",
        "as of 2018-06-30     0.50 s     247,000 lines/s, peak memory not measured",
        "all 2 dates          1.00 s     123,000 lines/s, peak memory 512 MiB",
        "30.0  whole refresh to floor, both for 2 as-of dates",
        "60.0  whole refresh to floor of the run's own date",
        "7.0  the 2 models behind attribution (7.0 s, summed) to floor",
        "attribution: agrees on 9,000 rows",
        "candidates: 1 of 20 rows differ",
    ):
        assert said in text
    assert json.loads(json.dumps(record, default=str))


def test_a_wrong_argument_is_refused(capsys):
    for wrong in ([], ["--people", "0"], ["--people", "5", "--landing", "x"]):
        with pytest.raises(SystemExit):
            bench.main(wrong)
    assert "usage" in capsys.readouterr().err
    assert bench.main(["--landing", "x", "--as-of", "2018-06-29"]) == 1
    assert "2018-06-30" in capsys.readouterr().err
    assert bench.main(["--landing", "nowhere"]) == 1
    assert "no such directory" in capsys.readouterr().err
