"""The dashboard of one HSA: its queries answer, and Superset takes it.

Belongs here: the datasets and charts of bi/ on the sample's release, and Superset
itself where it is installed. Does not belong here: the figures, which are the marts'.
"""

import json
import shutil
import socket
import subprocess
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import duckdb
import pytest

from bi import assets
from orchestration.releases import acquire_lease, install_release, prepare_folder
from orchestration.settings import PROJECT

CHARTS = [chart for row in assets.ROWS for chart in row]
SUPERSET = PROJECT / "build/bi/env/bin/python"
# A column of each dataset that says in words what is withheld, and the figure.
SAID = {
    "profile": "shown_value",
    "payments": "shown_amount",
    "quality": "shown_value",
    "patients": "shown_patients",
}


def asked(refreshed, dataset: str) -> duckdb.DuckDBPyRelation:
    """What a dataset answers for the HSA that the dashboard opens with."""
    release = refreshed.current() / "blueprint.duckdb"
    sql = (assets.DATASETS / f"{dataset}.sql").read_text(encoding="utf-8")
    connection = duckdb.connect(str(release), read_only=True)
    return connection.sql(sql)


@pytest.mark.slow
@pytest.mark.parametrize("dataset", sorted(assets.DATES))
def test_a_dataset_answers_for_every_hsa(refreshed, dataset):
    answer = asked(refreshed, dataset)
    with duckdb.connect(
        str(refreshed.current() / "blueprint.duckdb"), read_only=True
    ) as release:
        hsas = {row[0] for row in release.sql("select hsa from marts.hsas").fetchall()}
    assert {row[0] for row in answer.project("hsa").fetchall()} == hsas
    assert len(set(answer.fetchall())) == len(answer.fetchall())


@pytest.mark.slow
@pytest.mark.parametrize("dataset", sorted(SAID))
def test_what_is_withheld_says_so_and_is_never_a_zero(refreshed, dataset):
    said = [
        row[0] for row in asked(refreshed, dataset).project(SAID[dataset]).fetchall()
    ]
    assert None not in said
    assert "withheld" in said
    assert set(said) != {"withheld"}


@pytest.mark.slow
@pytest.mark.parametrize("dataset", ["payments", "patients"])
def test_a_sum_is_told_when_it_lacks_nothing(refreshed, dataset):
    figure = {"payments": "amount", "patients": "patients"}[dataset]
    rows = (
        asked(refreshed, dataset)
        .project(f"date_trunc('day', {assets.DATES[dataset]}), payer, hsa, {figure}")
        .fetchall()
    )
    whole = {
        "payments": "restricted.pcmh_payments",
        "patients": "restricted.attribution_counts",
    }
    column = {"payments": "amount", "patients": "attributed_patients"}[dataset]
    with duckdb.connect(
        str(refreshed.current() / "blueprint_restricted.duckdb"), read_only=True
    ) as release:
        truth = set(
            release.sql(
                f"select date_trunc('day', {assets.DATES[dataset]}), payer, hsa, "
                f"sum({column}) from {whole[dataset]} "
                + ("where program = 'pcmh' " if dataset == "patients" else "")
                + "group by all"
            ).fetchall()
        )
    told = [row for row in rows if row[3] is not None]
    assert told
    assert [row for row in told if row not in truth] == []


@pytest.mark.slow
@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.name)
def test_a_chart_shows_columns_that_its_dataset_has(refreshed, chart):
    columns = set(asked(refreshed, chart.dataset).columns)
    assert {assets.DATES[chart.dataset], "hsa"} <= columns
    assert {*(chart.columns or ()), *chart.order} <= columns
    assert chart.columns or chart.figure in columns


def test_every_chart_stands_on_the_dashboard_once():
    place = assets.layout()
    shown = [
        part["meta"]["uuid"]
        for part in place.values()
        if isinstance(part, dict) and part["type"] == "CHART"
    ]
    assert sorted(shown) == sorted(assets.chart_file(chart)["uuid"] for chart in CHARTS)
    assert len({assets.chart_file(chart)["slice_name"] for chart in CHARTS}) == len(
        CHARTS
    )
    for row in assets.ROWS:
        assert sum(chart.width for chart in row) == 12


