"""The whole dbt project builds, and what one claim says reaches what it should."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from orchestration.settings import PROJECT

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("dbt_build")]


def dbt(
    folder: Path, *arguments: str, build: str = "blueprint.duckdb"
) -> subprocess.CompletedProcess:
    """Runs dbt on a build in a folder, which keeps its target between runs."""
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "dbt.cli.main",
            "--quiet",
            "--log-path",
            str(folder / "log"),
            *arguments,
            "--project-dir",
            str(PROJECT),
            "--profiles-dir",
            str(PROJECT),
            "--target-path",
            str(folder / "target"),
        ],
        cwd=folder,
        env={
            **os.environ,
            "BLUEPRINT_BUILD": str(folder / build),
            "DO_NOT_TRACK": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A folder with a build of the sample, and what dbt said of it."""
    folder = tmp_path_factory.mktemp("built")
    return folder, dbt(folder, "build")


def test_every_model_builds_and_every_test_passes(built):
    folder, result = built
    assert result.returncode == 0, result.stdout[-4000:]
    results = json.loads((folder / "target" / "run_results.json").read_text())
    kinds = [entry["unique_id"].partition(".")[0] for entry in results["results"]]
    for kind in ("seed", "model", "test", "unit_test"):
        assert kinds.count(kind) > 0, f"no {kind} ran"


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


def test_the_sample_has_people_in_and_out_of_every_measure_of_the_profiles(built):
    folder, _ = built
    with duckdb.connect(str(folder / "blueprint.duckdb"), read_only=True) as connection:
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


def test_one_mammogram_less_changes_that_persons_row_and_the_rates_above_it(built):
    folder, _ = built
    shutil.copy(folder / "blueprint.duckdb", folder / "less.duckdb")
    with duckdb.connect(str(folder / "less.duckdb")) as connection:
        person, claim = connection.execute(ONE_MAMMOGRAM).fetchall()[0]
        connection.execute(
            "delete from staging.stg_medical_claim where person_id = $person and "
            "claim_id = $claim",
            {"person": person, "claim": claim},
        )
    result = dbt(
        folder,
        "run",
        "--select",
        "intermediate.quality",
        "quality_members",
        "restricted_quality_measures",
        build="less.duckdb",
    )
    assert result.returncode == 0, result.stdout[-4000:]
    with duckdb.connect() as connection:
        connection.execute(
            f"attach '{folder}/less.duckdb' as now (read_only); "
            f"attach '{folder}/blueprint.duckdb' as earlier (read_only)"
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
