"""Arguments and environment become settings, or one readable message."""

from datetime import date
from pathlib import Path

import pytest

from orchestration.errors import SettingsError
from orchestration.settings import (
    PROJECT,
    build_paths,
    dbt_arguments,
    parse_as_of,
    settings_from,
)


def test_without_anything_the_sample_goes_to_the_projects_releases():
    settings = settings_from({})
    assert settings.landing is None
    assert settings.as_of is None
    assert settings.releases == PROJECT / "releases"


def test_an_argument_wins_over_its_variable():
    settings = settings_from(
        {"BLUEPRINT_AS_OF": "2018-03-31", "BLUEPRINT_RELEASES": "/a"},
        as_of="2018-06-30",
    )
    assert settings.as_of == date(2018, 6, 30)
    assert settings.releases == Path("/a")


def test_an_empty_variable_counts_as_absent():
    assert settings_from({"BLUEPRINT_LANDING": ""}).landing is None


def test_relative_paths_start_where_the_person_is(tmp_path):
    settings = settings_from({}, landing="drop", releases="out", directory=tmp_path)
    assert settings.landing == tmp_path / "drop"
    assert settings.releases == tmp_path / "out"


@pytest.mark.parametrize("text", ["2018-06-30", "2016-02-29", "2018-12-31"])
def test_a_month_end_is_an_as_of_date(text):
    assert parse_as_of(text).isoformat() == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2018-06-29", "did you mean 2018-06-30?"),
        ("2016-02-28", "did you mean 2016-02-29?"),
        ("2018-02-30", "is not a day of the calendar"),
        ("30.06.2018", "Write a month-end as yyyy-mm-dd"),
        ("20180630", "Write a month-end as yyyy-mm-dd"),
    ],
)
def test_any_other_as_of_date_is_refused_with_the_form_it_needs(text, said):
    with pytest.raises(SettingsError, match=said.replace("?", r"\?")):
        parse_as_of(text)


def test_dbt_gets_the_as_of_date_only_when_one_is_given():
    paths = build_paths(Path("/r"), "run")

    def arguments(as_of):
        return dbt_arguments(
            "build",
            select=("path:models/marts",),
            exclude=(),
            settings=settings_from({}, as_of=as_of),
            paths=paths,
        )

    assert "--vars" not in arguments(None)
    with_date = arguments("2018-06-30")
    assert with_date[with_date.index("--vars") + 1] == '{"as_of_date": "2018-06-30"}'


@pytest.mark.parametrize(("rows", "is_one"), [(10_000_000, False), (10_000_001, True)])
def test_models_of_many_rows_are_built_one_at_a_time(rows, is_one):
    arguments = dbt_arguments(
        "build",
        select=("path:models/marts",),
        exclude=(),
        settings=settings_from({}),
        paths=build_paths(Path("/r"), "run"),
        rows=rows,
    )
    assert ("--threads" in arguments) == is_one


def test_a_refresh_runs_no_unit_tests():
    arguments = dbt_arguments(
        "build",
        select=("path:models/marts",),
        exclude=(),
        settings=settings_from({}),
        paths=build_paths(Path("/r"), "run"),
    )
    exclude = arguments.index("--exclude")
    assert arguments[exclude + 1] == "resource_type:unit_test"
