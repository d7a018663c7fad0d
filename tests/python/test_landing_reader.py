"""The landing contract: what lands, and one readable line for each kind of mistake."""

import os
import time
from pathlib import Path

import duckdb
import pytest

from orchestration.contract import landing_contract
from orchestration.errors import LandingError
from orchestration.landing import land_directory

CONTRACT = landing_contract()


def land(drop, tmp_path: Path):
    database = tmp_path / "blueprint.duckdb"
    landed = land_directory(drop.folder, database, CONTRACT)
    return landed, duckdb.connect(str(database), read_only=True)


def refused(drop, tmp_path: Path) -> str:
    with pytest.raises(LandingError) as error:
        land_directory(drop.folder, tmp_path / "blueprint.duckdb", CONTRACT)
    message = str(error.value)
    assert "\n" not in message
    assert len(message) < 500
    return message


def parquet(drop, name: str, query: str) -> Path:
    path = drop.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    duckdb.sql(f"copy ({query}) to '{path}' (format parquet)")
    return path


def practice(drop, **values):
    return drop.row("practice", hsa="Barre", **values)


# What lands --------------------------------------------------------------------------


def test_every_table_lands_with_the_contracts_columns_in_order(drop, tmp_path):
    drop.write("practice.csv", [practice(drop)])
    _, connection = land(drop, tmp_path)
    for table in CONTRACT.values():
        rows = connection.execute(f"describe landing.{table.name}").fetchall()
        assert [row[0] for row in rows] == [c.name for c in table.columns]


def test_csv_is_read_as_text(drop, tmp_path):
    drop.write("practice.csv", [practice(drop, practice_id="007", town="")])
    _, connection = land(drop, tmp_path)
    row = connection.execute(
        "select practice_id, town from landing.practice"
    ).fetchone()
    assert row == ("007", None)
    kinds = {r[1] for r in connection.execute("describe landing.practice").fetchall()}
    assert kinds == {"VARCHAR"}


def test_parquet_keeps_its_types_and_is_not_copied(drop, tmp_path):
    parquet(
        drop,
        "larc_stock.parquet",
        "select 'a' as practice_id, date '2018-01-01' as count_date, 3 as implant",
    )
    landed, connection = land(drop, tmp_path)
    kinds = dict(
        row[:2] for row in connection.execute("describe landing.larc_stock").fetchall()
    )
    assert kinds["count_date"] == "DATE"
    assert kinds["implant"] == "INTEGER"
    assert kinds["hormonal_iud"] == "VARCHAR"
    assert connection.execute(
        "select view_name from duckdb_views() where schema_name = 'landing'"
    ).fetchall() == [("larc_stock",)]
    assert next(t for t in landed.tables if t.name == "larc_stock").rows == 1


def test_an_absent_table_is_empty(drop, tmp_path):
    drop.write("practice.csv", [practice(drop)])
    landed, connection = land(drop, tmp_path)
    assert connection.execute("select count(*) from landing.invoice").fetchone() == (0,)
    assert next(t for t in landed.tables if t.name == "invoice").files == []


def test_columns_come_in_any_order_case_and_padding(drop, tmp_path):
    row = practice(drop, practice_id="p1")
    shuffled = {f" {name.upper()} ": row[name] for name in reversed(row)}
    drop.write("practice.csv", [shuffled])
    _, connection = land(drop, tmp_path)
    assert connection.execute(
        "select practice_id from landing.practice"
    ).fetchone() == ("p1",)


def test_older_names_are_accepted(drop, tmp_path):
    row = drop.row("eligibility")
    row["patient_id"] = row.pop("person_id")
    drop.write("eligibility.csv", [row])
    _, connection = land(drop, tmp_path)
    assert connection.execute(
        "select person_id from landing.eligibility"
    ).fetchone() == ("person_id 1",)


