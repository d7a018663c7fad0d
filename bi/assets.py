"""Writes the dashboard of one HSA as a bundle that Superset imports.

Belongs here: what the dashboard shows, and Superset's form of it. Does not belong
here: SQL; that is in datasets/, a file for each dataset. What imports it is serve.py.
"""

import json
import uuid
from dataclasses import dataclass
from pathlib import Path

DATASETS = Path(__file__).parent / "datasets"
FORM = "1.0.0"
WITHHELD = "withheld: a cell that counts 1 to 10 people"

# The HSA that the dashboard opens with.
FIRST_HSA = "Rutland"
NOTE = (
    "### One Health Service Area\n"
    "Choose it on the left. **withheld** is a cell of 1 to 10 people, or one that "
    "would give such a cell back; in the pictures it is a gap, and no zero. Figures "
    "are of the last twelve-month period, beside the state's; payments and patients "
    "of every month and quarter of the release."
)


@dataclass(frozen=True)
class Chart:
    """A picture or table of a dataset.

    name: unique. columns: of a table, as they are shown, with their headings. figure:
    of a picture, what is drawn over the dataset's date, a series per payer. width: of
    the 12 columns of the dashboard.
    """

    name: str
    title: str
    dataset: str
    width: int
    columns: dict[str, str] | None = None
    order: tuple[str, ...] = ()
    figure: str | None = None
    kind: str = "table"


# The date of each dataset.
DATES = {
    "profile": "period_end",
    "payments": "payment_month",
    "quality": "period_end",
    "trui": "period_end",
    "patients": "as_of_date",
}
ROWS = (
    (
        Chart(
            "patients_over_time",
            "Attributed patients by payer, each quarter",
            "patients",
            6,
            figure="patients",
            kind="echarts_timeseries_line",
        ),
        Chart(
            "payments_over_time",
            "Medical home payments by payer and month, US dollars",
            "payments",
            6,
            figure="amount",
            kind="echarts_timeseries_bar",
        ),
    ),
    (
        Chart(
            "profile_table",
            "Members, health and expenditure",
            "profile",
            12,
            columns={
                "population": "People",
                "section": "Section",
                "label": "Figure",
                "unit": "Unit",
                "shown_value": "HSA",
                "state_value": "State",
            },
            order=("population", "line_order"),
        ),
    ),
    (
        Chart(
            "quality_table",
            "Quality measures beside the state, with 95 % intervals",
            "quality",
            12,
            columns={
                "population": "People",
                "label": "Measure",
                "shown_value": "HSA",
                "ci_low": "From",
                "ci_high": "To",
                "state_value": "State",
                "difference": "Differs",
                "shown_rank": "Rank",
            },
            order=("population", "line_order"),
        ),
    ),
    (
        Chart(
            "trui_table",
            "Resource use index of the HSA's practices, 1 being the state",
            "trui",
            12,
            columns={
                "practice_name": "Practice",
                "age_group": "People",
                "shown_trui": "Index",
                "ci_low": "From",
                "ci_high": "To",
                "quartile": "Quartile",
            },
            order=("practice_name", "age_group"),
        ),
    ),
    (
        Chart(
            "payments_table",
            "Medical home payments, US dollars",
            "payments",
            6,
            columns={"month": "Month", "payer": "Payer", "shown_amount": "Payment"},
            order=("month", "payer"),
        ),
        Chart(
            "patients_table",
            "Attributed patients",
            "patients",
            6,
            columns={
                "quarter": "As of",
                "payer": "Payer",
                "shown_patients": "Patients",
            },
            order=("quarter", "payer"),
        ),
    ),
)


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
    where = [{"col": "hsa", "op": "IN", "val": [FIRST_HSA]}]
    return {
        "id": "NATIVE_FILTER-hsa",
        "name": "HSA",
        "type": "NATIVE_FILTER",
        "filterType": "filter_select",
        "targets": [{"datasetUuid": identity("payments"), "column": {"name": "hsa"}}],
        "controlValues": {"multiSelect": False, "enableEmptyFilter": True},
        "defaultDataMask": {
            "extraFormData": {"filters": where},
            "filterState": {"value": [FIRST_HSA], "label": FIRST_HSA},
        },
        "cascadeParentIds": [],
        "scope": {"rootPath": ["ROOT_ID"], "excluded": []},
    }


