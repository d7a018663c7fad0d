"""Why a person is attributed is told in sentences that need no knowledge of tables."""

import json
import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest
import yaml

from orchestration.cli import main
from orchestration.errors import ReleaseError, SettingsError
from orchestration.explain import (
    INELIGIBLE,
    LOSSES,
    NO_RULES,
    PAYER_KINDS,
    PROGRAMS,
    STEPS,
    UNATTRIBUTED,
    WIDTH,
    Answer,
    Candidate,
    Window,
    answer_lines,
    explain,
    read_release,
)
from orchestration.publish import RESTRICTED_FILE
from orchestration.settings import PROJECT, settings_from

AS_OF, BEFORE = date(2018, 6, 30), date(2018, 3, 31)
TABLES = """
create schema restricted;
create table restricted.attribution (
    as_of_date date, program varchar, payer varchar, person_id varchar,
    payer_type varchar, plan varchar, practice_id varchar, hsa varchar,
    reason varchar, decided_by varchar, is_eligible boolean,
    is_majority boolean, share_of_claims decimal(7, 6)
);
create table restricted.attribution_candidates (
    as_of_date date, program varchar, payer varchar, person_id varchar,
    practice_id varchar, rank integer, lost_because varchar, claims integer,
    service_dates integer, lines integer, last_visit_date date
);
create table restricted.attribution_evidence (
    as_of_date date, program varchar, payer varchar, person_id varchar,
    practice_id varchar, claim_id varchar, service_date date,
    last_service_date date, codes varchar
);
create table restricted.practices (practice_id varchar, practice_name varchar);
create table restricted.attribution_calendar (
    as_of_date date, program varchar, payer_type varchar, algorithm_id varchar,
    algorithm_name varchar, look_back_start_date date, look_back_end_date date,
    cutoff_date date
);
insert into restricted.practices values
    ('PR01', 'Otter Creek Family Medicine'),
    ('PR02', 'Slate Ridge Internal Medicine'),
    ('PR03', 'Five Corners Community Health Center'),
    ('PR08', 'Birch Hill Women''s Health');
insert into restricted.attribution_calendar
select
    as_of_date, program, payer_type, algorithm_id, algorithm_name,
    as_of_date + 1 - interval 24 month, as_of_date, as_of_date + 30
from (values (date '2018-03-31'), (date '2018-06-30')) as dates (as_of_date)
cross join (
    values
    ('pcmh', 'commercial', 'app3', 'Appendix 3, commercial insurers and Medicaid'),
    ('pcmh', 'self-insured', 'app3', 'Appendix 3, commercial insurers and Medicaid'),
    ('pcmh', 'medicaid', 'app3', 'Appendix 3, commercial insurers and Medicaid'),
    ('pcmh', 'medicare', 'app4', 'Appendix 4, Medicare'),
    ('whi', 'commercial', 'whi', 'Women''s Health Initiative'),
    ('whi', 'self-insured', 'whi', 'Women''s Health Initiative'),
    ('whi', 'medicaid', 'whi', 'Women''s Health Initiative')
) as algorithms (program, payer_type, algorithm_id, algorithm_name)
"""
PAYER_TYPES = {
    "bcbsvt": "commercial",
    "mvp": "self-insured",
    "medicaid": "medicaid",
    "medicare": "medicare",
}
HSAS = {"PR01": "Rutland", "PR02": "Rutland", "PR03": "Burlington", "PR08": "Barre"}


# Reasons of people for whom practices competed.
COMPETED = ("non_blueprint_practice", "no_majority")