def test_older_names_are_accepted_in_parquet(drop, tmp_path):
    columns = [c.name for c in CONTRACT["medical_claim"].columns if c.required]
    select = ", ".join(
        f"'1' as {'patient_id' if name == 'person_id' else name}" for name in columns
    )
    parquet(drop, "medical_claim.parquet", f"select {select}, '470' as ms_drg_code")
    _, connection = land(drop, tmp_path)
    assert connection.execute(
        "select person_id, drg_code from landing.medical_claim"
    ).fetchone() == ("1", "470")


def test_a_folder_of_files_is_one_table_whatever_the_order_of_columns(drop, tmp_path):
    row = practice(drop, practice_id="p1")
    drop.write("practice/a.csv", [row])
    other = {name: row[name] for name in reversed(row)}
    drop.write("practice/b.csv", [{**other, "practice_id": "p2", "is_rhc": "1"}])
    landed, connection = land(drop, tmp_path)
    assert connection.execute(
        "select practice_id, is_rhc from landing.practice order by practice_id"
    ).fetchall() == [("p1", None), ("p2", "1")]
    table = next(t for t in landed.tables if t.name == "practice")
    assert [(file.path, file.rows) for file in table.files] == [
        ("practice/a.csv", 1),
        ("practice/b.csv", 1),
    ]


def test_parquet_files_of_one_folder_may_have_different_columns(drop, tmp_path):
    parquet(
        drop,
        "larc_stock/a.parquet",
        "select 'a' as practice_id, date '2018-01-01' as count_date",
    )
    parquet(
        drop,
        "larc_stock/b.parquet",
        "select 5 as implant, date '2018-02-01' as count_date, 'b' as practice_id",
    )
    _, connection = land(drop, tmp_path)
    assert connection.execute(
        "select practice_id, implant from landing.larc_stock order by 1"
    ).fetchall() == [("a", None), ("b", "5")]


def test_unknown_columns_and_files_are_reported_once_and_ignored(drop, tmp_path):
    for part in ("a", "b"):
        drop.write(f"practice/{part}.csv", [{**practice(drop), "colour": "red"}])
    (drop.folder / "notes.txt").write_text("hello")
    landed, _ = land(drop, tmp_path)
    assert landed.findings == {
        "drop_has_only_known_files": ["ignored, not a landed table: notes.txt"],
        "drop_has_only_known_columns": [
            "practice: ignored, not in the contract: colour"
        ],
    }


def test_a_quoted_line_break_stays_in_its_value(drop, tmp_path):
    drop.write("practice.csv", [practice(drop, practice_name='Dr. "A",\nBarre')])
    _, connection = land(drop, tmp_path)
    assert connection.execute(
        "select practice_name from landing.practice"
    ).fetchone() == ('Dr. "A",\nBarre',)


def test_a_file_without_a_last_line_break_is_read_and_reported(drop, tmp_path):
    path = drop.write("practice.csv", [practice(drop)])
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    landed, _ = land(drop, tmp_path)
    (finding,) = landed.findings["files_end_with_a_line_break"]
    assert "practice.csv: does not end with a line break" in finding


# Mistakes ----------------------------------------------------------------------------


def test_an_absent_directory_is_named(drop, tmp_path):
    drop.folder = tmp_path / "nowhere"
    assert refused(drop, tmp_path).endswith("nowhere: there is no such directory.")


def test_a_file_instead_of_a_directory_is_named(drop, tmp_path):
    drop.folder = drop.write("practice.csv", [practice(drop)])
    assert "is a file. Name the directory" in refused(drop, tmp_path)


def test_a_directory_without_a_landed_table_is_refused(drop, tmp_path):
    (drop.folder / "readme.txt").write_text("hello")
    assert "holds none of the landed tables" in refused(drop, tmp_path)


def test_a_table_given_as_csv_and_parquet_is_refused(drop, tmp_path):
    drop.write("practice.csv", [practice(drop)])
    parquet(drop, "practice.parquet", "select 1 as practice_id")
    said = refused(drop, tmp_path)
    assert said.startswith(
        "practice: is given twice, as practice.csv and practice.parquet"
    )