@pytest.mark.thorough
def test_superset_takes_the_dashboard_and_answers_every_chart(refreshed, tmp_path):
    if not SUPERSET.exists():
        pytest.skip("Superset is not installed: make bi CHECK=1 installs it")
    releases = tmp_path / "releases"
    shutil.copytree(refreshed.current(), releases / "one")
    (releases / "current").symlink_to("one")
    for _ in range(2):
        # The second time over what the first one made.
        done = subprocess.run(
            [
                *(SUPERSET, "bi/serve.py", "--check", "--home", tmp_path / "home"),
                releases / "current/blueprint.duckdb",
            ],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout
    for chart in CHARTS:
        assert f"{chart.name} " in done.stdout


# Superset while releases are published ----------------------------------------------


def publish(releases: Path, release: Path, number: int) -> None:
    """Publishes a release where every practice is paid this number each month."""
    folder = releases / "2018-06-30" / f".release-{number}.partial"
    folder.mkdir(parents=True)
    shutil.copy(release / "blueprint.duckdb", folder)
    with duckdb.connect(str(folder / "blueprint.duckdb")) as database:
        database.execute(
            f"update marts.pcmh_payments set amount = {number}, is_suppressed = false"
        )
    final = releases / "2018-06-30" / f"release-{number}"
    install_release(releases, "run", folder, final)


def answer(
    port: int, path: str, token: str | None = None, asked: dict | None = None
) -> Any:
    """What Superset's API answers."""
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        method, body = ("POST", json.dumps(asked)) if asked else ("GET", None)
        connection.request(method, f"/api/v1/{path}", body, headers)
        response = connection.getresponse()
        said = response.read()
    finally:
        connection.close()
    assert response.status == 200, said
    return json.loads(said)


@pytest.mark.thorough
def test_superset_reads_on_while_releases_are_published(refreshed, tmp_path):
    if not SUPERSET.exists():
        pytest.skip("Superset is not installed: make bi CHECK=1 installs it")
    releases, home = tmp_path / "releases", tmp_path / "home"
    prepare_folder(releases)
    acquire_lease(releases, "run")
    publish(releases, refreshed.current(), 1)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [
            *(SUPERSET, "bi/serve.py", "--home", home, "--port", str(port)),
            releases / "current/blueprint.duckdb",
        ],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    seen: list[list[float]] = [[] for _ in range(3)]
    ended = threading.Event()
    try:
        # It says so when it is about to serve.
        assert any(line.startswith("Stop") for line in server.stdout)
        login = {"username": "analyst", "password": (home / "password").read_text()}
        token = None
        while token is None:
            assert server.poll() is None
            try:
                token = answer(
                    port, "security/login", asked=login | {"provider": "db"}
                )["access_token"]
            except OSError:
                time.sleep(0.2)
        listed = answer(port, "dataset/?q=(page_size:100)", token)["result"]
        payments = next(row for row in listed if row["table_name"] == "payments")

        def paid() -> float:
            """What every practice of the HSA was paid each month, by the dashboard."""
            told = answer(
                port,
                "chart/data",
                token,
                {
                    "datasource": {"id": payments["id"], "type": "table"},
                    "queries": [
                        {
                            "columns": ["payment_month", "payer", "amount"],
                            "filters": [
                                {"col": "hsa", "op": "IN", "val": [assets.FIRST_HSA]}
                            ],
                            "row_limit": 10_000,
                        }
                    ],
                },
            )["result"][0]["data"]
            return sum(row["amount"] for row in told)

        def read_on(answers: list[float]) -> None:
            while not ended.is_set():
                answers.append(paid())

        rows = paid()
        readers = [threading.Thread(target=read_on, args=[one]) for one in seen]
        for reader in readers:
            reader.start()
        for number in range(2, 6):
            publish(releases, refreshed.current(), number)
            # The next question is answered from it, though others are being asked.
            assert paid() == number * rows
        ended.set()
        for reader in readers:
            reader.join()
    finally:
        ended.set()
        server.terminate()
        server.wait(30)
    for answers in seen:
        # No question failed, none was answered of two releases, none of an older one
        # than the question before it.
        assert answers
        assert set(answers) <= {number * rows for number in range(1, 6)}
        assert answers == sorted(answers)
