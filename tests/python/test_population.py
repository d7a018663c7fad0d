"""The synthetic population: what it holds; the same seed gives the same bytes."""

import filecmp
from datetime import date
from pathlib import Path

import duckdb
import pytest

from benchmarks import generate, portrait
from orchestration.settings import PROJECT

SAMPLE = PROJECT / "seeds" / "landing"
RULES = PROJECT / "seeds" / "reference" / "service_category_rules.csv"
LAST_DAY = date(2018, 6, 30)


@pytest.fixture(scope="module")
def sample() -> portrait.Portrait:
    return portrait.look(SAMPLE, LAST_DAY)


def make(out: Path, *arguments: str) -> Path:
    """Generates a drop without printing."""
    generate.main(["--out", str(out), "--quiet", *arguments])
    return out


def test_the_sample_is_what_the_generator_makes(tmp_path: Path):
    made = make(tmp_path / "made")
    names = sorted(path.name for path in SAMPLE.glob("*.csv"))
    same, differing, missing = filecmp.cmpfiles(made, SAMPLE, names, shallow=False)
    assert (differing, missing) == ([], [])
    assert len(same) == len(generate.contract())


def test_the_sample_fits_into_sixteen_megabytes():
    assert sum(path.stat().st_size for path in SAMPLE.glob("*.csv")) < 16_000_000


def test_every_phenomenon_of_the_portrait_occurs_in_the_sample(sample):
    absent = [name for _, name, count, _ in sample.phenomena if count <= 0]
    assert absent == []
    assert {area for area, *_ in sample.phenomena} == set(portrait.AREAS)


def test_the_sample_lies_within_its_bounds_of_published_figures(sample):
    outside = [
        (f.name, f.value, f.low, f.high) for f in sample.figures if not f.is_near
    ]
    assert outside == []


# What is dental or special is told by the warehouse's own rules, and not by the codes
# that the generator writes.
def categories(*category: str) -> str:
    """SQL: whether a line's code is of these categories by a rule on codes alone."""
    named = ", ".join(f"'{name}'" for name in category)
    return (
        f"exists (from read_csv('{RULES}', all_varchar = true) as rules "
        f"where rules.category in ({named}) "
        "and claims.hcpcs_code between rules.hcpcs_from and rules.hcpcs_to "
        "and length(claims.hcpcs_code) = length(rules.hcpcs_from))"
    )


def asked(query: str) -> list[tuple]:
    """Rows of the sample's medical claims, every column text, as `claims`."""
    with duckdb.connect() as connection:
        connection.execute(
            "create view claims as from read_csv("
            f"'{SAMPLE}/medical_claim.csv', all_varchar = true)"
        )
        return connection.execute(query).fetchall()


def test_medicaid_pays_for_teeth_and_few_others_do():
    people = dict(
        asked(
            "select payer, count(distinct person_id) from claims "
            f"where {categories('dental')} group by payer"
        )
    )
    assert set(people) == {"medicaid", "bcbsvt"}
    assert people["medicaid"] > 3 * people["bcbsvt"] > 100


def test_dentists_and_no_practice_of_the_program_send_dental_claims():
    [(claims, by_dentists, without_code)] = asked(
        f"""
        select
            count(*),
            count(*) filter (
                claims.rendering_npi in (
                    select npi
                    from read_csv('{SAMPLE}/provider.csv', all_varchar = true)
                    where taxonomy_code like '1223%'
                )
            ),
            count(*) filter (not regexp_full_match(hcpcs_code, 'D[0-9]{{4}}')),
        from claims
        where {categories("dental")}
        """
    )
    assert claims > 1000
    assert (by_dentists, without_code) == (claims, 0)


def test_special_services_are_medicaids_alone_and_of_every_kind():
    payers = asked(
        f"select distinct payer from claims where {categories('special_medicaid')}"
    )
    # by the rule that a code falls under
    [(kinds,)] = asked(
        f"""
        select count(distinct rules.rule_order)
        from claims
        inner join read_csv('{RULES}', all_varchar = true) as rules
            on rules.category = 'special_medicaid'
            and claims.hcpcs_code between rules.hcpcs_from and rules.hcpcs_to
        """
    )
    assert payers == [("medicaid",)]
    assert kinds >= 6


def test_capitated_lines_have_no_price_and_others_have_one_for_the_same_codes():
    rows = asked(
        """
        with lines as (
            select
                payer,
                hcpcs_code,
                person_id,
                allowed_amount::decimal(18, 2) = 0
                and paid_amount::decimal(18, 2) = 0 as is_unpriced,
            from claims
            where coalesce(x_claim_status_code, '01') = '01'
                and paid_amount <> 'n/a'
        )

        select
            hcpcs_code,
            string_agg(distinct payer, ' ') filter (is_unpriced) as payers,
            count(distinct person_id) filter (is_unpriced) as people,
        from lines
        group by hcpcs_code
        having bool_or(is_unpriced)
            and count(*) filter (not is_unpriced) >= 100
        order by hcpcs_code
        """
    )
    assert [code for code, _, _ in rows] == ["80053", "85025", "97110", "97140"]
    assert {payers for _, payers, _ in rows} == {"cigna"}
    # enough for a cell of one payer not to be withheld
    assert all(people > 10 for _, _, people in rows)


