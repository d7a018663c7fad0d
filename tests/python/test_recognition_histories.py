"""Histories of recognition, as the models have them and as plain Python reads them.

Belongs here: the exact comparison of the two (tests/recognition), what must hold of any
history, that errors planted in the models would not have passed, and the two examples
of the manual, date by date, on the page that prints them. Does not belong here: single
steps (models/unit_tests/payments_recognition.yml).
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from orchestration.settings import PROJECT
from tests.recognition import examples
from tests.recognition.build import PATIENTS, Build, compiled
from tests.recognition.histories import History, small_histories
from tests.recognition.planted import PLANTED
from tests.recognition.reference import (
    ATTESTATION,
    BODY,
    FIRST_MONTH,
    LAST_MONTH,
    Reading,
    all_months,
)

HISTORIES = 1500
# Enough to meet every edge; more would only make each planted error slower.
FEW = 200
FEW_LAST = date(2018, 12, 1)
AS_OF = date(2018, 6, 30)
PAGE = PROJECT / "docs" / "methods" / "recognition.md"
# The policy by which the models of payment are compiled.
RULED_BY = "policy_id = 'body_2018'"

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("recognition_histories")]

MONTHS = """
select practice_id, payment_month, status, rate_month, recoup_date, factor
from intermediate.int_payments__practice_months
inner join intermediate.int_payments__cht_factors
    using (practice_id, payment_month, status)
