"""The two examples of the manual's Appendix 5, the sample, and what the models say.

Belongs here: the histories, and the tables that docs/methods/recognition.md prints of
them. Does not belong here: random histories (histories.py).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date

from orchestration.settings import PROJECT
from tests.recognition.build import Build
from tests.recognition.histories import Event, History
from tests.recognition.reference import ATTESTATION, BODY

YEARS = tuple(range(2012, 2018))
LANDING = PROJECT / "seeds" / "landing"

# Appendix 5, example 1: a current practice whose recognition lapses. The variants say
# what it did: nothing, a plan, a plan and the first attestation, and both.
LAPSING = (
    Event(date(2012, 9, 28), "recognized", "2014", "1"),
    Event(date(2012, 10, 5), "recognition_transmitted", "2014", "1"),
    Event(date(2015, 8, 28), "postponed"),
    Event(date(2015, 9, 28), "lapsed", "2014", "1"),
)
PLAN = Event(date(2015, 9, 9), "action_plan_submitted", is_whole_plan=True)
FIRST_QUARTER = Event(date(2016, 2, 15), "progress_attested")
THIRD_QUARTER = Event(date(2016, 8, 22), "progress_attested")
# Example 2: a practice that postpones its first scoring. Its payments begin on December
# 1, 2014, so that payers learned of its engagement in November (E-07).
ENGAGING = (
    Event(date(2014, 11, 20), "engagement_submitted", "2014"),
    Event(date(2014, 11, 25), "transmitted_to_payers", "2014"),
    Event(date(2015, 11, 30), "postponed"),
    Event(date(2015, 12, 1), "not_attained", "2014"),
)
LATER_PLAN = Event(date(2015, 12, 14), "action_plan_submitted", is_whole_plan=True)

EXAMPLES = (
    History("lapse", LAPSING, YEARS),
    History("lapse, plan", (*LAPSING, PLAN), YEARS),
    History("lapse, plan, one", (*LAPSING, PLAN, FIRST_QUARTER), YEARS),
    History("lapse, plan, both", (*LAPSING, PLAN, FIRST_QUARTER, THIRD_QUARTER), YEARS),
    History("miss", ENGAGING, YEARS),
    History("miss, plan", (*ENGAGING, LATER_PLAN), YEARS),
)

Row = tuple[str, ...]


def long_date(day: date) -> str:
    """A day as the manual writes it: September 30, 2015."""
    return f"{day:%B} {day.day}, {day.year}"


def quarter_of(day: date) -> str:
    """A quarter as the manual writes it: January-March 2016."""
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return f"{first:%B}-{date(day.year, first.month + 2, 1):%B} {day.year}"


def failure(build: Build, policy: str, practice: str, columns: str) -> tuple:
    """Columns of a practice's only failure."""
    [row] = build.ask(
        f"select {columns} from intermediate.int_payments__recognition_failures "
        f"where policy_id = '{policy}' and practice_id = '{practice}'"
    )
    return row


def last_paid_day(build: Build, policy: str, practice: str) -> date:
    """The last day of the last month that is paid, as the spans have it."""
    [(until,)] = build.ask(
        "select max(to_date) from intermediate.int_payments__recognition_spans "
        f"where policy_id = '{policy}' and practice_id = '{practice}' "
        "and pppm_status = 'paid'"
    )
    return until


def last_team_day(build: Build, policy: str, practice: str) -> date:
    """The last day on which anything of the team's payment stands."""
    [(until,)] = build.ask(
        "select max(to_date) from intermediate.int_payments__recognition_spans "
        f"where policy_id = '{policy}' and practice_id = '{practice}' "
        "and cht_factor > 0"
    )
    return until


def both_end(build: Build, practice: str) -> str:
    """The day on which both payments end, by the policy of example 1."""
    ends = {
        last_paid_day(build, ATTESTATION, practice),
        last_team_day(build, ATTESTATION, practice),
    }
    assert len(ends) == 1, (practice, ends)
    return long_date(ends.pop())