class People:
    """Fills a restricted file, one person and payer at a time."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def covered(
        self,
        person: str,
        payer: str = "bcbsvt",
        reason: str = "attributed",
        decided_by: str | None = None,
        *,
        practice: str | None = None,
        program: str = "pcmh",
        plan: str | None = None,
        as_of: date = AS_OF,
        competed: tuple = (),
        claims: tuple = (),
    ) -> None:
        """Adds a person.

        competed: practice, why it lost, claims, days, lines, last visit. claims: of
        the winner, from the latest on: first day, last day, codes.
        """
        key = [as_of, program, payer, person]
        share = competed[0][2] / sum(row[2] for row in competed) if competed else None
        self.insert(
            "attribution",
            *key,
            PAYER_TYPES[payer],
            plan,
            practice,
            HSAS.get(practice or ""),
            reason,
            decided_by,
            reason not in INELIGIBLE,
            None if share is None else share > 0.5,
            share,
        )
        for rank, row in enumerate(competed, start=1):
            self.insert("attribution_candidates", *key, row[0], rank, *row[1:])
        # Claims of two practices, so that only the winner's may be shown.
        for row in competed[1:]:
            loser = [row[0], f"LOST-{row[0]}", row[-1], row[-1], "99215"]
            self.insert("attribution_evidence", *key, *loser)
        for number, row in enumerate(claims, start=1):
            claim = [competed[0][0], f"C{number:03}", *row]
            self.insert("attribution_evidence", *key, *claim)

    def insert(self, table: str, *values: object) -> None:
        """Adds a row to a table."""
        marks = ", ".join("?" * len(values))
        self.connection.execute(
            f"insert into restricted.{table} values ({marks})", values
        )


def fill(people: People) -> None:
    """Everyone whom the tests ask about."""
    one = ("2018-05-02", "2018-05-02", "99213")
    people.covered(
        "only one",
        decided_by="only_one",
        practice="PR01",
        competed=(("PR01", None, 1, 1, 1, "2018-05-02"),),
        claims=(one,),
    )
    people.covered(
        "most claims",
        decided_by="most_claims",
        practice="PR01",
        competed=(
            ("PR01", None, 7, 9, 12, "2018-05-02"),
            ("PR02", "fewer_claims", 3, 3, 3, "2018-06-11"),
            ("PR99", "fewer_claims", 1, 1, 1, "2016-07-01"),
        ),
        claims=(
            one,
            ("2018-04-11", "2018-04-13", "99213, G0438"),
            ("2018-02-28", "2018-02-28", "0521, 99214, 99396"),
            ("2017-12-05", "2017-12-05", "99214"),
            ("2017-10-30", "2017-10-30", "99213"),
            ("2017-08-08", "2017-08-08", "99213"),
            ("2016-07-01", "2016-07-01", "99203"),
        ),
    )
    people.covered(
        "most recent",
        decided_by="most_recent",
        practice="PR02",
        competed=(
            ("PR02", None, 1, 1, 1, "2018-05-02"),
            ("PR01", "earlier_last_visit", 1, 1, 1, "2017-11-01"),
        ),
        claims=(one,),
    )
    people.covered(
        "most service dates",
        decided_by="most_service_dates",
        practice="PR02",
        competed=(
            ("PR02", None, 2, 3, 3, "2018-05-02"),
            ("PR01", "fewer_service_dates", 2, 2, 4, "2018-05-02"),
            ("PR03", "fewer_claims", 1, 1, 1, "2018-06-02"),
        ),
        claims=(one, ("2018-01-03", "2018-01-04", "99213")),
    )
    people.covered(
        "most lines",
        decided_by="most_lines",
        practice="PR02",
        competed=(
            ("PR02", None, 1, 1, 2, "2018-05-02"),
            ("PR01", "fewer_lines", 1, 1, 1, "2018-05-02"),
        ),
        claims=(("2018-05-02", "2018-05-02", "99213, 99406"),),
    )
    people.covered(
        "lowest practice id",
        decided_by="lowest_practice_id",
        practice="PR01",
        competed=(
            ("PR01", None, 1, 1, 1, "2018-05-02"),
            ("PR02", "higher_practice_id", 1, 1, 1, "2018-05-02"),
        ),
        claims=(one,),
    )
    people.covered(
        "practice before group",
        "medicare",
        decided_by="lowest_practice_id",
        practice="PR02",
        competed=(
            ("PR02", None, 1, 1, 1, "2018-05-02"),
            ("billing:1999999984", "higher_practice_id", 1, 1, 1, "2018-05-02"),
        ),
        claims=(one,),
    )
    people.covered("selected", decided_by="selection", practice="PR03")
    people.covered(
        "selected among several",
        decided_by="selection",
        practice="PR03",
        competed=(
            ("PR03", None, 2, 2, 2, "2018-05-02"),
            ("PR01", "fewer_claims", 1, 1, 1, "2018-06-02"),
        ),
        claims=(one, ("2018-01-03", "2018-01-03", "99213")),
    )
    people.covered(
        "selected and one visited",
        decided_by="selection",
        practice="PR03",
        competed=(("PR03", None, 1, 1, 1, "2018-05-02"),),
        claims=(one,),
    )
    of_medicare = ("lacks_part_a_or_b", "in_medicare_advantage", NO_RULES)
    of_the_whi = ("not_female", "outside_age_range", NO_RULES)
    for reason in INELIGIBLE:
        payer = "medicare" if reason in of_medicare else "mvp"
        program = "whi" if reason in of_the_whi else "pcmh"
        people.covered(reason, payer, reason, program=program, plan="aso_granite")
    for reason in UNATTRIBUTED:
        if reason not in COMPETED:
            people.covered(reason, "medicaid", reason)
            people.covered(f"{reason} of the WHI", "medicaid", reason, program="whi")
    for reason in ("only_providers_off_roster", "no_qualifying_provider"):
        people.covered(f"{reason} of Medicare", "medicare", reason)
    people.covered(
        "outside the Blueprint",
        "medicare",
        "non_blueprint_practice",
        competed=(
            ("billing:1999999984", None, 4, 4, 4, "2018-05-02"),
            ("PR02", "fewer_claims", 2, 2, 2, "2018-06-20"),
            ("rendering:1888888882", "fewer_claims", 1, 1, 1, "2017-01-09"),
        ),
        claims=(
            one,
            ("2018-02-28", "2018-02-28", "G0439"),
            ("2017-10-30", "2017-10-30", "99213"),
            ("2017-08-08", "2017-08-08", "99213"),
        ),
    )
    people.covered(
        "with a doctor outside the Blueprint",
        "medicare",
        "non_blueprint_practice",
        competed=(("rendering:1888888882", None, 1, 1, 1, "2018-05-02"),),
        claims=(one,),
    )
    # By other readings of the manual than the default ones.
    people.covered(
        "most recent of days",
        decided_by="most_recent",
        practice="PR02",
        competed=(
            ("PR02", None, 1, 2, 2, "2018-05-02"),
            ("PR01", "earlier_last_visit", 2, 2, 2, "2018-04-02"),
        ),
        claims=(("2018-05-01", "2018-05-02", "99213"),),
    )
    people.covered(
        "most claims of days",
        decided_by="most_claims",
        practice="PR02",
        competed=(
            ("PR02", None, 2, 2, 2, "2018-05-02"),
            ("PR01", "fewer_claims", 1, 2, 2, "2018-05-02"),
        ),
        claims=(one, ("2018-01-03", "2018-01-03", "99213")),
    )
    people.covered(
        "no majority",
        reason="no_majority",
        competed=(
            ("PR02", None, 2, 2, 2, "2018-05-02"),
            ("PR01", "fewer_service_dates", 1, 1, 1, "2018-06-02"),
            ("PR03", "fewer_service_dates", 1, 1, 1, "2018-03-02"),
        ),
        claims=(one, ("2018-01-03", "2018-01-03", "99213")),
    )
    # Two primary payers, two programs, and Medicare, which the WHI does not attribute.
    for payer in ("bcbsvt", "medicaid"):
        people.covered(
            "everything",
            payer,
            decided_by="only_one",
            practice="PR01",
            competed=(("PR01", None, 1, 1, 1, "2018-05-02"),),
            claims=(one,),
        )
    people.covered("everything", "medicare", "not_primary_payer")
    people.covered(
        "everything",
        decided_by="only_one",
        practice="PR08",
        program="whi",
        competed=(("PR08", None, 1, 1, 1, "2018-03-20"),),
        claims=(("2018-03-20", "2018-03-20", "S0612"),),
    )
    people.covered("everything", "medicaid", "not_primary_payer", program="whi")
    people.covered("everything", "medicare", NO_RULES, program="whi")
    people.covered("before", decided_by="selection", practice="PR03", as_of=BEFORE)
    people.covered("only one", reason="no_qualifying_claim", as_of=BEFORE)


def write_manifest(release: Path, readings: dict | None = None, **said: object) -> None:
    """Writes a release's manifest; readings are its variables."""
    manifest = {
        "release_id": "20180801T060000Z-0a1b2c3d",
        "as_of": "2018-06-30",
        "paid_through": "2018-11-04",
        "is_provisional": False,
        "parameters": {"variables": readings or {}},
    }
    (release / "manifest.json").write_text(json.dumps(manifest | said))


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A releases folder that no test changes."""
    folder = tmp_path_factory.mktemp("explain")
    (folder / "current").mkdir()
    with duckdb.connect(str(folder / "current" / RESTRICTED_FILE)) as connection:
        connection.execute(TABLES)
        fill(People(connection))
    write_manifest(folder / "current")
    return folder


@pytest.fixture
def own(releases, tmp_path) -> Path:
    """A copy of the release, for a test that changes it."""
    return shutil.copytree(releases / "current", tmp_path / "own")


@pytest.fixture
def told(releases, capsys):
    """Runs the command's function and returns what it printed."""

    def run(person: str, **asked: str | Path) -> str:
        settings = settings_from({}, releases=str(releases))
        assert explain(settings, person, **asked) == 0
        return capsys.readouterr().out

    return run


