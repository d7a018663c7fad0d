"""Writes the dashboard of one HSA as a bundle that Superset imports.

Belongs here: what the dashboard shows, and Superset's form of it. Does not belong
here: SQL; that is in datasets/, a file for each dataset.

    python bi/assets.py releases/current/blueprint.duckdb build/bi/hsa.zip
"""

import json
import sys
import uuid
import zipfile
from pathlib import Path

DATASETS = Path(__file__).parent / "datasets"
FORM = "1.0.0"
WITHHELD = "withheld: a cell that counts 1 to 10 people"

# Dataset, its date, its columns in the order shown.
CHARTS = {
    "Members and expenditure": (
        "profile",
        "period_end",
        ["population", "section", "label", "unit", "shown_value", "state_value"],
    ),
    "Payments by payer and month": (
        "payments",
        "payment_month",
        ["payment_month", "payer", "shown_amount"],
    ),
    "Quality against the state": (
        "quality",
        "period_end",
        ["population", "label", "shown_value", "ci_low", "ci_high", "state_value"],
    ),
    "Resource use of practices": (
        "trui",
        "period_end",
        ["practice_id", "age_group", "shown_trui", "ci_low", "ci_high", "quartile"],
    ),
    "Attributed patients over quarters": (
        "patients",
        "as_of_date",
        ["as_of_date", "payer", "shown_patients"],
    ),
}


def identity(name: str) -> str:
    """The same name has the same UUID, so that an import replaces what it made."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"blueprint/{name}"))


def columns_of(sql: str, release: Path) -> list[dict]:
    """The columns that a query answers with."""
    import duckdb

    with duckdb.connect(str(release), read_only=True) as connection:
        described = connection.execute(f"describe {sql}").fetchall()
    return [
        {
            "column_name": name,
            "type": kind,
            "is_dttm": kind == "DATE",
            "groupby": True,
            "filterable": True,
            "is_active": True,
        }
        for name, kind, *_ in described
    ]


def hsa_filter() -> dict:
    """The filter that chooses the HSA; it must have a value."""
    chosen = "Burlington"
    where = [{"col": "hsa", "op": "IN", "val": [chosen]}]
    return {
        "id": "NATIVE_FILTER-hsa",
        "name": "HSA",
        "type": "NATIVE_FILTER",
        "filterType": "filter_select",
        "targets": [{"datasetUuid": identity("payments"), "column": {"name": "hsa"}}],
        "controlValues": {"multiSelect": False, "enableEmptyFilter": True},
        "defaultDataMask": {
            "extraFormData": {"filters": where},
            "filterState": {"value": [chosen], "label": chosen},
        },
        "cascadeParentIds": [],
        "scope": {"rootPath": ["ROOT_ID"], "excluded": []},
    }


def bundle(release: Path) -> dict[str, dict]:
    """Every file of the bundle, by its path in it."""
    files: dict[str, dict] = {
        "metadata.yaml": {"version": FORM, "type": "Dashboard"},
        "databases/releases.yaml": {
            "database_name": "releases",
            "sqlalchemy_uri": f"duckdb:///{release}",
            "expose_in_sqllab": True,
            "allow_dml": False,
            "extra": {"engine_params": {"connect_args": {"read_only": True}}},
            "uuid": identity("releases"),
            "version": FORM,
        },
    }
    place = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"id": "ROOT_ID", "type": "ROOT", "children": ["GRID_ID"]},
        "GRID_ID": {
            "id": "GRID_ID",
            "type": "GRID",
            "children": [],
            "parents": ["ROOT_ID"],
        },
    }
    for title, (dataset, date, shown) in CHARTS.items():
        sql = (DATASETS / f"{dataset}.sql").read_text()
        files[f"datasets/releases/{dataset}.yaml"] = {
            "table_name": dataset,
            "main_dttm_col": date,
            "sql": sql,
            "columns": columns_of(sql, release),
            "metrics": [],
            "uuid": identity(dataset),
            "database_uuid": identity("releases"),
            "version": FORM,
        }
        files[f"charts/{dataset}.yaml"] = {
            "slice_name": title,
            "description": WITHHELD,
            "viz_type": "table",
            "params": {
                "viz_type": "table",
                "query_mode": "raw",
                "all_columns": shown,
                "row_limit": 1000,
                "adhoc_filters": [],
                "order_by_cols": [],
            },
            "uuid": identity(f"chart {dataset}"),
            "dataset_uuid": identity(dataset),
            "version": FORM,
        }
        row, chart = f"ROW-{dataset}", f"CHART-{dataset}"
        place["GRID_ID"]["children"].append(row)
        place[row] = {
            "id": row,
            "type": "ROW",
            "children": [chart],
            "parents": ["ROOT_ID", "GRID_ID"],
            "meta": {"background": "BACKGROUND_TRANSPARENT"},
        }
        place[chart] = {
            "id": chart,
            "type": "CHART",
            "children": [],
            "parents": ["ROOT_ID", "GRID_ID", row],
            "meta": {
                "width": 12,
                "height": 50,
                "chartId": len(place),
                "sliceName": title,
                "uuid": identity(f"chart {dataset}"),
            },
        }
    files["dashboards/hsa.yaml"] = {
        "dashboard_title": "One HSA",
        "slug": "hsa",
        "position": place,
        "metadata": {"native_filter_configuration": [hsa_filter()]},
        "uuid": identity("dashboard"),
        "version": FORM,
    }
    return files


def main(release: str, target: str) -> None:
    """Writes the bundle. JSON is YAML, so nothing more is needed to write it."""
    Path(target).parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w") as file:
        # The link `current` stays in the path: it is what a switch of release moves.
        for name, content in bundle(Path(release).absolute()).items():
            file.writestr(f"hsa/{name}", json.dumps(content, indent=1))


if __name__ == "__main__":
    main(*sys.argv[1:])