def params(chart: Chart) -> dict:
    """Superset's form of a chart."""
    if chart.columns:
        return {
            "viz_type": "table",
            "query_mode": "raw",
            "all_columns": list(chart.columns),
            "row_limit": 1000,
            "adhoc_filters": [],
            "order_by_cols": [json.dumps([column, True]) for column in chart.order],
            "show_cell_bars": False,
            "color_pn": False,
            "column_config": {
                column: {"customColumnName": heading}
                for column, heading in chart.columns.items()
            },
        }
    return {
        "viz_type": chart.kind,
        "x_axis": DATES[chart.dataset],
        "time_grain_sqla": "P1M",
        "metrics": [
            {
                "expressionType": "SQL",
                "sqlExpression": f"sum({chart.figure})",
                "label": chart.figure,
                "optionName": f"metric_{chart.figure}",
            }
        ],
        "groupby": ["payer"],
        "adhoc_filters": [],
        "row_limit": 1000,
        "x_axis_time_format": "%Y-%m",
        "y_axis_format": ",.0f",
        "show_legend": True,
        "markerEnabled": True,
        "rich_tooltip": True,
        "stack": "Stack" if chart.kind.endswith("bar") else None,
    }


def dataset_file(dataset: str, release: Path) -> dict:
    """A dataset: its query, and the columns that it answers with."""
    sql = (DATASETS / f"{dataset}.sql").read_text(encoding="utf-8")
    return {
        "table_name": dataset,
        "main_dttm_col": DATES[dataset],
        "sql": sql,
        "columns": columns_of(sql, release),
        "metrics": [],
        "uuid": identity(dataset),
        "database_uuid": identity("releases"),
        "version": FORM,
    }


def chart_file(chart: Chart) -> dict:
    """A chart of a dataset."""
    return {
        "slice_name": chart.title,
        "description": WITHHELD,
        "viz_type": params(chart)["viz_type"],
        "params": params(chart),
        "uuid": identity(f"chart {chart.name}"),
        "dataset_uuid": identity(chart.dataset),
        "version": FORM,
    }


def layout() -> dict:
    """Where the note and the charts stand."""
    place: dict[str, dict] = {
        "ROOT_ID": {"id": "ROOT_ID", "type": "ROOT", "children": ["GRID_ID"]},
        "GRID_ID": {
            "id": "GRID_ID",
            "type": "GRID",
            "children": [],
            "parents": ["ROOT_ID"],
        },
    }

    def put(kind: str, name: str, parents: list[str], meta: dict) -> list[str]:
        place[name] = {
            "id": name,
            "type": kind,
            "children": [],
            "parents": parents,
            "meta": meta,
        }
        place[parents[-1]]["children"].append(name)
        return [*parents, name]

    grid, transparent = ["ROOT_ID", "GRID_ID"], {"background": "BACKGROUND_TRANSPARENT"}
    top = put("ROW", "ROW-note", grid, transparent)
    put("MARKDOWN", "MARKDOWN-note", top, {"width": 12, "height": 18, "code": NOTE})
    for row, charts in enumerate(ROWS):
        line = put("ROW", f"ROW-{row}", grid, transparent)
        for column, chart in enumerate(charts):
            meta = {
                "width": chart.width,
                "height": 50,
                "chartId": 10 * row + column + 1,
                "sliceName": chart.title,
                "uuid": identity(f"chart {chart.name}"),
            }
            put("CHART", f"CHART-{chart.name}", line, meta)
    return {"DASHBOARD_VERSION_KEY": "v2", **place}


def bundle(release: Path) -> dict[str, dict]:
    """Every file of the bundle, by its path in it."""
    files: dict[str, dict] = {
        "metadata.yaml": {"version": FORM, "type": "assets"},
        "databases/releases.yaml": {
            "database_name": "releases",
            "sqlalchemy_uri": f"duckdb:///{release}",
            "expose_in_sqllab": True,
            "allow_dml": False,
            "extra": {"engine_params": {"connect_args": {"read_only": True}}},
            "uuid": identity("releases"),
            "version": FORM,
        },
        "dashboards/hsa.yaml": {
            "dashboard_title": "One HSA",
            "slug": "hsa",
            "published": True,
            "position": layout(),
            "metadata": {"native_filter_configuration": [hsa_filter()]},
            "uuid": identity("dashboard"),
            "version": FORM,
        },
    }
    for dataset in DATES:
        files[f"datasets/releases/{dataset}.yaml"] = dataset_file(dataset, release)
    for chart in (chart for row in ROWS for chart in row):
        files[f"charts/{chart.name}.yaml"] = chart_file(chart)
    return files