def everyone(releases: Path) -> list[str]:
    path = releases / "current" / RESTRICTED_FILE
    with duckdb.connect(str(path), read_only=True) as connection:
        query = "select distinct person_id from restricted.attribution where as_of_date"
        rows = connection.execute(f"{query} = ? order by all", [AS_OF]).fetchall()
    return [person for (person,) in rows]


# What is told --------------------------------------------------------------------


@pytest.mark.parametrize(
    "person",
    [
        "only one",
        "most claims",
        "most recent",
        "most service dates",
        "most lines",
        "lowest practice id",
        "practice before group",
        "selected",
        "selected among several",
        "selected and one visited",
        "outside the Blueprint",
        "with a doctor outside the Blueprint",
        "everything",
        *INELIGIBLE,
        "selected_pcp_off_roster",
        "selected_pcp_off_roster of the WHI",
        "no_qualifying_claim",
        "no_qualifying_claim of the WHI",
        "only_providers_off_roster",
        "only_providers_off_roster of the WHI",
        "only_providers_off_roster of Medicare",
        "no_qualifying_provider",
        "no_qualifying_provider of the WHI",
        "no_qualifying_provider of Medicare",
    ],
)
def test_every_way_to_be_attributed_or_not_is_told_in_sentences(told, person, snapshot):
    assert told(person) == snapshot


