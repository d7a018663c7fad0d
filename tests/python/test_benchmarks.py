"""The floor attributes as the warehouse does, and the benchmark reads a run right."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb
import pytest
from conftest import Drop

from benchmarks import bench, floor, measure
from benchmarks.measure import Event, Measured
from orchestration.dbt_runner import ensure_manifest

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
    people, candidates, uniques = floor.compare_answers(answers, restricted)
    assert people.examples + candidates.examples + uniques.examples == []
    assert people.differing == candidates.differing == uniques.differing == 0
    assert people.rows > 10_000
    assert candidates.rows > 1000
    assert uniques.rows > 100
    with duckdb.connect(str(answers), read_only=True) as connection:
        found = connection.execute(
            "select distinct algorithm_id from attribution "
            "where practice_id is not null order by all"
        ).fetchall()
    assert [row[0] for row in found] == [
        "app3_commercial_medicaid",
        "app4_medicare",
        "app_whi",
    ]


@pytest.mark.slow
@pytest.mark.xdist_group("refresh")
def test_a_planted_difference_is_reported(answers, restricted, tmp_path):
    planted = tmp_path / "floor.duckdb"
    planted.write_bytes(answers.read_bytes())
    with duckdb.connect(str(planted)) as connection:
        key = connection.execute(
            "select as_of_date, program, payer, person_id from attribution "
            "where practice_id is not null order by all limit 1"
        ).fetchall()[0]
        connection.execute(
            "update attribution set practice_id = 'PR00' "
            "where as_of_date = ? and program = ? and payer = ? and person_id = ?",
            key,
        )
        connection.execute("delete from candidates where rank > 1")
        connection.execute(
            "update total_unique_patients set counted = counted + 1 "
            "where level = 'state' and program = 'whi'"
        )
    people, candidates, uniques = floor.compare_answers(planted, restricted)
    assert people.differing == 1
    assert f"{key[2]} {key[3]}: practice_id PR00 by the floor" in people.examples[0]
    assert candidates.differing > floor.DIFFERENCES_SHOWN
    assert candidates.examples[0].endswith("only in the release")
    assert uniques.differing == len(uniques.examples) == 5
    comparisons = [vars(people), vars(candidates)]
    assert not bench.is_agreed({"comparisons": comparisons})


def test_nothing_to_compare_is_no_agreement():
    nothing = {"table": "attribution", "rows": 0, "differing": 0, "examples": []}
    assert not bench.is_agreed({"comparisons": [nothing]})
    assert bench.is_agreed({"comparisons": [{**nothing, "rows": 1}]})
    assert bench.is_agreed({})


@contextmanager
def floor_of(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The floor's answers about a drop, as tables."""
    with duckdb.connect() as connection:
        floor.open_landing(connection, folder)
        floor.prepare_floor(connection, [AS_OF], CUTOFF_DAYS)
        floor.run_floor(connection, AS_OF)
        yield connection


