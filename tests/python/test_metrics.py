"""What metrics answer is what plain SQL over the release says."""

from decimal import Decimal

import duckdb
import pytest

from orchestration import metrics
from orchestration.errors import StopError

ALL_USE = (
    "{{ Dimension('use_of_care__age_group') }} = 'all'"
    " and {{ Dimension('use_of_care__payer_type') }} = 'all'"
    " and {{ Dimension('use_of_care__category') }} = 'total'"
)
ALL_AGES = "{{ Dimension('trui_score__age_group') }} = 'all'"
QUALITY = ["metric_time__day", "measure", "quality__payer_type"]
QUARTERLY = ["hsa", "payer", "metric_time__quarter"]

PROGRAM_SUMS = """
    select hsa, payer, date_trunc('quarter', payment_month), {columns}
    from marts.{table} group by all
"""
OF_LEVEL = """
    select period_end, measure_id, payer_type, {entity}
        sum(numerator * rate_per)
            / nullif(sum(denominator) filter (numerator is not null), 0),
        count(*) filter (is_suppressed)
    from marts.quality_measures where level = '{level}' group by all
"""
PATIENTS = """
    select hsa, payer, date_trunc('quarter', as_of_date), sum(attributed_patients),
        count(*) filter (is_suppressed)
    from marts.attribution_counts where program = '{program}' group by all
"""
WITHHELD = "count(*) filter (is_suppressed)"

# Metrics, what they are asked by, which rows, and the same in SQL.
QUESTIONS = {
    "attributed_patients": (QUARTERLY, None, PATIENTS.format(program="pcmh")),
    "whi_attributed_patients": (QUARTERLY, None, PATIENTS.format(program="whi")),
    "attributed_patient_months": (
        QUARTERLY,
        None,
        PROGRAM_SUMS.format(
            table="pcmh_payments", columns=f"sum(attributed_patients), {WITHHELD}"
        ),
    ),
    "cht_patient_months": (
        QUARTERLY,
        None,
        PROGRAM_SUMS.format(
            table="cht_payments", columns=f"sum(attributed_patients), {WITHHELD}"
        ),
    ),
    **{
        f"{program}_payment": (
            QUARTERLY,
            None,
            PROGRAM_SUMS.format(
                table=f"{program}_payments", columns=f"sum(amount), {WITHHELD}"
            ),
        )
        for program in ("pcmh", "cht", "whi")
    },
    **{
        f"{program}_pppm": (
            QUARTERLY,
            None,
            PROGRAM_SUMS.format(
                table=f"{program}_payments",
                columns="sum(amount) / nullif(sum(attributed_patients), 0),"
                f" {WITHHELD}",
            ),
        )
        for program in ("pcmh", "cht")
    },
    "payment": (
        QUARTERLY,
        None,
        """
        select hsa, payer, date_trunc('quarter', payment_month),
            coalesce(sum(amount), 0), count(*) filter (is_suppressed)
        from (
            select hsa, payer, payment_month, amount, is_suppressed
            from marts.pcmh_payments
            union all by name
            select hsa, payer, payment_month, amount, is_suppressed
            from marts.cht_payments
            union all by name
            select hsa, payer, payment_month, amount, is_suppressed
            from marts.whi_payments
        ) group by all
        """,
    ),
    "hsa_measure_rate": (
        [*QUALITY, "hsa"],
        None,
        OF_LEVEL.format(level="hsa", entity="entity_id,"),
    ),
    "practice_measure_rate": (
        [*QUALITY, "practice"],
        None,
        OF_LEVEL.format(level="practice", entity="entity_id,"),
    ),
    "state_measure_rate": (QUALITY, None, OF_LEVEL.format(level="state", entity="")),
    "trui": (
        ["practice", "metric_time__day"],
        ALL_AGES,
        """
        select practice_id, period_end, sum(observed) / sum(expected),
            count(*) filter (is_suppressed)
        from marts.trui where age_group = 'all' group by all
        """,
    ),
    "hsa_expenditure": (
        ["hsa", "metric_time__day"],
        ALL_USE,
        """
        select entity_id, period_end, allowed_amount_usd, cast(is_suppressed as int)
        from marts.utilization
        where level = 'hsa' and age_group = 'all' and payer_type = 'all'
            and category = 'total'
        """,
    ),
    "hsa_member_months": (
        ["hsa", "metric_time__day"],
        ALL_USE,
        """
        select entity_id, period_end, member_months, cast(is_suppressed as int)
        from marts.utilization
        where level = 'hsa' and age_group = 'all' and payer_type = 'all'
            and category = 'total'
        """,
    ),
    "hsa_expenditure_pmpm": (
        ["hsa", "metric_time__day"],
        ALL_USE,
        """
        select entity_id, period_end, allowed_amount_usd / member_months,
            cast(is_suppressed as int)
        from marts.utilization
        where level = 'hsa' and age_group = 'all' and payer_type = 'all'
            and category = 'total'
        """,
    ),
}