def test_care_that_few_buy_attributes_nobody():
    ranges = PROJECT / "seeds" / "reference" / "attribution_code_ranges.csv"
    [(lines, qualifying)] = asked(
        f"""
        select
            count(*),
            count(*) filter (exists (
                from read_csv('{ranges}', all_varchar = true) as codes
                where claims.hcpcs_code between codes.code_from and codes.code_to
            )),
        from claims
        where {categories("dental", "special_medicaid")}
        """
    )
    assert lines > 3000
    assert qualifying == 0


def test_published_figures_lie_within_the_bounds_or_a_note_says_why_not(sample):
    unexplained = [
        f.name
        for f in sample.figures
        if not f.low <= f.published <= f.high and not f.note
    ]
    assert unexplained == []


def test_most_practices_have_forty_attributed_patients_and_a_few_under_thirty(sample):
    patients = [people for _, people, _, _ in sample.practices]
    assert sum(people >= 40 for people in patients) > len(patients) / 2
    assert 1 <= sum(people < 30 for people in patients) <= len(patients) / 5


def test_most_payer_cells_of_practices_with_sixty_patients_survive(sample):
    large = [row for row in sample.practices if row[1] >= 60]
    cells = sum(cells for _, _, cells, _ in large)
    suppressed = sum(small for _, _, _, small in large)
    assert large
    assert suppressed < cells / 2


def test_the_portrait_is_up_to_date(sample):
    people = sum(female + male for _, female, male in sample.tables["pyramid"])
    text = portrait.page(sample, people, LAST_DAY)
    assert portrait.stale(sample, portrait.PAGE, text) == []


def test_a_portrait_of_other_people_is_not_up_to_date(sample, tmp_path):
    page = tmp_path / "sample-population.md"
    page.write_text("of others")
    expected = ["sample-population.md"]
    expected += [f"sample-population/{name}.svg" for name in portrait.CHARTS]
    assert portrait.stale(sample, page, "of these") == expected


@pytest.mark.parametrize("file_format", ["csv", "parquet"])
def test_the_same_seed_gives_the_same_bytes_on_one_thread_and_on_two(
    tmp_path: Path, file_format: str
):
    arguments = ("--people", "50", "--seed", "7", "--format", file_format)
    one = make(tmp_path / "one", *arguments, "--threads", "1")
    two = make(tmp_path / "two", *arguments, "--threads", "2")
    names = sorted(path.name for path in one.iterdir())
    _, differing, missing = filecmp.cmpfiles(one, two, names, shallow=False)
    assert (differing, missing) == ([], [])
    assert len(names) == len(generate.contract())


def test_another_seed_gives_other_people(tmp_path: Path):
    one = make(tmp_path / "one", "--people", "50", "--seed", "7")
    two = make(tmp_path / "two", "--people", "50", "--seed", "8")
    assert not filecmp.cmp(
        one / "eligibility.csv", two / "eligibility.csv", shallow=False
    )


def tables_of(folder: Path) -> dict[str, list[tuple]]:
    """Every table of a Parquet drop, files or folders of files, sorted."""
    with duckdb.connect() as connection:
        return {
            table["name"]: connection.execute(
                f"from read_parquet('{folder}/{table['name']}*/**') order by all"
                if (folder / table["name"]).is_dir()
                else f"from '{folder}/{table['name']}.parquet' order by all"
            ).fetchall()
            for table in generate.contract()
        }


def test_batches_change_the_files_and_not_the_rows(tmp_path: Path):
    whole = tmp_path / "whole"
    parts = tmp_path / "parts"
    for folder, batch in ((whole, 200), (parts, 60)):
        folder.mkdir()
        with duckdb.connect() as connection:
            generate.prepare(connection, people=200, batch_people=batch)
            generate.generate(connection, folder, "parquet", lambda line: None)
    assert len(list((parts / "medical_claim").iterdir())) == 4
    assert tables_of(whole) == tables_of(parts)


def test_full_detail_adds_lines_and_neither_people_nor_dollars(tmp_path: Path):
    figures = {}
    for detail in ("brief", "full"):
        folder = make(
            tmp_path / detail,
            *("--people", "200", "--format", "parquet", "--detail", detail),
        )
        with duckdb.connect() as connection:
            figures[detail] = connection.execute(
                "select count(*), count(distinct claim_id), sum(allowed_amount) "
                f"from '{folder}/medical_claim.parquet'"
            ).fetchone()
    brief, full = figures["brief"], figures["full"]
    assert full[0] > 3 * brief[0]
    assert full[1] == brief[1]
    # each line is rounded to the cent, so that more lines differ by a little
    assert float(full[2]) == pytest.approx(float(brief[2]), rel=0.001)


def test_larger_populations_have_more_practices_and_never_more_than_vermont(
    tmp_path: Path,
):
    counts = []
    for people in (50, 20_000, 600_000, 6_000_000):
        with duckdb.connect() as connection:
            generate.prepare(connection, people=people)
            counts.append(
                connection.execute(
                    "select count(distinct practice_id) filter "
                    "(where practice_type in ('pcmh', 'mixed') and end_date is null) "
                    "from landing.practice"
                ).fetchone()[0]
            )
    assert counts[0] == 21
    assert counts[0] < counts[1] < counts[2] == counts[3] == 135


def test_a_drop_of_no_people_is_refused(tmp_path: Path, capsys):
    with pytest.raises(SystemExit):
        make(tmp_path, "--people", "0")
    assert "at least 1" in capsys.readouterr().err