def example_1(build: Build) -> list[Row]:
    """The manual's first table, by the policy that reproduces it."""
    decided, lapsed, due = failure(
        build, ATTESTATION, "lapse, plan", "decision_date, failure_date, plan_due_date"
    )
    first = last_paid_day(build, ATTESTATION, "lapse, plan")
    third = last_paid_day(build, ATTESTATION, "lapse, plan, one")
    return [
        ("Practice decides to postpone its scoring date", long_date(decided)),
        ("NCQA recognition lapse date", long_date(lapsed)),
        ("Action plan due date", long_date(due)),
        (
            "Payment termination date if no action plan developed",
            both_end(build, "lapse"),
        ),
        ("Practice attests to making quarter 1 progress", quarter_of(first)),
        (
            "Date CHT and PCMH PPPM end if practice has not demonstrated progress",
            both_end(build, "lapse, plan"),
        ),
        ("Practice attests to quarter 3 progress", quarter_of(third)),
        (
            "Date CHT and PCMH PPPM end if practice has not demonstrated progress",
            both_end(build, "lapse, plan, one"),
        ),
        (
            "Date CHT and PCMH PPPM end if NCQA PCMH recognition is not achieved",
            both_end(build, "lapse, plan, both"),
        ),
    ]


def factors(build: Build, practice: str) -> list[Row]:
    """What part of the team's payment stands after a failure, by the manual's text."""
    rows = build.ask(
        "select from_date, to_date, cht_factor "
        "from intermediate.int_payments__recognition_spans as spans "
        f"where policy_id = '{BODY}' and practice_id = '{practice}' "
        "and pppm_status = 'lapsed' order by from_date"
    )
    return [(quarter_of(day), f"{float(factor):.0%}") for day, _, factor in rows]


def example_1_by_the_text(build: Build) -> list[Row]:
    """The same events by sections 5.3.1 (H-10)."""
    due, pppm = failure(build, BODY, "lapse, plan", "plan_due_date, pppm_end_date")
    assert last_paid_day(build, BODY, "lapse, plan") == pppm
    rows = [
        ("Action plan due date", long_date(due)),
        ("PCMH PPPM end, with or without an action plan", long_date(pppm)),
        (
            "CHT payment ends if no action plan developed",
            long_date(last_team_day(build, BODY, "lapse")),
        ),
    ]
    return rows + [
        (f"CHT payment with an action plan, {quarter}", part)
        for quarter, part in factors(build, "lapse, plan")
    ]


def example_2(build: Build) -> list[Row]:
    """The manual's second table, by its text (H-09)."""
    [(pppm_from, team_from)] = build.ask(
        "select min(from_date) filter (where pppm_status = 'paid'), "
        "min(from_date) filter (where cht_factor = 1) "
        "from intermediate.int_payments__recognition_spans "
        f"where policy_id = '{BODY}' and practice_id = 'miss, plan'"
    )
    assert pppm_from == team_from
    failed, due, pppm = failure(
        build, BODY, "miss, plan", "failure_date, plan_due_date, pppm_end_date"
    )
    assert last_paid_day(build, BODY, "miss") == pppm
    rows = [
        (
            "Engagement date: CHT and PCMH PPPM payments begin",
            long_date(pppm_from),
        ),
        ("Original score date", long_date(failed)),
        (
            "Action plan due date if advance CHT payments are to continue",
            long_date(due),
        ),
        (
            "PCMH PPPM payment termination date regardless of whether an action plan "
            "is developed",
            long_date(pppm),
        ),
        (
            "Practice-related CHT payment termination date if no action plan developed",
            long_date(last_team_day(build, BODY, "miss")),
        ),
    ]
    return rows + [
        (
            f"Quarter in which practice-related CHT payment is reduced by "
            f"{100 - int(part[:-1])}%",
            quarter,
        )
        for quarter, part in factors(build, "miss, plan")
    ]