def test_a_table_given_as_file_and_folder_is_refused(drop, tmp_path):
    drop.write("practice.csv", [practice(drop)])
    drop.write("practice/a.csv", [practice(drop)])
    assert "practice: is given twice" in refused(drop, tmp_path)


def test_a_folder_of_both_kinds_is_refused(drop, tmp_path):
    drop.write("practice/a.csv", [practice(drop)])
    parquet(drop, "practice/a.parquet", "select 1 as practice_id")
    assert "both .csv and .parquet" in refused(drop, tmp_path)


def test_an_empty_folder_is_refused(drop, tmp_path):
    (drop.folder / "practice").mkdir()
    assert "practice: the folder holds no .csv or .parquet" in refused(drop, tmp_path)


def test_a_missing_required_column_is_named_with_its_file(drop, tmp_path):
    row = practice(drop)
    del row["practice_id"]
    drop.write("practice.csv", [row])
    assert refused(drop, tmp_path).startswith(
        "practice.csv: required column practice_id missing."
    )


def test_a_missing_required_column_names_its_older_name_too(drop, tmp_path):
    row = drop.row("eligibility")
    del row["person_id"]
    drop.write("eligibility.csv", [row])
    assert "person_id missing (also accepted: patient_id)" in refused(drop, tmp_path)


def test_a_missing_required_column_of_parquet_is_named(drop, tmp_path):
    parquet(drop, "larc_stock.parquet", "select 'a' as practice_id")
    assert refused(drop, tmp_path).startswith(
        "larc_stock.parquet: required column count_date missing."
    )


def test_one_column_of_a_group_must_be_there(drop, tmp_path):
    drop.write("practice.csv", [drop.row("practice")])
    said = refused(drop, tmp_path)
    assert said.startswith("practice.csv: one of the columns")
    assert "hsa" in said
    assert "town" in said


def test_a_column_under_two_names_is_refused(drop, tmp_path):
    drop.write("eligibility.csv", [{**drop.row("eligibility"), "patient_id": "1"}])
    assert "person_id and patient_id are the same column" in refused(drop, tmp_path)


def test_a_column_that_occurs_twice_is_refused(drop, tmp_path):
    path = drop.write("practice.csv", [practice(drop)])
    lines = path.read_text().splitlines()
    path.write_text("".join(f"{line},{line.split(',')[0]}\n" for line in lines))
    assert "'practice_id' occurs twice" in refused(drop, tmp_path)


def test_a_column_that_occurs_twice_in_another_case_is_refused(drop, tmp_path):
    drop.write("practice.csv", [{**practice(drop), "PRACTICE_ID": "1"}])
    assert "'practice_id' occurs twice" in refused(drop, tmp_path)


def test_an_empty_file_is_refused(drop, tmp_path):
    (drop.folder / "practice.csv").write_bytes(b"")
    assert refused(drop, tmp_path).startswith("practice.csv: is empty.")


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_another_encoding_is_refused(drop, tmp_path, encoding):
    path = drop.write("practice.csv", [practice(drop, practice_name="Montpélier")])
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    said = refused(drop, tmp_path)
    assert said.startswith("practice.csv")
    assert "Save" in said
    assert "UTF-8" in said


def test_another_encoding_in_the_header_is_refused(drop, tmp_path):
    path = drop.write("practice.csv", [{**practice(drop), "région": "1"}])
    path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1"))
    assert "header is not UTF-8" in refused(drop, tmp_path)


def test_a_file_that_ends_within_a_row_is_named_with_its_line(drop, tmp_path):
    path = drop.write("practice.csv", [practice(drop)] * 3)
    text = path.read_text()
    path.write_text(text[: text.rindex("\n", 0, -1) + 15])
    said = refused(drop, tmp_path)
    assert said.startswith("practice.csv, line 4: has 2 fields")
    assert "cut while copying" in said