def test_an_answer_that_later_claims_may_change_says_so(told, own, snapshot):
    write_manifest(own, paid_through="2018-07-12", is_provisional=True)
    assert told("only one", release=own) == snapshot
    # No claim was needed for these, so that none can change them.
    for person in ("selected", "not_primary_payer", "selected_pcp_off_roster"):
        assert "provisional" not in told(person, release=own)
    # By its cutoff the claims had come.
    assert "provisional" not in told("only one", release=own, as_of="2018-03-31")


def test_a_release_of_another_reading_of_the_manual_is_told_as_such(
    told, own, snapshot
):
    readings = {"attribution_unit": "visit_dates", "roster_date": "service_date"}
    write_manifest(own, {**readings, "attribution_rule": "majority"})
    people = (
        "most service dates",
        "most recent of days",
        "most claims of days",
        "no majority",
        "only_providers_off_roster",
        "with a doctor outside the Blueprint",
    )
    parts = [told(person, release=own) for person in people]
    assert "\n".join(parts) == snapshot


def test_one_program_can_be_asked_for(told):
    both, pcmh, whi = (
        told("everything", **asked)
        for asked in ({}, {"program": "pcmh"}, {"program": "WHI "})
    )
    assert both.count("(PCMH) program,") == pcmh.count("(PCMH) program,") == 3
    assert both.count("(WHI),") == whi.count("(WHI),") == 3
    assert "(WHI)," not in pcmh
    assert "(PCMH) program," not in whi


def test_the_answer_is_of_the_day_that_is_asked_for(told):
    assert "as of 2018-03-31" in told("before", as_of="2018-03-31")
    assert "as of 2018-06-30" in told("selected")


def test_another_release_can_be_asked(told, own):
    write_manifest(own, release_id="20181001T060000Z-9f8e7d6c")
    assert "Release 20181001T060000Z-9f8e7d6c" in told("selected", release=own)
    assert "Release 20180801T060000Z-0a1b2c3d" in told("selected")


def test_no_line_is_wider_than_a_terminal(releases, told):
    lines = [line for person in everyone(releases) for line in told(person).split("\n")]
    assert len(lines) > 300
    assert [line for line in lines if len(line) > WIDTH] == []


# Words ---------------------------------------------------------------------------


