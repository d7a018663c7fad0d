"""Serves the dashboard of one HSA in Apache Superset, on this machine alone.

Belongs here: Superset's start, its one user, and the import of what assets.py writes.
Does not belong here: what the dashboard shows (assets.py, datasets/), or how Superset
is installed (Makefile). Superset's own Python runs it, not the project's:

    build/bi/env/bin/python bi/serve.py releases/current/blueprint.duckdb
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import assets

if TYPE_CHECKING:
    from flask import Flask

HERE = Path(__file__).resolve().parent
USER = "analyst"


def parser() -> argparse.ArgumentParser:
    """The arguments."""
    parsed = argparse.ArgumentParser(
        prog="make bi",
        description="Serves the dashboard of one HSA in Apache Superset. It reads the "
        "release that `current` points at, and only reads it: a refresh may publish "
        "while it runs, and the next question is answered from the new release.",
    )
    parsed.add_argument("release", metavar="FILE", help="blueprint.duckdb of a release")
    parsed.add_argument("--home", default="build/bi/home", metavar="DIR")
    parsed.add_argument("--port", type=int, default=8088)
    parsed.add_argument(
        "--check",
        action="store_true",
        help="import the dashboard, ask what every chart asks, and serve nothing",
    )
    return parsed


def password_of(home: Path) -> str:
    """The password of Superset's one user, made once."""
    kept = home / "password"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(12), encoding="utf-8")
    return kept.read_text(encoding="utf-8")


def superset(*arguments: str, home: Path) -> None:
    """Superset's command line; its words are kept in a file, and shown if it fails."""
    log = home / "superset.log"
    with log.open("a", encoding="utf-8") as file:
        done = subprocess.run(
            [Path(sys.executable).with_name("superset"), *arguments],
            stdout=file,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        last = log.read_text(encoding="utf-8").splitlines()[-15:]
        raise SystemExit("\n".join([*last, f"superset {arguments[0]} failed: {log}"]))


def prepare(home: Path) -> None:
    """Superset's own tables, roles and user; a minute the first time."""
    if (home / "ready").exists():
        return
    print("Preparing Superset (once; a minute or two)", flush=True)
    superset("db", "upgrade", home=home)
    superset("init", home=home)
    superset(
        *("fab", "create-admin", "--username", USER, "--firstname", "State"),
        *("--lastname", "Analyst", "--email", "analyst@example.org"),
        *("--password", password_of(home)),
        home=home,
    )
    (home / "ready").touch()


def import_dashboard(app: Flask, release: Path) -> None:
    """Puts the dashboard and all it needs into Superset, over what was there."""
    with app.app_context():
        from superset import security_manager
        from superset.commands.importers.v1.assets import ImportAssetsCommand
        from superset.utils.core import override_user

        files = {
            name: json.dumps(content)
            for name, content in assets.bundle(release).items()
        }
        with override_user(security_manager.find_user(USER)):
            ImportAssetsCommand(files).run()


def answers(app: Flask, password: str) -> dict[str, list[dict[str, Any]]]:
    """What each chart asks, answered through Superset's API, by the chart's name."""
    client = app.test_client()
    token = client.post(
        "/api/v1/security/login",
        json={"username": USER, "password": password, "provider": "db"},
    ).get_json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    listed = client.get("/api/v1/dataset/?q=(page_size:100)", headers=headers)
    ids = {row["table_name"]: row["id"] for row in listed.get_json()["result"]}
    found = {}
    for chart in (chart for row in assets.ROWS for chart in row):
        form = assets.params(chart)
        asked = client.post(
            "/api/v1/chart/data",
            headers=headers,
            json={
                "datasource": {"id": ids[chart.dataset], "type": "table"},
                "queries": [
                    {
                        "columns": form.get("all_columns")
                        or [form["x_axis"], *form["groupby"]],
                        "metrics": form.get("metrics"),
                        "orderby": [
                            json.loads(one) for one in form.get("order_by_cols", [])
                        ],
                        "filters": [
                            {"col": "hsa", "op": "IN", "val": [assets.FIRST_HSA]}
                        ],
                        "row_limit": form["row_limit"],
                    }
                ],
            },
        )
        if asked.status_code != 200:
            raise SystemExit(f"{chart.title}: {asked.get_data(as_text=True)}")
        found[chart.name] = asked.get_json()["result"][0]["data"]
    return found


def main() -> None:
    """Imports the dashboard, and serves it or checks it."""
    asked = parser().parse_args()
    # The link `current` stays in the path: it is what a switch of release moves.
    release, home = Path(asked.release).absolute(), Path(asked.home).absolute()
    if not release.exists():
        raise SystemExit(f"{release}: there is no release. Run make refresh first.")
    home.mkdir(parents=True, exist_ok=True)
    os.environ.update(
        SUPERSET_HOME=str(home),
        SUPERSET_CONFIG_PATH=str(HERE / "superset_config.py"),
        FLASK_APP="superset",
        SCARF_ANALYTICS="false",
    )
    prepare(home)
    from superset.app import create_app

    app = create_app()
    import_dashboard(app, release)
    password = password_of(home)
    if asked.check:
        for name, rows in answers(app, password).items():
            print(f"{name:20} {len(rows):5} rows")
            if not rows:
                raise SystemExit(f"{name}: no rows")
        return
    print(
        f"Dashboard  http://127.0.0.1:{asked.port}/superset/dashboard/hsa/\n"
        f"User       {USER}, password {password}\n"
        "Stop       Ctrl-C",
        flush=True,
    )
    os.execv(  # noqa: S606 - its own program, with a list of arguments
        Path(sys.executable).with_name("gunicorn"),
        [
            "gunicorn",
            *("--bind", f"127.0.0.1:{asked.port}", "--workers", "1"),
            *("--worker-class", "gthread", "--threads", "8", "--timeout", "120"),
            *("--log-level", "warning", "superset.app:create_app()"),
        ],
    )


if __name__ == "__main__":
    main()