def test_a_file_that_ends_within_quotes_is_refused(drop, tmp_path):
    path = drop.write("practice.csv", [practice(drop)])
    path.write_text(path.read_text() + '"p2,')
    assert "a quoted value does not end" in refused(drop, tmp_path)


def test_a_row_with_too_many_fields_is_named_with_its_line(drop, tmp_path):
    path = drop.write("practice.csv", [practice(drop)])
    width = len(path.read_text().splitlines()[0].split(","))
    path.write_text(path.read_text() + "x," * width + "y\n")
    assert refused(drop, tmp_path).startswith(
        f"practice.csv, line 3: has {width + 1} fields where the header has {width}."
    )


def test_another_separator_is_named_as_such(drop, tmp_path):
    path = drop.write("practice.csv", [practice(drop)])
    path.write_text(path.read_text().replace(",", ";"))
    assert "not separated by commas" in refused(drop, tmp_path)


@pytest.mark.parametrize("keep", [0, 3, 100])
def test_a_truncated_parquet_file_is_refused(drop, tmp_path, keep):
    path = parquet(
        drop, "practice.parquet", "select i as practice_id from range(99) t(i)"
    )
    path.write_bytes(path.read_bytes()[:keep])
    assert refused(drop, tmp_path).startswith(
        "practice.parquet: is not a whole Parquet file"
    )


def test_parquet_that_is_no_parquet_is_refused(drop, tmp_path):
    (drop.folder / "practice.parquet").write_text("practice_id\n" * 50)
    assert "is not a whole Parquet file" in refused(drop, tmp_path)


def test_a_link_out_of_the_directory_is_refused(drop, tmp_path):
    outside = tmp_path / "outside.csv"
    outside.write_text("practice_id\n")
    (drop.folder / "practice.csv").symlink_to(outside)
    assert refused(drop, tmp_path).startswith("practice.csv: leads out of")


def test_a_linked_folder_out_of_the_directory_is_refused(drop, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.csv").write_text("practice_id\n")
    (drop.folder / "practice").symlink_to(outside)
    assert refused(drop, tmp_path).startswith("practice: leads out of")


def test_a_link_to_nothing_is_refused(drop, tmp_path):
    (drop.folder / "practice.csv").symlink_to(drop.folder / "gone.csv")
    assert refused(drop, tmp_path).startswith("practice.csv: cannot be read")


def test_a_pipe_instead_of_a_file_is_refused_without_waiting(drop, tmp_path):
    os.mkfifo(drop.folder / "practice.csv")
    assert refused(drop, tmp_path).startswith("practice.csv: is not a file.")


def test_an_unreadable_file_is_named(drop, tmp_path, monkeypatch):
    path = drop.write("practice.csv", [practice(drop)])
    opened = Path.open

    def denied(self, *args, **kwargs):
        if self == path:
            raise PermissionError(13, "Permission denied")
        return opened(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", denied)
    assert refused(drop, tmp_path).startswith(
        "practice.csv: cannot be read (Permission denied)."
    )


@pytest.mark.parametrize("columns", [5_000, 1_000_000])
def test_a_header_of_very_many_columns_is_refused_at_once(drop, tmp_path, columns):
    path = drop.folder / "practice.csv"
    path.write_text(",".join(f"column_{i}" for i in range(columns)) + "\n")
    started = time.monotonic()
    said = refused(drop, tmp_path)
    assert said.startswith("practice.csv: its")
    assert "columns" in said
    assert time.monotonic() - started < 10


def test_a_first_line_without_end_is_refused(drop, tmp_path):
    (drop.folder / "practice.csv").write_text("x" * 3_000_000)
    assert "no header" in refused(drop, tmp_path)


def test_mixed_line_breaks_are_refused(drop, tmp_path):
    path = drop.write("practice.csv", [practice(drop)] * 2)
    head, first, second = path.read_text().splitlines()
    path.write_bytes(f"{head}\n{first}\r\n{second}\n".encode())
    assert "mixes line breaks" in refused(drop, tmp_path)