def accepted(column: str) -> set[str]:
    """The values of a column of attribution that the project's YAML accepts."""
    found: set[str] = set()
    paths = ("intermediate/attribution/_attribution", "marts/restricted/_restricted")
    for name in paths:
        path = PROJECT / "models" / f"{name}.yml"
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", []):
            if model["name"].removeprefix("int_attribution__") not in (
                "attribution",
                "attribution_candidates",
                "candidates",
            ):
                continue
            for held in model.get("columns", []):
                for test in held.get("data_tests", []):
                    if held["name"] == column and "accepted_values" in test:
                        found |= set(test["accepted_values"]["arguments"]["values"])
    return found


def answers() -> Iterator[Answer]:
    """An answer of every reason and step, in every program and for every payer."""
    window = Window("Appendix 3", date(2016, 7, 1), AS_OF, date(2018, 7, 30))
    competed = [
        (Candidate("PR01", None, 2, 2, 2, AS_OF),)
        + ((Candidate("PR02", lost, 1, 1, 1, BEFORE),) if lost else ())
        for lost in (None, *LOSSES)
    ]
    for program in PROGRAMS:
        for payer_type in (*PAYER_KINDS, "other", None):
            who = (program, "acme", payer_type, None)
            for reason in INELIGIBLE:
                yield Answer(*who, None, None, reason, None, False, None, None, window)
            for reason in UNATTRIBUTED:
                given = (*who, None, None, reason, None, True, None, None, window)
                if reason in COMPETED:
                    yield from (Answer(*given, candidates=rows) for rows in competed)
                else:
                    yield Answer(*given)
            for step in STEPS:
                given = (*who, "PR01", "Barre", "attributed", step, True, 0.5, False)
                for rows in competed:
                    if len(rows) > 1 or step in ("only_one", "selection"):
                        yield Answer(*given, window, candidates=rows)
                if step == "selection":
                    yield Answer(*given, window)


def test_no_sentence_has_a_code_of_the_warehouse(releases):
    default = read_release(releases / "current")
    texts = {
        "\n".join(answer_lines(answer, release, AS_OF, {}, {}))
        for answer in answers()
        for release in (default, replace(default, is_by_days=True))
    }
    assert len(texts) > 50
    assert [text for text in texts if re.search(r"[_{}]|None", text)] == []


def test_every_value_that_a_release_may_hold_has_its_words():
    assert "attributed" in accepted("reason")
    assert accepted("reason") - {"attributed"} <= {*INELIGIBLE, *UNATTRIBUTED}
    assert "only_one" in accepted("decided_by")
    assert accepted("decided_by") <= set(STEPS)
    assert "fewer_claims" in accepted("lost_because")
    assert accepted("lost_because") <= set(LOSSES)


@pytest.mark.parametrize("column", ["reason", "decided_by", "program"])
def test_a_value_without_words_stops_with_what_to_do(told, own, column):
    with duckdb.connect(str(own / RESTRICTED_FILE)) as connection:
        connection.execute(f"update restricted.attribution set {column} = 'new'")
    person = "not_primary_payer" if column == "reason" else "selected"
    with pytest.raises(ReleaseError, match="says new, which has no words here. It was"):
        told(person, release=own)


# What cannot be told ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "asked", "message"),
    [
        (
            "P404",
            {},
            "PERSON=P404: nobody of this id was covered on an as-of date of this "
            "release (2018-03-31, 2018-06-30). Check the id; `make quarantine "
            "TABLE=eligibility` shows people who were kept out.",
        ),
        (
            "selected' or '1' = '1",
            {},
            "PERSON=selected' or '1' = '1: nobody of this id was covered",
        ),
        ("line\nbreak", {}, r"PERSON=line\nbreak: nobody of this id"),
        (
            "before",
            {},
            "PERSON=before: was not covered on 2018-06-30. Choose an as-of date with "
            "coverage: AS_OF=2018-03-31.",
        ),
        (
            "selected",
            {"as_of": "2018-05-31"},
            "AS_OF=2018-05-31 is no as-of date of this release. Choose one of "
            "2018-03-31, 2018-06-30.",
        ),
        ("selected", {"as_of": "June"}, "AS_OF=June is no as-of date"),
        (
            "selected",
            {"program": "cht"},
            "PROGRAM=cht: there is no such program. Known are pcmh, whi.",
        ),
        (" ", {}, "Whom to explain? Write make explain PERSON=…, an id."),
    ],
)
def test_what_cannot_be_told_is_said_in_one_line_with_what_to_do(
    told, person, asked, message
):
    with pytest.raises(SettingsError) as error:
        told(person, **asked)
    assert str(error.value).startswith(message)
    assert str(error.value).isprintable()