def attributed(folder: Path) -> dict[tuple[str, str], tuple[str | None, int | None]]:
    """Payer and person to practice and qualifying claims, by Appendix 3 or 4."""
    with floor_of(folder) as connection:
        rows = connection.execute(
            "select payer, person_id, practice_id, qualifying_claims from attribution "
            "where program = 'pcmh'"
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


def test_a_claim_ended_on_two_days_was_ended_on_the_first(tmp_path):
    """And each as-of date reads the lines as they were known at its own cutoff."""
    drop = Drop(tmp_path)
    one = {"person_id": "P1", "payer": "bcbsvt", **CLAIM, "rendering_npi": "1111111111"}
    del one["practice"]
    rows = [
        one,
        {**one, "x_claim_version": "2", "hcpcs_code": "1", "paid_date": "2018-07-15"},
        {**one, "claim_id": "B", "hcpcs_code": "1", "x_replaces_claim_id": "A"}
        | {"paid_date": "2018-04-15"},
    ]
    write_world(drop, [{"person_id": "P1"}], rows)
    with duckdb.connect() as connection:
        floor.open_landing(connection, drop.folder)
        dates = [AS_OF, date(2018, 3, 31), date(2018, 2, 28)]
        floor.prepare_floor(connection, dates, CUTOFF_DAYS)
        found = []
        for day in dates:
            floor.run_floor(connection, day)
            found += connection.execute(
                "select practice_id from attribution where program = 'pcmh'"
            ).fetchall()
    # Replaced by April 30, the cutoff of March; not yet by March 30.
    assert [row[0] for row in found] == [None, None, "PR01"]


# The other algorithms -----------------------------------------------------------------

# practice: type and whether it is a clinic. The roster: program, practice, provider.
PRACTICES = {
    "PR01": {"practice_type": "pcmh"},
    "PR02": {"practice_type": "pcmh"},
    "FQ01": {"practice_type": "pcmh", "is_fqhc": "1"},
    "RH01": {"practice_type": "pcmh", "is_rhc": "1"},
    "WH01": {"practice_type": "whi", "hsa": "Barre", "town": ""},
    "WH02": {"practice_type": "whi"},
    "MX01": {"practice_type": "mixed"},
}
FAMILY, CARDIOLOGY = {"specialty": "family medicine"}, {"specialty": "cardiology"}
ROSTER = [
    ("pcmh", "PR01", "1111111111", {**FAMILY, "billing_npi": "1000000001"}),
    ("pcmh", "PR02", "2222222222", {**FAMILY, "billing_npi": "1000000002"}),
    ("pcmh", "FQ01", "3000000001", {**CARDIOLOGY, "billing_npi": "1000000003"}),
    ("pcmh", "RH01", "3000000002", CARDIOLOGY),
    ("whi", "WH01", "4000000001", {"credential": "np"}),
    ("whi", "WH01", "4000000002", {"credential": "RN"}),
    ("whi", "WH02", "4000000003", {"credential": "MD"}),
    ("whi", "MX01", "4000000004", {"credential": "MD"}),
    ("whi", "MX01", "4000000005", {"credential": "MD", "board_certified_obgyn": "1"}),
    # A doctor of both, whose place as a selection is where attestation is confirmed.
    ("whi", "WH02", "4000000006", {"credential": "MD", "is_primary_practice": "1"}),
    ("whi", "WH01", "4000000006", {"credential": "MD"}),
]
PROVIDERS = {
    "5000000001": FAMILY,
    "5000000002": CARDIOLOGY,
    "5000000003": {"specialty": "pediatrics"},
    "5000000009": {"taxonomy_code": "261QF0400X"},
}
WHI_EVENTS = [
    ("WH01", "2018-06-30", "Attestation_Confirmed"),
    ("WH02", "2018-07-01", "attestation_confirmed"),
    ("WH02", "2017-01-01", "initiated"),
    ("MX01", "2017-01-01", "attestation_confirmed"),
    # What lapses ends payments, not attribution.
    ("MX01", "2018-01-01", "lapsed"),
]
COVERAGE = {
    "payer": "bcbsvt",
    "payer_type": "commercial",
    "plan": "",
    "birth_date": "1980-01-01",
    "gender": "female",
    "enrollment_start_date": "2015-01-01",
    "enrollment_end_date": "",
    "state": "VT",
    "x_primary_payer_flag": "",
    "x_requires_pcp_selection": "",
    "x_selected_pcp_npi": "",
    "x_part_b_flag": "",
    "x_medicare_advantage_flag": "",
}
MEDICARE = {"payer": "medicare", "payer_type": "Medicare FFS"}
MEDICAID = {"payer": "medicaid", "payer_type": "medicaid"}
SECONDARY = {"x_primary_payer_flag": "0"}


def write_world(drop: Drop, coverage: list[dict], claims: list[dict]) -> None:
    """Fills a drop with the practices above and with people and claims."""
    people = [drop.row("eligibility", **COVERAGE) | row for row in coverage]
    drop.write("eligibility.csv", people, list(people[0]))
    drop.write(
        "medical_claim.csv", claims, list(dict.fromkeys(n for c in claims for n in c))
    )
    columns = ("practice_type", "is_fqhc", "is_rhc", "hsa", "town")
    rows = [
        {
            **drop.row("practice", practice_id=practice),
            **dict.fromkeys(columns, ""),
            "town": "Burlington",
            **said,
        }
        for practice, said in PRACTICES.items()
    ]
    drop.write("practice.csv", rows)
    columns = (
        "specialty",
        "credential",
        "board_certified_obgyn",
        "is_primary_practice",
        "billing_npi",
    )
    rows = [
        {
            **drop.row("practice_provider", practice_id=practice, npi=npi),
            "program": program,
            "start_date": "2015-01-01",
            **dict.fromkeys(columns, ""),
            **said,
        }
        for program, practice, npi, said in ROSTER
    ]
    drop.write("practice_provider.csv", rows)
    rows = [
        {"npi": npi, "specialty": "", "taxonomy_code": "", **said}
        for npi, said in PROVIDERS.items()
    ]
    drop.write("provider.csv", rows)
    rows = [
        {"practice_id": practice, "event_date": day, "event": event}
        for practice, day, event in WHI_EVENTS
    ]
    drop.write("whi_participation.csv", rows)


@dataclass
class World:
    """What one person is covered by and what was claimed, and what that comes to.

    claims: what each says beside CLAIM, each of a claim of its own. practice: None for
    unattributed. candidates: practices and groups by rank, with their claims.
    """

    coverage: list[dict[str, str]]
    claims: list[dict[str, str]]
    program: str
    practice: str | None
    candidates: list[tuple[str, int]] = field(default_factory=list)
    is_eligible: bool = True


def seen_by(rendering: str, billing: str = "", facility: str = "", **said: str) -> dict:
    """A claim of these NPIs."""
    npis = {"rendering_npi": rendering, "billing_npi": billing}
    return {**npis, "facility_npi": facility, **said}


def medicare(
    *claims: dict, practice: str | None, candidates: list, **said: str
) -> World:
    """A case of Appendix 4."""
    return World([MEDICARE | said], list(claims), "pcmh", practice, candidates)


def whi(*claims: dict, practice: str | None, candidates: list, **said: str) -> World:
    """A case of the WHI algorithm."""
    return World([MEDICAID | said], list(claims), "whi", practice, candidates)


def ineligible(program: str, *coverage: dict) -> World:
    """A case of somebody whom a test keeps out, whatever the claims say."""
    npi = "4000000001" if program == "whi" else "1111111111"
    return World(list(coverage), [seen_by(npi)], program, None, [], False)


MIDWIFE = seen_by("4000000001")
WORLDS = {
    "Medicare: a practice of the roster": medicare(
        seen_by("1111111111"), practice="PR01", candidates=[("PR01", 1)]
    ),
    "Medicare: who left counts for the practice that bills": medicare(
        seen_by("5000000001", "1000000001"), practice="PR01", candidates=[("PR01", 1)]
    ),
    "Medicare: a group that bills for itself": medicare(
        seen_by("5000000001", "1999999999"),
        practice=None,
        candidates=[("billing:1999999999", 1)],
    ),
    "Medicare: who renders without a group": medicare(
        seen_by("5000000001"),
        practice=None,
        candidates=[("rendering:5000000001", 1)],
    ),
    "Medicare: nobody, where neither is named": medicare(
        seen_by("", "", "5000000009"), practice=None, candidates=[]
    ),
    "Medicare: another specialty off the roster": medicare(
        seen_by("5000000002", "1999999999"), practice=None, candidates=[]
    ),
    "Medicare: pediatrics": medicare(
        seen_by("5000000003", "1999999999"), practice=None, candidates=[]
    ),
    "Medicare: whoever renders, where a clinic bills": medicare(
        seen_by("5000000002", "5000000009"),
        practice=None,
        candidates=[("billing:5000000009", 1)],
    ),
    "Medicare: whoever renders, where a clinic is the place": medicare(
        seen_by("5000000002", "1999999999", "5000000009"),
        practice=None,
        candidates=[("billing:1999999999", 1)],
    ),
    "Medicare: whoever renders, where the practice that bills is a clinic": medicare(
        seen_by("5000000002", "1000000003"), practice="FQ01", candidates=[("FQ01", 1)]
    ),
    "Medicare: a clinic of the roster": medicare(
        seen_by("3000000001"), practice="FQ01", candidates=[("FQ01", 1)]
    ),
    "Medicare: no rural health clinic": medicare(
        seen_by("3000000002"), practice=None, candidates=[]
    ),
    "Medicare: a group with more claims wins": medicare(
        seen_by("1111111111"),
        seen_by("5000000001", "1999999999"),
        seen_by("5000000001", "1999999999"),
        practice=None,
        candidates=[("billing:1999999999", 2), ("PR01", 1)],
    ),
    "Medicare: a group comes last in a tie": medicare(
        seen_by("5000000001", "1999999999"),
        seen_by("1111111111"),
        practice="PR01",
        candidates=[("PR01", 1), ("billing:1999999999", 1)],
    ),
    "Medicare: a wellness visit": medicare(
        seen_by("1111111111", hcpcs_code="G0438"),
        practice="PR01",
        candidates=[("PR01", 1)],
    ),
    "Medicare: no nursing home's revenue code": medicare(
        seen_by("1111111111", **CLINIC | {"revenue_center_code": "525"})
        | {"claim_type": "institutional"},
        practice=None,
        candidates=[],
    ),
    "Medicare: a selection is not read": medicare(
        seen_by("1111111111"),
        practice="PR01",
        candidates=[("PR01", 1)],
        x_requires_pcp_selection="1",
        x_selected_pcp_npi="2222222222",
    ),
    "Medicare: part A alone": ineligible("pcmh", MEDICARE | {"x_part_b_flag": "0"}),
    "Medicare: Advantage": ineligible(
        "pcmh", MEDICARE | {"x_medicare_advantage_flag": "1"}
    ),
    "Medicare: Advantage, as a payer's type": ineligible(
        "pcmh", MEDICARE | {"payer_type": "Medicare Advantage"}
    ),
    "Medicare: not first": ineligible("pcmh", MEDICARE | SECONDARY),
    "Appendix 3: no wellness visit": World(
        [{}], [seen_by("1111111111", hcpcs_code="G0438")], "pcmh", None
    ),
    "Appendix 3: who left does not count": World(
        [{}], [seen_by("5000000001", "1000000001")], "pcmh", None
    ),
    "Appendix 3: a rural health clinic": World(
        [{}], [seen_by("3000000002")], "pcmh", "RH01", [("RH01", 1)]
    ),
    "Appendix 3: no claim of another payer": World(
        [{}, SECONDARY | {"payer": "mvp"}],
        [seen_by("1111111111", payer="mvp")],
        "pcmh",
        None,
    ),
    "WHI: a credential of the list": whi(
        MIDWIFE, practice="WH01", candidates=[("WH01", 1)]
    ),
    "WHI: no other credential": whi(
        seen_by("4000000002"), practice=None, candidates=[]
    ),
    "WHI: no practice that attests later": whi(
        seen_by("4000000003"), practice=None, candidates=[]
    ),
    "WHI: nobody of a mixed practice without the board's certificate": whi(
        seen_by("4000000004"), practice=None, candidates=[]
    ),
    "WHI: who has it": whi(
        seen_by("4000000005"), practice="MX01", candidates=[("MX01", 1)]
    ),
    "WHI: nobody of the other roster": whi(
        seen_by("1111111111"), practice=None, candidates=[]
    ),
    "WHI: codes of its own": whi(
        seen_by("4000000001", hcpcs_code="58300"),
        practice="WH01",
        candidates=[("WH01", 1)],
    ),
    "WHI: a selection of a practice that attests later": whi(
        MIDWIFE,
        practice=None,
        candidates=[],
        x_requires_pcp_selection="1",
        x_selected_pcp_npi="4000000003",
    ),
    "WHI: a selection needs no credential": whi(
        practice="WH01",
        candidates=[],
        x_requires_pcp_selection="1",
        x_selected_pcp_npi="4000000002",
    ),
    "WHI: a selection in two practices, of which one has attested": whi(
        practice="WH01",
        candidates=[],
        x_requires_pcp_selection="1",
        x_selected_pcp_npi="4000000006",
    ),
    "WHI: 44 until the birthday": whi(
        MIDWIFE,
        practice="WH01",
        candidates=[("WH01", 1)],
        birth_date="1973-07-01",
    ),
    "WHI: 45 on it": ineligible("whi", MEDICAID | {"birth_date": "1973-06-30"}),
    "WHI: 15 on the birthday": whi(
        MIDWIFE, practice="WH01", candidates=[("WH01", 1)], birth_date="2003-06-30"
    ),
    "WHI: 14 until it": ineligible("whi", MEDICAID | {"birth_date": "2003-07-01"}),
    "WHI: no men": ineligible("whi", MEDICAID | {"gender": "male"}),
    "WHI: no payer that does not take part": ineligible("whi", {}),
    "WHI: no Medicare": ineligible("whi", MEDICARE),
    "WHI: Medicaid behind Medicare": World(
        [MEDICAID | SECONDARY, MEDICARE], [MIDWIFE], "whi", "WH01", [("WH01", 1)]
    ),
    "WHI: Medicaid behind Medicare and a commercial payer": ineligible(
        "whi", MEDICAID | SECONDARY, MEDICARE, {}
    ),
    "WHI: Medicaid behind Medicare, which a commercial payer follows": World(
        [MEDICAID | SECONDARY, MEDICARE, SECONDARY],
        [MIDWIFE],
        "whi",
        "WH01",
        [("WH01", 1)],
    ),
    "WHI: Medicaid behind nobody": ineligible("whi", MEDICAID | SECONDARY),
}


@pytest.fixture(scope="module")
def worlds_drop(tmp_path_factory) -> Path:
    """A drop of every case."""
    drop = Drop(tmp_path_factory.mktemp("worlds"))
    coverage, claims = [], []
    for case, world in WORLDS.items():
        coverage += [{"person_id": case} | row for row in world.coverage]
        for number, said in enumerate(world.claims):
            claim = CLAIM | {"person_id": case, "claim_id": f"{case} {number}"}
            claim |= {"payer": world.coverage[0].get("payer", COVERAGE["payer"])}
            claim |= said
            del claim["practice"]
            claims.append(claim)
    write_world(drop, coverage, claims)
    return drop.folder


@pytest.fixture(scope="module")
def worlds(worlds_drop) -> dict:
    """What the floor makes of every case: eligible, practice, candidates."""
    found = {}
    with floor_of(worlds_drop) as connection:
        for case, world in WORLDS.items():
            payer = world.coverage[0].get("payer", COVERAGE["payer"])
            key = [world.program, payer, case]
            where = "where program = ? and payer = ? and person_id = ?"
            people = connection.execute(
                f"select is_eligible, practice_id from attribution {where}", key
            ).fetchall()
            candidates = connection.execute(
                f"select practice_id, claims from candidates {where} order by rank",
                key,
            ).fetchall()
            found[case] = (*people[0], candidates)
    return found


@pytest.mark.parametrize("case", WORLDS)
def test_the_floor_follows_the_rules_of_every_algorithm(worlds, case):
    world = WORLDS[case]
    assert worlds[case] == (world.is_eligible, world.practice, world.candidates)


TABLES = ("attribution", "candidates")
# Staged tables as the floor reads them, from what it makes of landed files itself.
STAGED = {
    "stg_practice": "from practice_periods",
    "stg_provider": "from provider_rows",
    "stg_practice_provider": "from roster_rows",
    "stg_whi_participation": "from whi_events",
    "stg_payer_policy": "select *, participates_pcmh as is_pcmh_participant, "
    "participates_whi as is_whi_participant from policies",
    "stg_eligibility": "select *, case when is_resident then 'VT' end "
    "as residence_state, case when is_employed_here then 'VERMONT' end "
    "as employer_situs_state, has_parts_a_and_b as has_part_a, true as has_part_b, "
    "true as is_pcp_selection_required from spans",
    "stg_medical_claim": "select *, procedure_code as hcpcs_code, "
    "'institutional' as claim_type from claim_rows",
}


def test_staged_tables_and_landed_files_are_answered_alike(worlds_drop, tmp_path):
    build, case = tmp_path / "blueprint.duckdb", "WHI: a credential of the list"
    with floor_of(worlds_drop) as connection:
        connection.execute(f"attach {floor.literal(str(build))} as build")
        connection.execute("create schema build.staging")
        for table, rows in STAGED.items():
            connection.execute(f"create table build.staging.{table} as {rows}")
        landed = [connection.table(name).order("all").fetchall() for name in TABLES]
        # What staging says was ended by the cutoff counts no more.
        connection.execute(
            "update build.staging.stg_medical_claim set known_to = '2018-07-30' "
            "where person_id = ?",
            [case],
        )
    with duckdb.connect() as connection:
        floor.open_build(connection, build)
        floor.prepare_floor(connection, [AS_OF], CUTOFF_DAYS, floor.STAGED)
        floor.run_floor(connection, AS_OF)
        staged = [connection.table(name).order("all").fetchall() for name in TABLES]
    for before, after in zip(landed, staged, strict=True):
        assert [row for row in before if case not in row] == [
            row for row in after if case not in row
        ]
        assert len(before) > 10
    assert [row[3] for row in landed[0] if case in row] == [None, "WH01"]
    assert [row[3] for row in staged[0] if case in row] == [None, None]


def test_unique_patients_count_once_per_practice_area_and_state(tmp_path):
    drop = Drop(tmp_path)
    people = {
        # Two practices of one area; Medicare is not first here, and counts.
        "P1": [MEDICARE | SECONDARY],
        # By one of two coverages a resident, of a payer that takes no part.
        "P2": [{"state": "NY"}, {"payer": "other", "payer_type": "other"}],
        "lives elsewhere": [{"state": "NH"}],
        "left": [{"enrollment_end_date": "2018-06-29"}],
        "a man at a women's practice": [MEDICAID | {"gender": "male"}],
    }
    coverage = [
        {"person_id": person} | row for person, rows in people.items() for row in rows
    ]
    claims = []
    for person, npi, payer, code in (
        ("P1", "1111111111", "medicare", "99213"),
        ("P1", "1111111111", "medicare", "99213"),
        ("P1", "2222222222", "medicare", "G0404"),
        # Off the roster, which only Appendix 4 asks about.
        ("P1", "5000000001", "medicare", "99213"),
        # A payer that the person has no coverage of.
        ("P2", "1111111111", "cigna", "99213"),
        ("P2", "3000000002", "cigna", "G0402"),
        ("lives elsewhere", "1111111111", "bcbsvt", "99213"),
        ("left", "1111111111", "bcbsvt", "99213"),
        ("a man at a women's practice", "4000000001", "medicaid", "87491"),
        ("a man at a women's practice", "4000000002", "medicaid", "87491"),
    ):
        claim = CLAIM | seen_by(npi, hcpcs_code=code, person_id=person, payer=payer)
        claim["claim_id"] = str(len(claims))
        del claim["practice"]
        claims.append(claim)
    write_world(drop, coverage, claims)
    with floor_of(drop.folder) as connection:
        rows = connection.execute(
            "select program, level, entity_id, counted from total_unique_patients"
        ).fetchall()
    assert sorted(rows) == [
        ("pcmh", "hsa", "Burlington", 2),
        ("pcmh", "practice", "PR01", 2),
        ("pcmh", "practice", "PR02", 1),
        ("pcmh", "state", "Vermont", 2),
        ("whi", "hsa", "Barre", 1),
        ("whi", "practice", "WH01", 1),
        ("whi", "state", "Vermont", 1),
    ]


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


def manifest_of(**parents: str) -> dict:
    """A manifest of models by name, each with the names that it is made from.

    A name's folder is its path; what is in `marts/restricted` is a restricted table.
    """
    named = {name.rpartition("__")[2]: name.replace("__", "/") for name in parents}
    return {
        "parent_map": {
            f"model.b.{name.rpartition('__')[2]}": [
                f"model.b.{parent}" if parent in named else f"seed.b.{parent}"
                for parent in said.split()
            ]
            for name, said in parents.items()
        },
        "nodes": {
            f"model.b.{name}": {
                "unique_id": f"model.b.{name}",
                "resource_type": "model",
                "path": f"{path}.sql",
                "fqn": ["b", *path.split("/")],
                "schema": "restricted" if "restricted" in path else "other",
                "alias": name,
            }
            for name, path in named.items()
        },
    }


def test_ancestors_are_all_that_models_are_made_from_without_seeds():
    manifest = manifest_of(a="s", b="a", c="a b", d="c")
    found = measure.ancestors_of(manifest, ["model.b.c"])
    assert [node["alias"] for node in found] == ["a", "b", "c"]


def test_attribution_alone_starts_from_what_is_staged():
    manifest = manifest_of(
        staging__stg_claim="claim",
        intermediate__calendar__dates="stg_claim",
        intermediate__program__rosters="dates",
        intermediate__attribution__candidates="rosters",
        intermediate__attribution__uniques="rosters",
        intermediate__attribution__sensitivity="candidates",
        intermediate__payments__paid="sensitivity",
        marts__restricted__attribution="candidates",
        marts__restricted__attribution_candidates="candidates",
        marts__restricted__total_unique_patients="uniques",
        marts__restricted__attribution_evidence="candidates",
    )
    parts = bench.parts_of(manifest)
    assert {node["alias"] for node in parts.done} == {"stg_claim", "dates"}
    assert {node["alias"] for node in parts.answering} == {
        "rosters",
        "candidates",
        "uniques",
        "attribution",
        "attribution_candidates",
        "total_unique_patients",
    }
    assert {node["alias"] for node in parts.further} == {
        "sensitivity",
        "attribution_evidence",
    }
    del manifest["nodes"]["model.b.total_unique_patients"]
    with pytest.raises(floor.BenchError, match=r"restricted\.total_unique_patients"):
        bench.parts_of(manifest)


def test_the_measures_alone_start_from_all_that_is_not_theirs():
    manifest = manifest_of(
        staging__stg_claim="",
        intermediate__attribution__people="stg_claim",
        intermediate__quality__events="stg_claim people",
        intermediate__quality__rates="events",
        marts__quality__quality_index="rates",
        marts__restricted__quality_members="events",
        marts__restricted__quality_measures="rates",
        marts__payments__pcmh_payments="rates",
    )
    done, own = bench.area_parts(manifest, bench.AREAS["quality"])
    assert {node["alias"] for node in done} == {"stg_claim", "people"}
    assert {node["alias"] for node in own} == {
        "events",
        "rates",
        "quality_index",
        "quality_members",
        "quality_measures",
    }
    del manifest["nodes"]["model.b.quality_members"]
    with pytest.raises(floor.BenchError, match=r"restricted\.quality_members"):
        bench.area_parts(manifest, bench.AREAS["quality"])


@pytest.mark.parametrize("name", bench.AREAS)
def test_what_comes_before_an_area_is_made_from_none_of_it(name):
    done, own = bench.area_parts(ensure_manifest(), bench.AREAS[name])
    of_the_area = {node["unique_id"] for node in own}
    assert bench.models_named(ensure_manifest(), [bench.AREAS[name].counted[0]])
    assert not [
        node["name"] for node in done if of_the_area & set(node["depends_on"]["nodes"])
    ]


RESULTS = {
    "results": [
        {
            "unique_id": f"model.b.{name}",
            "status": status,
            "message": message,
            "timing": [
                {
                    "name": "compile",
                    "started_at": "2026-01-01T00:00:00.000000Z",
                    "completed_at": "2026-01-01T00:00:01.000000Z",
                },
                {
                    "name": "execute",
                    "started_at": f"2026-01-01T00:00:{began}Z",
                    "completed_at": f"2026-01-01T00:00:{ended}Z",
                },
            ],
        }
        for name, status, message, began, ended in (
            ("slow", "success", "", "02.500000", "05.000000"),
            ("fast", "success", "", "02.000000", "02.250000"),
        )
    ]
}
MIDNIGHT = 1767225600.0


def test_attribution_alone_is_timed_from_its_first_model_to_the_end(
    tmp_path, monkeypatch
):
    """What dbt takes to start is not in it, in seconds or in memory."""
    paths = bench.BuildPaths(tmp_path)
    asked = []

    def run(arguments, environment):
        asked.append((arguments, environment["BLUEPRINT_BUILD"]))
        paths.target.mkdir()
        (paths.target / "run_results.json").write_text(json.dumps(RESULTS))
        samples = [(MIDNIGHT + at, size) for at, size in ((1, 90), (3, 70), (5.5, 10))]
        return Measured(0, MIDNIGHT - 9, MIDNIGHT + 6, samples)

    monkeypatch.setattr(bench, "run_command", run)
    nodes = manifest_of(x__slow="", x__fast="")["nodes"].values()
    built = bench.build_models(paths, list(nodes), AS_OF)
    assert built.seconds == 4.0
    assert built.peak_bytes == 70
    assert built.models == [("other.slow", 2.5), ("other.fast", 0.25)]
    arguments, build = asked[0]
    assert build == str(paths.database)
    selected = arguments[arguments.index("--select") + 1 :][:2]
    assert selected == ["b.x.slow", "b.x.fast"]
    assert "resource_type:test" in arguments
    assert "2018-06-30" in arguments[-1]


def test_a_model_that_fails_is_named(tmp_path, monkeypatch):
    paths = bench.BuildPaths(tmp_path)
    failed = {"unique_id": "model.b.a", "status": "error", "message": "Binder\n  Error"}

    def run(*_):
        paths.target.mkdir()
        record = {"results": [*RESULTS["results"], {**failed, "timing": []}]}
        (paths.target / "run_results.json").write_text(json.dumps(record))
        return Measured(1, MIDNIGHT, MIDNIGHT)

    monkeypatch.setattr(bench, "run_command", run)
    with pytest.raises(floor.BenchError, match=r"model\.b\.a: Binder Error"):
        bench.build_models(paths, [], None)


def attribution_record(lines: int, seconds: float, peak: int, ratio: float) -> dict:
    """What `--only attribution --json` writes, so far as growth reads it."""
    part = {"seconds": seconds, "models": [("a.b", 1.5)], "peak_bytes": peak}
    return {
        "attribution": {
            "lines": lines,
            "answering": part,
            "further": {**part, "seconds": 1.0, "peak_bytes": 1 << 20},
        },
        "ratios": {"answering_to_floor": ratio},
    }


def test_growth_is_the_power_of_the_lines_that_the_seconds_grow_with(tmp_path, capsys):
    assert measure.growth_exponent(1e6, 3.0, 8e6, 24.0) == pytest.approx(1.0)
    assert measure.growth_exponent(1e6, 3.0, 4e6, 24.0) == pytest.approx(1.5)
    files = []
    for record in (
        attribution_record(60_000_000, 66.0, 5 << 30, 1.5),
        attribution_record(2_000_000, 2.0, 1 << 30, 1.9),
        attribution_record(20_000_000, 30.0, 3 << 30, 1.7),
    ):
        files.append(tmp_path / f"{len(files)}.json")
        files[-1].write_text(json.dumps(record))
    assert bench.main(["--growth", *map(str, files)]) == 0
    said = capsys.readouterr().out
    assert "      2,000,000       2.0      1.0 GiB      1.90\n" in said
    assert "     20,000,000      30.0      3.0 GiB      1.70      1.18\n" in said
    assert "     60,000,000      66.0      5.0 GiB      1.50      0.72\n" in said
    assert "first to last 1.03, at worst 1.18 (aim: at most 1.05)" in said
    assert "at the largest size 1.50 (aim: at most 2.0)" in said
    assert "at the largest size 5.0 GiB (aim: under 8.0 GiB)" in said
    for wrong in ([files[0]], [files[0], files[0]]):
        assert bench.main(["--growth", *map(str, wrong)]) == 1
    files[0].write_text("{}")
    assert bench.main(["--growth", *map(str, files)]) == 1
    assert "not made by --only attribution" in capsys.readouterr().err


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
    seconds = {"2018-06-30": 0.25, "2018-03-31": 0.5}
    floor = bench.Floor(0.05, 0.2, seconds, 1 << 29)
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
            "refresh_to_floor": 30.0,
            "attribution_models_to_floor": 7.0,
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
        "read once            0.25 s\n",
        "as of 2018-06-30     0.25 s\n",
        "all 2 dates          1.00 s     123,000 lines/s, peak memory 512 MiB",
        "30.0  whole refresh to floor, both from landed files, for 2 as-of dates",
        "7.0  the 2 models behind attribution, staging included (7.0 s, summed), to",
        "attribution: agrees on 9,000 rows",
        "candidates: 1 of 20 rows differ",
    ):
        assert said in text
    assert json.loads(json.dumps(record, default=str))
    del record["refresh"], record["drop"], record["generation"]
    record |= attribution_record(123_456, 1.5, 2 << 30, 1.5)
    text = bench.report(record)
    for said in (
        "1.50 s  what the floor answers too: 1 models, peak memory 2.0 GiB",
        "1.00 s  evidence, counts and the rest: 1 models, peak memory 1 MiB",
        "1.50  attribution alone to floor, both from staged tables, for 2 as-of dates",
        "all 2 dates          1.00 s     123,000 lines/s, peak memory 512 MiB",
    ):
        assert said in text
    text = bench.report(
        {
            "machine": record["machine"],
            "quality": {
                "seconds": 12.5,
                "models": [("a.slow", 7.25), ("a.fast", 1.0)],
                "peak_bytes": 1 << 30,
                "lines": 123_456,
                "rows": 9_000,
            },
        }
    )
    for said in (
        "12.50 s  for 9,000 rows of people and events, from 123,456 medical lines",
        "peak memory 1.0 GiB, 2 models",
        "7.25  a.slow\n",
    ):
        assert said in text


def test_a_wrong_argument_is_refused(capsys):
    for wrong in (
        [],
        ["--people", "0"],
        ["--people", "5", "--landing", "x"],
        ["--build", "x"],
        ["--build", "x", "--only", "attribution", "--as-of", "2018-06-30"],
        ["--landing", "x", "--only", "attribution", "--floor-only"],
    ):
        with pytest.raises(SystemExit):
            bench.main(wrong)
    assert "usage" in capsys.readouterr().err
    assert bench.main(["--landing", "x", "--as-of", "2018-06-29"]) == 1
    assert "2018-06-30" in capsys.readouterr().err
    assert bench.main(["--landing", "nowhere"]) == 1
    assert "no such directory" in capsys.readouterr().err
    assert bench.main(["--build", "nowhere", "--only", "quality"]) == 1
    assert "no blueprint.duckdb" in capsys.readouterr().err
