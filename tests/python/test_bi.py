"""The dashboard of one HSA, as the sample's release answers it."""

import duckdb
import pytest

from bi import assets
from tests.python.conftest import Refreshed

SHOWN = {
    "profile": "shown_value",
    "payments": "shown_amount",
    "quality": "shown_value",
    "trui": "shown_trui",
    "patients": "shown_patients",
}


@pytest.mark.parametrize("dataset", sorted(SHOWN))
def test_every_dataset_answers_and_withholds_in_words(
    refreshed: Refreshed, dataset: str
) -> None:
    release = refreshed.current() / "blueprint.duckdb"
    sql = (assets.DATASETS / f"{dataset}.sql").read_text()
    with duckdb.connect(str(release), read_only=True) as connection:
        shown = [
            row[0] for row in connection.sql(sql).project(SHOWN[dataset]).fetchall()
        ]
    assert "withheld" in shown
    assert set(shown) != {"withheld"}
    assert None not in shown


def test_every_chart_shows_columns_that_its_dataset_has(refreshed: Refreshed) -> None:
    files = assets.bundle(refreshed.current() / "blueprint.duckdb")
    for dataset, date, shown in assets.CHARTS.values():
        columns = files[f"datasets/releases/{dataset}.yaml"]["columns"]
        names = {column["column_name"] for column in columns}
        assert {date, "hsa", *shown} <= names