@pytest.fixture(scope="module")
def release(refreshed):
    return refreshed.current()


def plain(release, sql):
    with duckdb.connect(str(release / "blueprint.duckdb"), read_only=True) as marts:
        return marts.execute(sql).fetchall()


def keyed(rows, keys):
    """Rows by their keys, dates as dates and figures to a millionth."""
    return {
        frozenset(str(key).removesuffix(" 00:00:00") for key in row[:keys]): tuple(
            None if figure is None else round(float(figure), 6) for figure in row[keys:]
        )
        for row in rows
    }


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_metric_says_what_plain_sql_says(release, name):
    by, where, sql = QUESTIONS[name]
    expected = plain(release, sql)
    answer = metrics.ask(release, [name], by, where)
    assert len(expected) > 2
    assert len(answer.rows) == len(expected)
    assert keyed(answer.rows, len(by)) == keyed(expected, len(by))


def test_dollars_stay_decimal_to_the_cent(release):
    ((amount, _),) = metrics.ask(release, ["pcmh_payment"]).rows
    assert isinstance(amount, Decimal)
    ((expected,),) = plain(release, "select sum(amount) from marts.pcmh_payments")
    assert amount == expected


def test_people_of_several_dates_are_those_of_the_last(release):
    ((people, _),) = metrics.ask(release, ["attributed_patients"]).rows
    ((expected,),) = plain(
        release,
        """
        select sum(attributed_patients) from marts.attribution_counts
        where program = 'pcmh' and as_of_date = (
            select max(as_of_date) from marts.attribution_counts
        )
        """,
    )
    assert people == expected


def test_the_index_of_a_practice_is_that_of_the_mart(release):
    by = ["practice", "metric_time__day"]
    answer = metrics.ask(release, ["trui"], by, ALL_AGES)
    asked = keyed(answer.rows, 2)
    scored = plain(
        release,
        """
        select practice_id, period_end, trui from marts.trui
        where age_group = 'all' and trui is not null and not is_suppressed
        """,
    )
    # The mart rounds an index to thousandths (E-06).
    for key, (index,) in keyed(scored, 2).items():
        assert asked[key][0] == pytest.approx(index, abs=0.000501)


@pytest.mark.parametrize("name", ["hsa_measure_rate", "trui", "hsa_expenditure_pmpm"])
def test_rows_that_overlap_are_not_added_up(release, name):
    with pytest.raises(StopError, match="at a time"):
        metrics.ask(release, [name], ["hsa"])


def test_an_unknown_metric_and_an_unknown_dimension_stop(release):
    with pytest.raises(StopError, match="pppm is no metric"):
        metrics.ask(release, ["pppm"])
    with pytest.raises(StopError, match="no such question"):
        metrics.ask(release, ["pcmh_pppm"], ["town"])


def test_every_metric_is_asked_or_counts_what_another_lacks():
    known = metrics.metrics()
    asked = set(QUESTIONS)
    for name in QUESTIONS:
        inputs = known[name]["type_params"]
        asked |= (
            {inputs[side]["name"] for side in ("numerator", "denominator")} - {None}
            if known[name]["type"] == "ratio"
            else set()
        )
        asked.add(metrics.meta_of(known[name])["withheld"])
    assert sorted(set(known) - asked) == []
