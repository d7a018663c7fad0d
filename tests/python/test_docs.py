"""What the README and the pages for analysts say is what the project does."""

import os
import re
import shlex
import shutil
import subprocess
import sys

import duckdb
import pytest

from orchestration.settings import PROJECT

MAKE = shutil.which("make") or "make"
README = (PROJECT / "README.md").read_text(encoding="utf-8")
ANALYSTS = (PROJECT / "docs/analysts/README.md").read_text(encoding="utf-8")
# A command of the README and the output that it shows below.
SHOWN = re.compile(r"```sh\n(make sql .*?)\n```\n\n```text\n(.*?)\n```", re.DOTALL)
NO_ROWS = re.compile(r"\b0 rows\b")
QUERY = re.compile(r"```sql\n(.*?)```", re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)\)")


def test_generated_pages_are_up_to_date():
    check = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert check.returncode == 0, check.stdout


@pytest.mark.slow
def test_pages_of_measures_show_people_whom_the_release_has(refreshed):
    release = refreshed.releases / "current"
    check = subprocess.run(
        [sys.executable, "docs/people.py", "--check", "--release", str(release)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert check.returncode == 0, check.stdout + check.stderr


@pytest.mark.slow
@pytest.mark.parametrize(("command", "shown"), SHOWN.findall(README))
def test_a_command_of_the_readme_prints_what_it_shows(refreshed, command, shown):
    printed = subprocess.run(
        [MAKE, *shlex.split(command)[1:]],
        cwd=PROJECT,
        env={**os.environ, "BLUEPRINT_RELEASES": str(refreshed.releases)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert printed.strip() == shown.strip()


def test_the_readme_asks_about_rutland_and_about_one_person():
    commands = [command for command, _ in SHOWN.findall(README)]
    assert len(commands) == 2
    assert "attribution_counts" in commands[0]
    assert "attribution_candidates" in commands[1]
    assert all("Rutland" in command for command in commands)


@pytest.mark.slow
def test_an_empty_answer_is_told_from_one_with_rows(refreshed):
    assert NO_ROWS.search(refreshed.run("sql", "select 1 as a where false").output)
    assert not NO_ROWS.search(refreshed.run("sql", "from range(10)").output)


@pytest.mark.slow
@pytest.mark.parametrize("query", QUERY.findall(ANALYSTS))
def test_a_query_of_the_analysts_page_finds_rows(refreshed, query):
    outcome = refreshed.run("sql", query)
    assert outcome.code == 0, outcome.output
    assert not NO_ROWS.search(outcome.output), outcome.output


@pytest.mark.parametrize(
    "page",
    [
        PROJECT / "README.md",
        PROJECT / "CONTRIBUTING.md",
        *sorted((PROJECT / "docs").rglob("*.md")),
    ],
    ids=lambda page: str(page.relative_to(PROJECT)),
)
def test_links_lead_somewhere(page):
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.slow
def test_the_index_can_be_followed_from_the_restricted_file_alone(refreshed):
    page = (PROJECT / "docs/methods/trui.md").read_text(encoding="utf-8")
    [script] = QUERY.findall(page)
    restricted = refreshed.releases / "current" / "blueprint_restricted.duckdb"
    with duckdb.connect(str(restricted), read_only=True) as connection:
        followed = {row[0]: row[1:] for row in connection.execute(script).fetchall()}
        published = connection.execute(
            "select practice_id, observed, expected, trui from restricted.trui "
            "where age_group = 'all' and trui is not null "
            "and period_end = (select max(period_end) from restricted.trui) "
            "order by trui, practice_id"
        ).fetchall()
    assert len(published) >= 10
    # The lowest, the middle and the highest, as a reader would take them.
    for place in (0, len(published) // 2, -1):
        practice, *figures = published[place]
        for found, figure in zip(followed[practice], figures, strict=True):
            assert float(found) == pytest.approx(float(figure), rel=1e-6)


@pytest.mark.slow
def test_capitated_services_earn_units_and_what_stands_apart_is_no_part_of_all(
    refreshed,
):
    restricted = refreshed.releases / "current" / "blueprint_restricted.duckdb"
    with duckdb.connect(str(restricted), read_only=True) as connection:
        unpriced = connection.execute(
            """
            select category, count(*), min(units / services)
            from restricted.utilization_members
            inner join restricted.service_categories using (category)
            where category_kind = 'category'
                and services > 0
                and allowed_amount_usd = 0
                and units > 0
            group by category
            order by category
            """
        ).fetchall()
        [(people, with_what_stands_apart, wrong)] = connection.execute(
            """
            with sums as (
                select
                    period_end,
                    person_id,
                    sum(units) filter (category_kind = 'category' and is_resource)
                        as resources,
                    coalesce(sum(units) filter (category_group = 'apart'), 0) as apart,
                    coalesce(sum(units) filter (category = 'total'), 0) as total
                from restricted.utilization_members
                inner join restricted.service_categories using (category)
                group by period_end, person_id
            )

            select
                count(*),
                count(*) filter (apart > 0),
                count(*) filter (abs(coalesce(resources, 0) - total) > 0.001)
            from sums
            """
        ).fetchall()
    assert [category for category, _, _ in unpriced] == [
        "professional_laboratory",
        "professional_other",
    ]
    # units are of the size of dollars: the least of these services is a blood count
    assert all(per_service > 5 for _, _, per_service in unpriced)
    assert people > 1000
    assert with_what_stands_apart > 300
    assert wrong == 0