# The sample -----------------------------------------------------------------------

FAILED = (
    "from intermediate.int_payments__recognition_failures where policy_id = '{}' and "
)
FAILED = FAILED.format(BODY)
MONTHS = "from intermediate.int_payments__practice_months where "
EVENTS = "from intermediate.int_payments__recognition_events where "
SITUATIONS: Sequence[tuple[str, str]] = (
    (
        "lapse, a whole plan in time (H-05)",
        f"{FAILED} failure_kind = 'lapse' and plan_status = 'complete'",
    ),
    (
        "lapse, no plan (H-04)",
        f"{FAILED} failure_kind = 'lapse' and plan_status = 'none'",
    ),
    (
        "lapse, a plan that came late (H-01)",
        f"{FAILED} failure_kind = 'lapse' and plan_status = 'late'",
    ),
    (
        "postponed: the plan is due 15 days after (H-01)",
        f"{FAILED} decision_date is not null",
    ),
    (
        "first recognition not attained, a whole plan in time (H-06)",
        f"{FAILED} failure_kind = 'not_attained' and plan_status = 'complete'",
    ),
    (
        "first recognition not attained, no plan (H-04)",
        f"{FAILED} failure_kind = 'not_attained' and plan_status = 'none'",
    ),
    ("a plan that lacks an element (H-02)", f"{FAILED} plan_status = 'incomplete'"),
    ("extra time paid for, and won (H-07)", f"{FAILED} is_extension_won"),
    ("extra time paid for, and not won (H-08)", f"{FAILED} recoup_date is not null"),
    (
        "recognised again after the payment had ended",
        f"{FAILED} is_pppm_ended "
        "and attained_date is not null and not is_extension_won",
    ),
    (
        "engaged, towards a first recognition (E-04)",
        f"{EVENTS} event = 'transmitted_to_payers' and state = 'engaging'",
    ),
    (
        "engaged under the new standard while recognised under the old (E-03)",
        f"{EVENTS} event = 'transmitted_to_payers' and state = 'recognised'",
    ),
    (
        "interim survey in time (E-08)",
        f"{EVENTS} role = 'survey' and not is_survey_too_soon",
    ),
    ("interim survey asked for too soon (E-08)", f"{EVENTS} is_survey_too_soon"),
    ("suspended, for want of an initiative (D69)", f"{MONTHS} status = 'suspended'"),
)


def sample_histories() -> Iterable[History]:
    """The practices of the sample, as they landed."""

    def rows(table: str) -> list[dict[str, str]]:
        with (LANDING / f"{table}.csv").open(encoding="utf-8") as file:
            return list(csv.DictReader(file))

    events = rows("practice_recognition")
    taken = rows("collaborative_participation")
    parts = ("has_reasons", "has_improvement_plan", "has_timeline")
    for practice_id in sorted({row["practice_id"] for row in events}):
        yield History(
            practice_id,
            tuple(
                Event(
                    date.fromisoformat(row["event_date"]),
                    *(row["event"], row["standard"], row["level"]),
                    is_whole_plan=all(row[part] == "1" for part in parts),
                )
                for row in events
                if row["practice_id"] == practice_id
            ),
            tuple(
                {
                    int(row["calendar_year"])
                    for row in taken
                    if row["practice_id"] == practice_id
                }
            ),
        )


def where_the_sample_shows(build: Build) -> list[Row]:
    """Each situation, and the practices of the sample that are in it."""
    return [
        (
            situation,
            ", ".join(
                practice
                for (practice,) in build.ask(
                    f"select distinct practice_id {query} order by practice_id"
                )
            ),
        )
        for situation, query in SITUATIONS
    ]


def table(rows: Iterable[Row], *header: str) -> str:
    """The rows as a table of the page."""
    lines = [f"| {' | '.join(header)} |", f"|{'|'.join('---' for _ in header)}|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])
