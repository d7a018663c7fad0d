"""What Dagster loads: jobs of three dbt steps, gates between them, one release."""

import subprocess
import sys
from types import SimpleNamespace

import pytest
from dagster import AssetKey, DefaultScheduleStatus, Failure

from orchestration.assets import DROP, Refresh, readable
from orchestration.dbt_runner import read_manifest
from orchestration.definitions import defs, landing, marts, transform
from orchestration.gates import declared_checks
from orchestration.settings import KINDS, MONTHLY_MEDICAID, PROJECT, QUARTERLY


@pytest.fixture(scope="module", params=sorted(KINDS))
def job(request):
    return defs.resolve_job_def(request.param)


@pytest.fixture(scope="module")
def graph():
    return defs.resolve_asset_graph()


def test_loading_opens_no_database():
    script = (
        "import duckdb, sys\n"
        "def refuse(*args, **kwargs): raise SystemExit('a database was opened')\n"
        "duckdb.connect = refuse\n"
        "import orchestration.definitions\n"
        "print('loaded')\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.stdout.strip() == "loaded", result.stderr


def test_the_job_has_its_steps_and_gates(job):
    assert {node.name for node in job.nodes} == {
        "landing",
        "landing_gate",
        "transform",
        "rows_gate",
        "marts",
        "release_gate",
        "release",
    }


def test_steps_run_one_at_a_time_in_processes_of_their_own(job):
    assert job.executor_def.name == "multiprocess"


def test_a_gate_stands_between_each_step_and_the_next(job):
    def feeding(name: str) -> set[str]:
        """Every op that must have ended before this one starts."""
        dependencies = job.graph.dependency_structure
        names = set()
        for definitions in dependencies.input_to_upstream_outputs_for_node(
            name
        ).values():
            names |= {output.node_name for output in definitions}
        return names

    assert "landing" in feeding("transform")
    assert "transform" in feeding("marts")
    assert "marts" in feeding("release")
    assert feeding("landing_gate") == {"landing"}
    assert feeding("rows_gate") == {"transform"}
    assert feeding("release_gate") <= {"landing", "transform", "marts"}


def test_every_gate_check_that_may_stop_blocks(graph):
    stops = [check for check in declared_checks() if check.severity == "stop"]
    keys = {key.name: graph.get(key) for key in graph.asset_check_keys}
    for check in stops:
        assert keys[check.check_id].blocking, check.check_id


def test_every_check_stands_at_a_table_that_exists(graph):
    keys = set(graph.get_all_asset_keys())
    lost = [
        check.check_id
        for check in declared_checks()
        if AssetKey([check.schema_name, check.table_name or DROP]) not in keys
    ]
    assert lost == []


def test_what_a_gate_judges_feeds_the_next_step(graph):
    """A blocking check stops only what depends on its table."""
    steps = {"landing": transform, "rows": marts}
    for gate, step in steps.items():
        needed = {
            key for spec in step.specs for key in (d.asset_key for d in spec.deps)
        }
        for check in declared_checks():
            if check.gate == gate and check.severity == "stop":
                key = AssetKey([check.schema_name, check.table_name])
                assert key in needed, check.check_id


def test_a_step_without_its_build_says_to_launch_the_job_anew(tmp_path):
    context = SimpleNamespace(run=SimpleNamespace(run_id="taken up again"))
    refresh = Refresh(releases=str(tmp_path))
    with pytest.raises(Failure) as stop, readable(context, refresh):
        pass
    assert "Launch the job quarterly_refresh anew" in stop.value.description
    with readable(context, refresh, starts=True):
        pass


def test_every_mart_is_upstream_of_the_release(graph):
    upstream = graph.get(AssetKey(["release"])).parent_keys
    assert upstream == marts.keys
    assert AssetKey(["marts", "attribution_counts"]) in upstream
    assert AssetKey(["restricted", "attribution"]) in upstream


def test_each_relation_is_one_asset_named_after_it():
    nodes = [
        node
        for node in read_manifest()["nodes"].values()
        if node["resource_type"] in ("seed", "model")
        and node["config"]["materialized"] != "ephemeral"
    ]
    expected = {AssetKey([node["schema"], node["alias"]]) for node in nodes}
    assert expected == {*landing.keys, *transform.keys, *marts.keys}


def test_each_job_has_a_schedule_that_waits_to_be_turned_on():
    schedules = {schedule.job_name: schedule for schedule in defs.schedules}
    assert set(schedules) == set(KINDS)
    for schedule in schedules.values():
        assert schedule.execution_timezone == "America/New_York"
        assert schedule.default_status == DefaultScheduleStatus.STOPPED
    # The 30 days of run-out (design, section 2) have passed on the day.
    _, _, day, months, _ = schedules[QUARTERLY.job].cron_schedule.split()
    assert (day, months) == ("15", "2,5,8,11")
    _, _, _, months, _ = schedules[MONTHLY_MEDICAID.job].cron_schedule.split()
    assert months == "*"


def test_a_job_launched_from_the_web_page_knows_what_it_is(job):
    """It carries its name in its own configuration, so that nobody has to type it."""
    configured = job.run_config["resources"]["refresh"]["config"]
    assert configured == {"job": job.name}
    refresh = Refresh(**configured)
    assert refresh.settings().kind == KINDS[job.name]


def test_medicaid_s_month_is_not_published_where_everybody_reads():
    assert MONTHLY_MEDICAID.link != QUARTERLY.link
    assert QUARTERLY.link == "current"
    assert MONTHLY_MEDICAID.variables["payer_types"] == ["medicaid"]


def test_no_unit_test_is_an_asset_check(graph):
    unit_tests = {test["name"] for test in read_manifest()["unit_tests"].values()}
    assert not unit_tests & {key.name for key in graph.asset_check_keys}
