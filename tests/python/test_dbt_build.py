"""The whole dbt project builds, and what one claim says reaches what it should."""

import pickle
import shutil
from collections.abc import Iterable
from contextlib import suppress

import duckdb
import pytest

from orchestration.dbt_runner import Invocation, freeze_project, read_manifest
from orchestration.errors import BuildError
from orchestration.landing import literal
from orchestration.report import read_report
from orchestration.settings import PROJECT, BuildPaths
from tests.faults.replay import Recording, Statement

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("dbt_build")]


@pytest.fixture(scope="module")
def results(refreshed, tmp_path_factory):
    """How dbt's tests ended that no refresh runs, on the build of the sample.

    They are the unit tests, whose inputs are their own, and the data tests of what a
    refresh only loads. By the ids of dbt.
    """
    assert refreshed.outcome.code == 0, refreshed.outcome.output
    paths = BuildPaths(tmp_path_factory.mktemp("tested"))
    paths.database.hardlink_to(refreshed.build)
    freeze_project(paths)
    arguments = [
        *("--log-level", "none", "--log-level-file", "none"),
        *("--log-path", str(paths.logs), "test"),
        *("--select", "test_type:unit", "path:seeds", "path:models/landing"),
        *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
        *("--target-path", str(paths.target)),
    ]
    ended = {}
    # It tells of tests that failed one by one, and then raises.
    with suppress(BuildError):
        for node in Invocation(arguments, paths):
            ended[node.unique_id] = node
    return ended


def test_every_model_builds_and_every_test_passes(refreshed, results):
    manifest = read_manifest()
    assert [node for node in results.values() if node.status != "pass"] == []
    assert set(manifest["unit_tests"]) <= set(results)
    passed = {
        result.check_id
        for result in read_report(refreshed.current()).results
        if result.outcome == "pass"
    }
    with duckdb.connect(str(refreshed.build), read_only=True) as connection:
        built = set(
            connection.execute(
                "select schema_name, table_name from duckdb_tables() "
                "union all select schema_name, view_name from duckdb_views()"
            ).fetchall()
        )
    for unique_id, node in manifest["nodes"].items():
        if node["resource_type"] == "test":
            assert unique_id in results or node["name"] in passed, unique_id
        else:
            assert (node["schema"], node["alias"]) in built, unique_id


# Everybody together, of measures that the profiles show, their parts and variants.
OF_THE_PROFILES = """
select
    rates.measure_id,
    rates.rate_kind,
    rates.people,
    rates.denominator,
    rates.numerator
from intermediate.int_quality__rates as rates
inner join reference.measure_specifications as specifications
    on rates.measure_id = specifications.measure_id
inner join reference.measures as catalogue
    on specifications.catalogue_id = catalogue.measure_id
where
    catalogue.is_in_hsa_profile
    and rates.level = 'state'
    and rates.payer_type = 'all'
    and rates.period_end = (select max(period_end) from intermediate.int_quality__rates)
"""


def test_the_sample_has_people_in_and_out_of_every_measure_of_the_profiles(refreshed):
    with duckdb.connect(str(refreshed.build), read_only=True) as connection:
        rates = connection.execute(OF_THE_PROFILES).fetchall()
    assert len(rates) >= 21
    for measure, kind, people, denominator, numerator in rates:
        assert people >= 30, measure
        if kind == "share":
            assert 0 < numerator < denominator, measure
        else:
            assert numerator >= 5, measure


# People with one mammogram in their 27 months, and that within the last half-year, so
# that no earlier period saw it.
ONE_MAMMOGRAM = """
select members.person_id, members.numerator_record_id
from restricted.quality_members as members
inner join intermediate.int_quality__events_as_of as events
    on
        members.period_end = events.period_end
        and members.person_id = events.person_id
        and events.value_set = 'mammography'
where
    members.measure_id = 'core-11'
    and members.in_numerator
    and members.period_end = (select max(period_end) from restricted.quality_members)
group by all
having count(*) = 1 and min(events.event_date) > min(members.period_end) - 180
order by members.person_id
"""
CHANGED = """
select {key}
from (
    (select {columns} from now.restricted.{table}
    except select {columns} from earlier.restricted.{table})
    union all
    (select {columns} from earlier.restricted.{table}
    except select {columns} from now.restricted.{table})
)
group by all
order by all
"""


def of_quality(recording: Recording) -> Iterable[Statement]:
    """The models from the events of measures to their rates, as dbt compiled them."""
    for stage in ("transform", "marts"):
        for statement in recording.statements[stage]:
            if statement.kind == "model":
                node = recording.manifest["nodes"][statement.unique_id]
                folder = node["path"].rpartition("/")[0]
                if folder == "intermediate/quality" or node["name"] in (
                    "quality_members",
                    "restricted_quality_measures",
                ):
                    yield statement


def test_one_mammogram_less_changes_that_persons_row_and_the_rates_above_it(
    refreshed, recorded, tmp_path
):
    less = tmp_path / "less.duckdb"
    shutil.copy(refreshed.build, less)
    with duckdb.connect() as connection:
        # What dbt compiled names the database.
        connection.execute(f"attach {literal(str(less))} as blueprint; use blueprint")
        connection.execute("set timezone = 'UTC'")
        person, claim = connection.execute(ONE_MAMMOGRAM).fetchall()[0]
        connection.execute(
            "delete from staging.stg_medical_claim where person_id = $person and "
            "claim_id = $claim",
            {"person": person, "claim": claim},
        )
        for statement in of_quality(pickle.loads(recorded[1].read_bytes())):
            kind = "view" if statement.is_view else "table"
            connection.execute(
                f"create or replace {kind} {statement.schema}.{statement.name} as "
                f"({statement.sql})"
            )
    with duckdb.connect() as connection:
        connection.execute(
            f"attach {literal(str(less))} as now (read_only); "
            f"attach {literal(str(refreshed.build))} as earlier (read_only)"
        )
        members = connection.execute(
            CHANGED.format(
                table="quality_members",
                key="period_end, measure_id, person_id, event_id",
                columns="*",
            )
        ).fetchall()
        key = "period_end, measure_id, level, entity_id, payer_type"
        rates = connection.execute(
            CHANGED.format(
                table="quality_measures",
                key=key,
                columns=f"{key}, numerator, denominator, exclusions, rate",
            )
        ).fetchall()
        ((period, practice, hsa, payer_type),) = connection.execute(
            "select period_end, practice_id, hsa, payer_type "
            "from now.restricted.quality_members "
            "where measure_id = 'core-11' and person_id = $person and "
            "period_end = (select max(period_end) from now.restricted.quality_members)",
            {"person": person},
        ).fetchall()
    assert members == [(period, "core-11", person, "person")]
    above = {
        (period, "core-11", level, entity, payer)
        for level, entity in [
            ("state", "Vermont"),
            ("hsa", hsa),
            ("practice", practice),
        ]
        for payer in ("all", payer_type)
    }
    assert set(rates) == above