"""
PAYMENTS = """
select practice_id, payment_month, payer, adjustment_no, amount
from intermediate.int_payments__pcmh
where amount <> 0
"""


@pytest.fixture(scope="module")
def models(tmp_path_factory) -> dict[str, str]:
    return compiled(tmp_path_factory.mktemp("compiled"))


@pytest.fixture(scope="module")
def histories() -> list[History]:
    return small_histories(HISTORIES)


def built(
    models: dict[str, str],
    histories: list[History],
    folder: Path,
    last: date = LAST_MONTH,
) -> Build:
    return Build(models, histories, folder, AS_OF, FIRST_MONTH, last)


@pytest.fixture(scope="module")
def build(models, histories, tmp_path_factory) -> Build:
    return built(models, histories, tmp_path_factory.mktemp("histories"))


@pytest.fixture(scope="module")
def few_built(models, histories, tmp_path_factory) -> Build:
    folder = tmp_path_factory.mktemp("few")
    return built(models, histories[:FEW], folder, FEW_LAST)


def rate(month: date) -> Decimal:
    """What the tables beside the models make of a month: E-02, E-05, E-06."""
    return Decimal("3.20") if month >= date(2017, 1, 1) else Decimal("3.00")


def expected(
    histories: list[History], policy: str, last: date = LAST_MONTH
) -> tuple[set, set]:
    """The months and the payments of histories, by the reference."""
    months, payments = set(), set()
    for history in histories:
        reading = Reading(history, policy)
        for month in all_months(last):
            read = reading.month(month)
            key = (history.practice_id, month)
            months.add(
                (*key, read.status, read.rate_month, read.recoup_date, read.factor)
            )
            if read.status not in ("paid", "extended"):
                continue
            amount = PATIENTS * rate(read.rate_month or month)
            payments |= {(*key, payer, 0, amount) for payer in ("keeps", "recoups")}
            if read.recoup_date and read.recoup_date <= AS_OF:
                payments.add((*key, "recoups", 1, -amount))
    return months, payments


@pytest.fixture(scope="module")
def few_expected(histories) -> tuple[set, set]:
    return expected(histories[:FEW], BODY, FEW_LAST)


def told(found: set, wanted: set, histories: list[History]) -> str:
    """The smallest history in which the two differ, with both answers."""
    named = {row[0] for row in found ^ wanted}
    smallest = min(
        (history for history in histories if history.practice_id in named),
        key=lambda history: len(history.events),
    )
    lines = [f"{len(named)} histories differ:", smallest.text()]
    for who, rows in (("models", found - wanted), ("reference", wanted - found)):
        lines += [
            f"{who:>9}: {' | '.join(map(str, row[1:]))}"
            for row in sorted(rows, key=str)
            if row[0] == smallest.practice_id
        ]
    return "\n".join(lines)


@pytest.mark.parametrize("policy", [BODY, ATTESTATION])
def test_the_models_and_the_reference_read_every_history_alike(
    build, histories, policy
):
    months, payments = expected(histories, policy)
    put = f"policy_id = '{policy}'"
    with build.changed("int_payments__practice_months", RULED_BY, put):
        found = set(build.ask(MONTHS))
        assert found == months, told(found, months, histories)
        found = set(build.ask(PAYMENTS))
        assert found == payments, told(found, payments, histories)
    statuses = [row[2] for row in months]
    for status in ("paid", "extended", "lapsed", "not_started", "suspended"):
        assert statuses.count(status) > 500, status
    assert any(adjustment for *_, adjustment, _ in payments)


def test_the_team_s_part_rises_with_recognition_alone(build):
    """F-00, H-05, H-06: but for the first start, and taking part again (D69)."""
    risen = build.ask(
        """
        with months as (
            select
                practice_id, payment_month, cht_factor, cht_reason,
                lag(cht_factor) over in_order as factor_before,
                lag(cht_reason) over in_order as reason_before
            from intermediate.int_payments__practice_months
            window in_order as (partition by practice_id order by payment_month)
        )

        select months.*
        from months
        where
            cht_factor > factor_before
            and reason_before <> 'not_started'
            and not exists (
                select 1
                from staging.stg_practice_recognition as events
                where
                    events.practice_id = months.practice_id
                    and events.event in ('recognized', 'recognition_transmitted')
                    and events.event_date <= months.payment_month
                    and events.event_date > months.payment_month - interval 1 month
            )
        """
    )
    assert risen == []


def test_no_month_is_paid_without_recognition_engagement_or_extra_time(build):
    """E-03: neither the state on its first day nor a fee explains the payment."""
    unexplained = build.ask(
        """
        select months.practice_id, months.payment_month, months.state, months.status
        from intermediate.int_payments__practice_months as months
        inner join intermediate.int_payments__pcmh as payments
            using (practice_id, payment_month)
        where
            payments.amount > 0
            and months.state not in ('recognised', 'engaging')
            -- Failed on the first of the month: paid until its end (H-03).
            and not exists (
                select 1
                from staging.stg_practice_recognition as events
                where
                    events.practice_id = months.practice_id
                    and (
                        events.event in ('lapsed', 'not_attained')
                        and events.event_date = months.payment_month
                        or events.event = 'extension_fee_paid'
                        and date_trunc('month', events.event_date)
                        <= months.payment_month
                    )
            )
        """
    )
    assert unexplained == []


def test_no_month_is_paid_twice_or_taken_back_beyond_nothing(build):
    twice = build.ask(
        """
        select practice_id, payment_month, payer
        from intermediate.int_payments__pcmh
        group by all
        having
            count(*) filter (where amount > 0) > 1
            or count(*) filter (where amount < 0) > 1
            or sum(amount) < 0
        """
    )
    assert twice == []
    assert build.ask(
        "select count(*) from intermediate.int_payments__pcmh where amount < 0"
    ) > [(0,)]


def test_computing_again_changes_nothing(models, build, histories, tmp_path):
    """In another order, and beside fewer other practices."""
    chosen = [
        replace(history, events=history.events[::-1]) for history in histories[::3]
    ]
    again = built(models, chosen, tmp_path)
    names = {history.practice_id for history in chosen}
    for query in (MONTHS, PAYMENTS):
        first = {row for row in build.ask(query) if row[0] in names}
        assert set(again.ask(query)) == first


@pytest.mark.parametrize(
    ("edge", "model", "find", "put"), PLANTED, ids=[error[0] for error in PLANTED]
)
def test_a_planted_error_is_seen(few_built, few_expected, edge, model, find, put):
    with few_built.changed(model, find, put):
        found = (set(few_built.ask(MONTHS)), set(few_built.ask(PAYMENTS)))
    assert found != few_expected, edge


# The manual's examples and the page ----------------------------------------------


@pytest.fixture(scope="module")
def example_build(models, tmp_path_factory) -> Build:
    folder = tmp_path_factory.mktemp("examples")
    months = date(2012, 1, 1), date(2017, 12, 1)
    return Build(models, examples.EXAMPLES, folder, date(2017, 12, 31), *months)


# Appendix 5, as the manual prints it.
EXAMPLE_1 = (
    "August 28, 2015",
    "September 28, 2015",
    "September 30, 2015",
    "December 31, 2015",
    "January-March 2016",
    "March 31, 2016",
    "July-September 2016",
    "September 30, 2016",
    "December 31, 2016",
)
# H-10.
EXAMPLE_1_BY_THE_TEXT = (
    "September 12, 2015",
    "September 30, 2015",
    "September 30, 2015",
    *("100%", "75%", "50%", "25%", "0%"),
)
EXAMPLE_2 = (
    "December 1, 2014",
    "December 1, 2015",
    "December 15, 2015",
    "December 31, 2015",
    "December 31, 2015",
    "January-March 2016",
    "April-June 2016",
    "July-September 2016",
    "October-December 2016",
)


@pytest.mark.parametrize(
    ("rows", "printed", "header"),
    [
        (examples.example_1, EXAMPLE_1, ("Event", "Date")),
        (
            examples.example_1_by_the_text,
            EXAMPLE_1_BY_THE_TEXT,
            ("Event or quarter", "Date or part"),
        ),
        (examples.example_2, EXAMPLE_2, ("Event", "Date")),
    ],
)
def test_the_examples_of_the_manual_come_out_as_printed(
    example_build, rows, printed, header
):
    """H-09, H-10: date by date, and the page shows what the models give."""
    found = rows(example_build)
    assert tuple(value for _, value in found) == printed
    assert examples.table(found, *header) in PAGE.read_text(encoding="utf-8")


def test_the_page_says_where_the_sample_shows_each_situation(models, tmp_path):
    sample = list(examples.sample_histories())
    months = date(2017, 7, 1), date(2018, 9, 1)
    build = Build(models, sample, tmp_path, AS_OF, *months)
    rows = examples.where_the_sample_shows(build)
    assert [situation for situation, practices in rows if not practices] == []
    shown = examples.table(rows, "Situation", "Practices")
    assert shown in PAGE.read_text(encoding="utf-8"), shown