def test_a_program_that_a_release_lacks_is_told_from_a_person(told, own):
    with duckdb.connect(str(own / RESTRICTED_FILE)) as connection:
        connection.execute("delete from restricted.attribution where program = 'whi'")
    with pytest.raises(SettingsError, match="PROGRAM=whi: this release does not have"):
        told("selected", release=own, program="whi")


def test_without_a_release_it_says_how_to_make_one(tmp_path, told):
    nowhere = settings_from({}, releases=str(tmp_path))
    with pytest.raises(ReleaseError, match="there is no release yet. Run `make refr"):
        explain(nowhere, "selected")
    with pytest.raises(ReleaseError, match="handed out has nobody in it"):
        told("selected", release=tmp_path)


def test_a_release_that_is_not_whole_is_told_from_one_without_the_person(told, own):
    with duckdb.connect(str(own / RESTRICTED_FILE)) as connection:
        connection.execute("drop table restricted.attribution_calendar")
    with pytest.raises(ReleaseError, match="made by another version of the project"):
        told("selected", release=own)
    (own / "manifest.json").write_text('{"as_of": "2018-06-30"}')
    with pytest.raises(ReleaseError, match="manifest.json: cannot be read as the man"):
        told("selected", release=own)
    (own / RESTRICTED_FILE).write_bytes(b"not a database")
    with pytest.raises(ReleaseError, match="cannot be opened"):
        told("selected", release=own)


# The command -----------------------------------------------------------------------


def test_the_command_exits_with_one_line_when_nobody_is_found(releases, capsys):
    arguments = ["explain", "--releases", str(releases), "--", "-P404"]
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    printed = capsys.readouterr()
    assert (ended.value.code, printed.out) == (1, "")
    assert printed.err.startswith("STOP  PERSON=-P404: nobody of this id")
    assert printed.err.count("\n") == 1


def paragraphs(output: str) -> str:
    """The output with every run of blanks and line breaks as one blank."""
    return " ".join(output.split())


@pytest.mark.slow
def test_the_command_explains_somebody_for_whom_practices_competed(refreshed):
    with duckdb.connect(
        str(refreshed.current() / RESTRICTED_FILE), read_only=True
    ) as connection:
        person, payer = connection.execute(
            """
            select person_id, payer
            from restricted.attribution_candidates
            where program = 'pcmh' and as_of_date = (
                select max(as_of_date) from restricted.attribution
            )
            group by all
            having count(*) > 2
            order by all
            limit 1
            """
        ).fetchone()
        competed = connection.execute(
            """
            select practice_name, claims, candidates.last_visit_date
            from restricted.attribution_candidates as candidates
            left join restricted.practices using (practice_id)
            where
                program = 'pcmh' and person_id = ? and payer = ?
                and as_of_date = (select max(as_of_date) from restricted.attribution)
            """,
            [person, payer],
        ).fetchall()
    outcome = refreshed.run("explain", person, "--program", "pcmh")
    assert outcome.code == 0, outcome.output
    told = paragraphs(outcome.output)
    assert len(competed) > 2
    for name, claims, last_visit in competed:
        assert name is None or name in told
        assert f"{claims} claim" in told
        assert f"last visit {last_visit}" in told
    assert f"as known on {refreshed.manifest()['attribution_cutoff']}" in told


@pytest.mark.slow
def test_the_analysts_page_shows_what_the_command_prints(refreshed):
    page = (PROJECT / "docs/analysts/README.md").read_text(encoding="utf-8")
    shown = re.search(
        r"```sh\nmake explain (.*?)\n```\n\n```text\n(.*?)\n```", page, re.DOTALL
    )
    asked = dict(part.split("=", 1) for part in shlex.split(shown[1]))
    outcome = refreshed.run(
        "explain", asked["PERSON"], "--program", asked.get("PROGRAM", "")
    )
    # A release has its own name wherever it is made.
    name = re.compile(r"^Release .*$", re.MULTILINE)
    assert name.sub("", outcome.output).strip() == name.sub("", shown[2]).strip()
