"""The analysts' queries answer on a published release, and the page lists them."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest

from benchmarks import queries
from orchestration.settings import PROJECT

FOLDER = PROJECT / "docs/analysts/queries"
FILES = sorted(FOLDER.glob("*.sql"))
SHAPES = json.loads((PROJECT / "tests/data/query_shapes.json").read_text("utf-8"))
PAGE = (FOLDER / "README.md").read_text(encoding="utf-8")
HEAD = re.compile(
    r"-- Question: (?P<question>.+\?)\n(?P<needs>-- Needs: restricted.*\n)?"
    r"-- Columns: .+\n(?:--     .+\n)*-- Reading: .+\n(?:--     .+\n)*(?!--)"
)
files = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def is_restricted(file: Path) -> bool:
    return "\n-- Needs: restricted" in file.read_text(encoding="utf-8")


def connected(refreshed, *, restricted: bool) -> duckdb.DuckDBPyConnection:
    name = "blueprint_restricted.duckdb" if restricted else "blueprint.duckdb"
    return duckdb.connect(str(refreshed.current() / name), read_only=True)


def test_there_are_queries_for_what_people_ask():
    assert len(FILES) >= 20
    assert set(SHAPES) == {file.stem for file in FILES}
    assert [file.name[:2] for file in FILES] == [
        f"{number:02}" for number in range(1, len(FILES) + 1)
    ]


@files
def test_a_query_says_its_question_columns_and_how_to_read_it(file):
    text = file.read_text(encoding="utf-8")
    assert HEAD.match(text), text[:400]
    assert max(map(len, text.splitlines())) <= 88


@files
def test_a_query_names_no_date_and_people_only_where_it_says_so(file):
    text = file.read_text(encoding="utf-8")
    assert not re.search(r"date '|\d{4}-\d{2}|current_date|now\(", text)
    assert ("restricted." in text) == is_restricted(file)


def test_the_page_lists_the_queries_by_question():
    listed = re.findall(r"^\| (\d\d) \| \[(.+)\]\((.+)\) \| (yes)? ?\|$", PAGE, re.M)
    heads = [(file, HEAD.match(file.read_text("utf-8"))) for file in FILES]
    assert listed == [
        (file.name[:2], head["question"], file.name, "yes" if head["needs"] else "")
        for file, head in heads
    ]


@pytest.mark.slow
@files
def test_a_query_answers_on_the_sample_in_its_shape(refreshed, file):
    shape = SHAPES[file.stem]
    with connected(refreshed, restricted=is_restricted(file)) as connection:
        answer = connection.sql(file.read_text(encoding="utf-8"))
        columns = dict(zip(answer.columns, map(str, answer.types), strict=True))
        rows = answer.fetchall()
    assert columns == shape["columns"]
    assert len(rows) >= shape["rows"]
    at = list(columns).index(shape["entity"])
    assert len({row[at] for row in rows}) >= shape["entities"]
    assert len(set(rows)) == len(rows)
    for name, values in zip(columns, zip(*rows, strict=True), strict=True):
        assert any(value is not None for value in values), f"{name} is always null"


@pytest.mark.slow
@files
def test_a_row_that_lacks_nothing_is_what_the_unsuppressed_twin_says(refreshed, file):
    """And one that lacks something says so: no figure is silently too low."""
    text = file.read_text(encoding="utf-8")
    names = list(SHAPES[file.stem]["columns"])
    # Each counts what a row's sums lack.
    at = [number for number, name in enumerate(names) if "withheld" in name]
    # 02 tells how much of a whole profile is withheld, not of a row.
    if not at or file.name.startswith("02"):
        pytest.skip("adds nothing up")
    with connected(refreshed, restricted=False) as connection:
        rows = connection.sql(text).fetchall()
    with connected(refreshed, restricted=True) as connection:
        whole = set(connection.sql(text.replace("marts.", "restricted.")).fetchall())
    lacking_nothing = [row for row in rows if not any(row[number] for number in at)]
    assert [row for row in lacking_nothing if row not in whole] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["NAME=05"], 0, "patients_before"),
        (["NAME=06", "RESTRICTED=1"], 0, "share_of_hsa"),
        (["NAME=0"], 2, "names one of these"),
        (["NAME=no-such"], 2, "names one of these"),
        ([], 2, "names one of these"),
    ],
)
def test_make_query_answers_or_says_what_there_is(refreshed, arguments, code, said):
    asked = subprocess.run(
        [shutil.which("make") or "make", "query", *arguments],
        cwd=PROJECT,
        env={**os.environ, "BLUEPRINT_RELEASES": str(refreshed.releases)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert asked.returncode == code, asked.stdout
    assert said in asked.stdout


@pytest.mark.slow
def test_every_query_is_timed_and_a_copy_without_people_leaves_out_theirs(
    refreshed, tmp_path
):
    timed = queries.measure(refreshed.current(), 1)
    assert list(timed) == [file.stem for file in FILES]
    assert {stem: row["rows"] for stem, row in timed.items()} == {
        stem: shape["rows"] for stem, shape in SHAPES.items()
    }
    shutil.copy(refreshed.current() / "blueprint.duckdb", tmp_path)
    handed_out = queries.measure(tmp_path, 1)
    assert set(timed) - set(handed_out) == {
        file.stem for file in FILES if is_restricted(file)
    }


@pytest.mark.slow
def test_the_reconciliation_adds_up_the_same_payments_on_both_sides(refreshed):
    """Payments that show on one side only would make a difference of their own."""
    query = (FOLDER / "09-payer-reconciliation.sql").read_text(encoding="utf-8")
    with connected(refreshed, restricted=False) as connection:
        off = connection.sql(
            f"with answer as ({query}) select * from answer where "
            "reported_usd - computed_usd <> difference_usd or difference_usd "
            "<> by_count_usd + by_rate_usd + by_timing_usd + by_status_usd"
        ).fetchall()
    assert off == []
