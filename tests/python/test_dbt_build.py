"""The whole dbt project builds: every seed, model, data test and unit test."""

import json
import os
import subprocess
import sys

import pytest

from orchestration.settings import PROJECT

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("dbt_build")]


def test_every_model_builds_and_every_test_passes(tmp_path):
    result = subprocess.run(
        [
            sys.executable,
            "-m",
            "dbt.cli.main",
            "--quiet",
            "--log-path",
            str(tmp_path / "log"),
            "build",
            "--project-dir",
            str(PROJECT),
            "--profiles-dir",
            str(PROJECT),
            "--target-path",
            str(tmp_path / "target"),
        ],
        cwd=tmp_path,
        env={
            **os.environ,
            "BLUEPRINT_BUILD": str(tmp_path / "blueprint.duckdb"),
            "DO_NOT_TRACK": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout[-4000:]
    results = json.loads((tmp_path / "target" / "run_results.json").read_text())
    kinds = [entry["unique_id"].partition(".")[0] for entry in results["results"]]
    for kind in ("seed", "model", "test", "unit_test"):
        assert kinds.count(kind) > 0, f"no {kind} ran"
