"""Tells in plain sentences why a person is attributed to a practice, or to none.

Belongs here: reading one person's answers, the practices that competed and the claims
that counted from a release, and the words for every reason and every deciding step.
Does not belong here: attributing anyone (models/intermediate/attribution), or any
figure that the release does not hold.

What is told is about one person. It is for the terminal of whoever may read the
restricted file, and never for a log, a report or a public file.
"""

from __future__ import annotations

import csv
import json
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

import duckdb

from orchestration.errors import ReleaseError, SettingsError
from orchestration.landing import first_line, printable
from orchestration.publish import MANIFEST_FILE, RESTRICTED_FILE, quiet_connection
from orchestration.quarantine import counted, owner_only, shown_path
from orchestration.settings import PROJECT, Settings

Words = TypeVar("Words")

PAYERS_SEED = PROJECT / "seeds" / "reference" / "payers.csv"
# Of every line.
WIDTH = 88
# Of the claims that counted, the latest; the others are counted.
CLAIMS_SHOWN = 5

# Words -------------------------------------------------------------------------------

# A program by its full name, and as a sentence calls it.
PROGRAMS = {
    "pcmh": ("Patient-Centered Medical Home (PCMH) program", "the PCMH program"),
    "whi": ("Women's Health Initiative (WHI)", "the WHI"),
}
# Whose patients a kind of payer has.
PAYER_KINDS = {
    "commercial": "commercial insurers",
    "self-insured": "self-insured employers",
    "medicaid": "Medicaid",
    "medicare": "Medicare",
    "medicare-advantage": "Medicare Advantage plans",
}
OTHER_KIND = "payers of this kind"

# Why a person is not eligible, and why an eligible one is attributed to no practice:
# every reason that restricted.attribution gives, but `attributed`.
INELIGIBLE = {
    "no_algorithm_for_payer_type": "{Program} does not attribute patients of {kind}.",
    "not_primary_payer": "On {as_of} {payer} was not this person's primary payer, and "
    "only a primary payer attributes.",
    "not_vermont_resident": "{Payer} gave no address in Vermont for this person on "
    "{as_of}, and it attributes people who live there.",
    "employer_outside_vermont": "{Payer} attributes people whose employer is in "
    "Vermont, and gave no such employer for this person on {as_of}.",
    "payer_not_participating": "{Payer} did not take part in {program} on {as_of}.",
    "plan_not_participating": "The person's plan{plan} with {payer} did not take part "
    "in the Blueprint on {as_of}.",
    "lacks_part_a_or_b": "On {as_of} the person did not have both Part A and Part B of "
    "Medicare, and attribution needs both.",
    "in_medicare_advantage": "On {as_of} the person was in a Medicare Advantage plan, "
    "and only people in original Medicare are attributed.",
    "not_female": "{Program} attributes women, and {payer} did not record this person "
    "as female.",
    "outside_age_range": "On {as_of} the person was younger or older than the women "
    "whom {program} attributes (15 to 44 years in the 2018 Implementation Manual).",
}
UNATTRIBUTED = {
    "selected_pcp_off_roster": "The plan asks its members to choose a primary care "
    "provider, and this person has chosen one, but on {as_of} that provider was with "
    "no practice on the payment roster of {program}. A choice decides alone, so no "
    "claim was looked at.",
    "no_qualifying_claim": "{Payer} has no claim of this person that counts: none in "
    "the period below has a code that {program} counts.",
    "only_providers_off_roster": "{Payer} has claims of this person with codes that "
    "count, but no provider on them was with a practice on the payment roster of "
    "{program} {roster_day}.",
    "no_qualifying_provider": "{Payer} has claims of this person with codes that "
    "count, but no provider on them has a specialty that {program} counts as primary "
    "care, and none of the practices is a federally qualified health center or a rural "
    "health clinic.",
    "non_blueprint_practice": "By the claims that count, this person belongs to a "
    "practice outside the Blueprint, which was on no payment roster {roster_day}: "
    "{winner}.",
    "no_majority": "By the reading of the manual that this release was made with, a "
    "practice needs a majority, and {winner}, which comes first, has none.",
}
# What the WHI's rules and Medicare's say otherwise.
BY_THE_WHI = {
    "not_primary_payer": "On {as_of} {payer} was not this person's primary payer, and "
    "only a primary payer attributes. Medicaid also does when Medicare covers the "
    "person too and no commercial payer is primary, which was not so here.",
    "selected_pcp_off_roster": "The plan asks its members to choose a primary care "
    "provider, and this person has chosen one, but on {as_of} that provider was with "
    "no practice on the roster of {program} whose attestation was confirmed. A choice "
    "decides alone, so no claim was looked at.",
    "only_providers_off_roster": "{Payer} has claims of this person with codes that "
    "count, but no provider on them was with a practice on the roster of {program} "
    "{roster_day}.",
    "no_qualifying_provider": "{Payer} has claims of this person with codes that "
    "count, from practices on the roster of {program}, but none qualifies: either the "
    "provider lacks a credential or a board certification that counts, or the "
    "practice's attestation was not confirmed by {as_of}.",
}
BY_MEDICARE = {
    "only_providers_off_roster": "{Payer} has claims of this person with codes that "
    "count, but none of them names a provider or a billing group to count for.",
    "no_qualifying_provider": "{Payer} has claims of this person with codes that "
    "count, but no provider on them has a specialty that Medicare's rules count as "
    "primary care, and none is of a federally qualified health center.",
}
# Of the tests, the one that needs no others.
NO_RULES = "no_algorithm_for_payer_type"
OUTSIDE = (
    "The claims of every primary care provider count here, on a roster or not, so such "
    "a practice can come first. Then no practice is paid for the person."
)

# What decided: every deciding step that restricted.attribution gives. "It" is the
# practice that was just named.
STEPS = {
    "selection": "The plan asks its members to choose a primary care provider, and the "
    "provider whom this person has chosen was with this practice on {as_of}. The "
    "choice decides, and no claim is needed. (If the provider was with several "
    "practices and no claim tells them apart, it is the one that the roster marks as "
    "primary.)",
    "only_one": "It is the only practice with claims that count: {counts}.",
    "most_claims": "It had the most claims that count: {claims}, against "
    "{other_claims} at {other}.",
    "most_recent": "It had {claims_counted} that {count}, as many as {other}, but the "
    "most recent visit: on {last}, against {other_last}.",
    "most_service_dates": "It had {claims_counted} that {count} and the last visit on "
    "{last}, both like {other}, but visits on more days: {days}, against {other_days}.",
    "most_lines": "It had {claims_counted} that {count}, on {days_counted}, and the "
    "last visit on {last}, all like {other}, but its claims have more lines: {lines}, "
    "against {other_lines}.",
    "lowest_practice_id": "It had {counts}, exactly like {other}. {last_resort}",
}
# The same where days with visits are counted before claims (attribution_unit).
STEPS_BY_DAYS = STEPS | {
    "most_service_dates": "It had visits that count on the most days: {days}, against "
    "{other_days} at {other}.",
    "most_recent": "It had visits that count on {days_counted}, as many as {other}, "
    "but the most recent visit: on {last}, against {other_last}.",
    "most_claims": "It had visits that count on {days_counted} and the last on {last}, "
    "both like {other}, but more claims: {claims}, against {other_claims}.",
}
# The same step, as the practice that lost there has it.
LOSSES = {
    "fewer_claims": ("most_claims", "It lost because it had fewer claims."),
    "earlier_last_visit": (
        "most_recent",
        "It lost because its last visit was earlier.",
    ),
    "fewer_service_dates": (
        "most_service_dates",
        "It lost because its visits were on fewer days.",
    ),
    "fewer_lines": (
        "most_lines",
        "It lost because its claims had fewer lines.",
    ),
    "higher_practice_id": (
        "lowest_practice_id",
        "It is equal in all that counts, and comes later in the order.",
    ),
}
AMONG_CHOSEN = (
    "The plan asks its members to choose a primary care provider, and the provider "
    "whom this person has chosen was with several practices on {as_of}, so claims "
    "decide among those."
)
BY_IDENTIFIER = (
    "Nothing that counts tells them apart, so the one whose identifier comes first is "
    "taken."
)
ROSTER_FIRST = (
    "Nothing that counts tells them apart, so the practice on the roster is taken "
    "before one outside the Blueprint."
)

# Queries -----------------------------------------------------------------------------

DATES_QUERY = "select distinct as_of_date from restricted.attribution order by all"
PROGRAMS_QUERY = "select distinct program from restricted.attribution order by all"
COVERED_QUERY = """
select distinct as_of_date
from restricted.attribution
where person_id = $person
order by as_of_date
"""
ANSWERS_QUERY = """
select
    attribution.program,
    attribution.payer,
    attribution.payer_type,
    attribution.plan,
    attribution.practice_id,
    attribution.hsa,
    attribution.reason,
    attribution.decided_by,
    attribution.is_eligible,
    attribution.share_of_claims,
    attribution.is_majority,
    calendar.algorithm_name,
    calendar.look_back_start_date,
    calendar.look_back_end_date,
    calendar.cutoff_date
from restricted.attribution as attribution
left join restricted.attribution_calendar as calendar
    on
        attribution.as_of_date = calendar.as_of_date
        and attribution.program = calendar.program
        and attribution.payer_type = calendar.payer_type
where
    attribution.person_id = $person
    and attribution.as_of_date = $as_of
    and ($program is null or attribution.program = $program)
order by attribution.program, attribution.payer
"""
CANDIDATES_QUERY = """
select
    program,
    payer,
    practice_id,
    lost_because,
    claims,
    service_dates,
    lines,
    last_visit_date
from restricted.attribution_candidates
where person_id = $person and as_of_date = $as_of
order by program, payer, rank
"""
CLAIMS_QUERY = """
select
    program,
    payer,
    practice_id,
    claim_id,
    service_date,
    last_service_date,
    codes
from restricted.attribution_evidence
where person_id = $person and as_of_date = $as_of
order by
    program, payer, practice_id, last_service_date desc, service_date desc, claim_id
"""
NAMES_QUERY = "select practice_id, practice_name from restricted.practices"


# What is read ------------------------------------------------------------------------


@dataclass(frozen=True)
class Release:
    """What a release's manifest says of it.

    as_of: its own as-of date. paid_through: the day up to which its claims reach; None
    when no claim has a paid date. is_by_days, is_by_service_date: how it reads two open
    questions of the manual, whether practices compete by days with visits and not by
    claims, and whether by the roster of the day of service and not of the as-of date.
    """

    release_id: str
    as_of: date
    paid_through: date | None
    is_provisional: bool
    is_by_days: bool = False
    is_by_service_date: bool = False


@dataclass(frozen=True)
class Window:
    """By which rules claims were read: services from start to end, as of the cutoff."""

    rules: str
    start: date
    end: date
    cutoff: date


@dataclass(frozen=True)
class Candidate:
    """A practice that competed, with its counts; lost_because is None for the winner.

    practice_id: of a practice, or `billing:` or `rendering:` with the NPI of a group.
    """

    practice_id: str
    lost_because: str | None
    claims: int
    days: int
    lines: int
    last_visit: date


@dataclass(frozen=True)
class Claim:
    """A claim that counted at a practice: its first and last day, and its codes."""

    practice_id: str
    claim_id: str
    first_day: date
    last_day: date
    codes: str


@dataclass(frozen=True)
class Answer:
    """What one program says of the person as one payer's patient, and why.

    candidates: the winner first. claims: of all candidates, each one's latest first.
    window: None where no rules are for this kind of payer.
    """

    program: str
    payer: str
    payer_type: str | None
    plan: str | None
    practice_id: str | None
    hsa: str | None
    reason: str
    decided_by: str | None
    is_eligible: bool
    share_of_claims: float | None
    is_majority: bool | None
    window: Window | None
    candidates: tuple[Candidate, ...] = ()
    claims: tuple[Claim, ...] = ()


def explain(
    settings: Settings,
    person: str,
    *,
    as_of: str | None = None,
    program: str | None = None,
    release: Path | None = None,
) -> int:
    """Prints why a person is attributed to a practice, or to none.

    Args:
        settings: the releases folder; its `current` is the default release.
        person: the person's id, as in eligibility.
        as_of: an as-of date of the release, yyyy-mm-dd; None for the release's own.
        program: pcmh or whi; None for both.
        release: another release's folder; None for the current one.

    Returns:
        0, an exit code.

    Raises:
        SettingsError: no such person, as-of date or program is in the release.
        ReleaseError: there is no release, or it cannot be read.
    """
    person = person.strip()
    if not person:
        raise SettingsError("Whom to explain? Write make explain PERSON=…, an id.")
    known = known_program(program) if program else None
    folder = release or settings.releases / "current"
    path = folder / RESTRICTED_FILE
    with opened(path, is_named=release is not None) as connection:
        made = read_release(folder)
        day = known_date(connection, as_of) if as_of else made.as_of
        answers = read_answers(connection, person, day, known)
        if not answers:
            raise nobody(connection, person, day, known)
        names = dict(connection.execute(NAMES_QUERY).fetchall())
    print("\n".join(report(made, person, day, answers, names, payer_names())))
    return 0


def known_program(name: str) -> str:
    """The program of that name.

    Raises:
        SettingsError: there is none.
    """
    found = name.strip().lower()
    if found not in PROGRAMS:
        raise SettingsError(
            f"PROGRAM={printable(name)}: there is no such program. Known are "
            f"{', '.join(PROGRAMS)}."
        )
    return found


@contextmanager
def opened(path: Path, *, is_named: bool) -> Iterator[duckdb.DuckDBPyConnection]:
    """A release's restricted file, read only.

    is_named: whether a person named the release.

    Raises:
        ReleaseError: it is not there, cannot be read, or lacks what is read here.
        StopError: this user may not read it.
    """
    with owner_only(path):
        if not path.exists():
            hint = (
                "there is no such file. Name the folder of a release, where it was "
                "published: a copy that was handed out has nobody in it."
                if is_named
                else "there is no release yet. Run `make refresh` first."
            )
            raise ReleaseError(f"{shown_path(path)}: {hint}")
        with path.open("rb"):
            pass
    try:
        connection = quiet_connection(path)
    except duckdb.Error as error:
        raise ReleaseError(
            f"{shown_path(path)}: cannot be opened ({first_line(error)}). `make "
            "verify` says whether the release is whole."
        ) from error
    with connection:
        try:
            yield connection
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise ReleaseError(
                f"{shown_path(path)}: was made by another version of the project and "
                "lacks what is explained here. Run `make refresh` again."
            ) from error


def read_release(folder: Path) -> Release:
    """What the manifest of a release says of its dates.

    Raises:
        ReleaseError: it is not there, or is not a manifest.
    """
    path = folder / MANIFEST_FILE
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        paid_through = said["paid_through"]
        readings = said["parameters"]["variables"]
        return Release(
            release_id=str(said["release_id"]),
            as_of=date.fromisoformat(said["as_of"]),
            paid_through=date.fromisoformat(paid_through) if paid_through else None,
            is_provisional=bool(said["is_provisional"]),
            is_by_days=readings.get("attribution_unit") == "visit_dates",
            is_by_service_date=readings.get("roster_date") == "service_date",
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseError(
            f"{shown_path(path)}: cannot be read as the manifest of a release. `make "
            "verify` says what is wrong with it."
        ) from error


def known_date(connection: duckdb.DuckDBPyConnection, text: str) -> date:
    """The as-of date that a text names.

    Raises:
        SettingsError: the release has none like it.
    """
    dates = {str(day): day for (day,) in connection.execute(DATES_QUERY).fetchall()}
    if text.strip() not in dates:
        raise SettingsError(
            f"AS_OF={printable(text)} is no as-of date of this release. Choose one of "
            f"{', '.join(dates)}."
        )
    return dates[text.strip()]


def read_answers(
    connection: duckdb.DuckDBPyConnection,
    person: str,
    as_of: date,
    program: str | None,
) -> list[Answer]:
    """The person's answers, by program and payer; none when nobody is found."""
    who = {"person": person, "as_of": as_of}
    candidates: dict[tuple[str, str], list[Candidate]] = {}
    for of_program, payer, *rest in connection.execute(
        CANDIDATES_QUERY, who
    ).fetchall():
        candidates.setdefault((of_program, payer), []).append(Candidate(*rest))
    claims: dict[tuple[str, str], list[Claim]] = {}
    for of_program, payer, *rest in connection.execute(CLAIMS_QUERY, who).fetchall():
        claims.setdefault((of_program, payer), []).append(Claim(*rest))
    answers = []
    for *rest, share, is_majority, rules, start, end, cutoff in connection.execute(
        ANSWERS_QUERY, {**who, "program": program}
    ).fetchall():
        key = (rest[0], rest[1])
        answers.append(
            Answer(
                *rest,
                share_of_claims=None if share is None else float(share),
                is_majority=is_majority,
                window=None if rules is None else Window(rules, start, end, cutoff),
                candidates=tuple(candidates.get(key, ())),
                claims=tuple(claims.get(key, ())),
            )
        )
    return answers


def nobody(
    connection: duckdb.DuckDBPyConnection,
    person: str,
    as_of: date,
    program: str | None,
) -> SettingsError:
    """Why a person has no answer, and what to do."""
    shown = f"PERSON={printable(person)}"
    rows = connection.execute(COVERED_QUERY, {"person": person}).fetchall()
    covered = [day for (day,) in rows]
    if not covered:
        dates = [str(day) for (day,) in connection.execute(DATES_QUERY).fetchall()]
        return SettingsError(
            f"{shown}: nobody of this id was covered on an as-of date of this release "
            f"({', '.join(dates)}). Check the id; `make quarantine TABLE=eligibility` "
            "shows people who were kept out."
        )
    if as_of not in covered:
        return SettingsError(
            f"{shown}: was not covered on {as_of}. Choose an as-of date with coverage: "
            f"AS_OF={' or AS_OF='.join(map(str, covered))}."
        )
    held = [name for (name,) in connection.execute(PROGRAMS_QUERY).fetchall()]
    return SettingsError(
        f"PROGRAM={program}: this release does not have it. Choose {' or '.join(held)}."
    )


def payer_names() -> dict[str, str]:
    """The name of each payer that takes part in the Blueprint."""
    with PAYERS_SEED.open(encoding="utf-8", newline="") as file:
        return {row["payer"]: row["payer_name"] for row in csv.DictReader(file)}


# What is told ------------------------------------------------------------------------


def report(
    release: Release,
    person: str,
    as_of: date,
    answers: Sequence[Answer],
    practices: Mapping[str, str],
    payers: Mapping[str, str],
) -> list[str]:
    """The lines to print.

    Args:
        release: what was read.
        person: the person's id.
        as_of: the as-of date of the answers.
        answers: of every program and payer that is asked for, at least one.
        practices: name by practice id.
        payers: name by payer.
    """
    lines = [
        *wrapped(f"Person {printable(person)}, as of {as_of}"),
        *wrapped(f"Release {printable(release.release_id)}"),
    ]
    for paragraph in opening(answers, payers):
        lines += ["", *wrapped(paragraph)]
    for answer in answers:
        program = words_for(PROGRAMS, answer.program)[0]
        lines += ["", *wrapped(f"{program}, {payer_name(answer, payers)}"), ""]
        lines += answer_lines(answer, release, as_of, practices, payers)
    return lines


def opening(answers: Sequence[Answer], payers: Mapping[str, str]) -> list[str]:
    """Why there are several answers; nothing when there is one."""
    said = []
    names = list(dict.fromkeys(payer_name(answer, payers) for answer in answers))
    if len(names) > 1:
        said.append(
            f"{len(names)} payers covered this person on that day: {joined(names)}. "
            "Each has an answer of its own."
        )
        for program, (_, shown) in PROGRAMS.items():
            attributed = [
                payer_name(answer, payers)
                for answer in answers
                if answer.program == program and answer.practice_id is not None
            ]
            if len(attributed) > 1:
                said[-1] += (
                    f" In {shown} the person counts {len(attributed)} times, for "
                    f"{joined(attributed)}, because each is a primary payer."
                )
    if len({answer.program for answer in answers}) > 1:
        said.append(
            "The PCMH program and the WHI attribute separately: a person may count in "
            "both, in one or in none."
        )
    return said


def answer_lines(
    answer: Answer,
    release: Release,
    as_of: date,
    practices: Mapping[str, str],
    payers: Mapping[str, str],
) -> list[str]:
    """One answer: what it is, why, who competed, which claims counted, which period."""
    paragraphs = [
        verdict(answer, practices),
        *why(answer, release, as_of, practices, payers),
    ]
    lines = []
    for paragraph in paragraphs:
        lines += [*wrapped(paragraph, "  "), ""]
    if len(answer.candidates) > 1:
        lines += [*candidate_lines(answer, practices), ""]
    if answer.candidates:
        lines += [*claim_lines(answer, practices), ""]
    if answer.window:
        for paragraph in window_text(answer, answer.window, release):
            lines += [*wrapped(paragraph, "  "), ""]
    return lines[:-1]


def verdict(answer: Answer, practices: Mapping[str, str]) -> str:
    """The answer in one sentence."""
    if not answer.is_eligible:
        return "Not eligible, so attributed to no practice."
    if answer.practice_id is None:
        return "Eligible, but attributed to no practice."
    hsa = f", in the {answer.hsa} Health Service Area" if answer.hsa else ""
    return f"Attributed to {place(answer.practice_id, practices)}{hsa}."


def why(
    answer: Answer,
    release: Release,
    as_of: date,
    practices: Mapping[str, str],
    payers: Mapping[str, str],
) -> list[str]:
    """Why the answer is what it is, in paragraphs."""
    if answer.practice_id is not None:
        return [decision_text(answer, release, as_of, practices)]
    said = [reason_text(answer, release, as_of, practices, payers)]
    if answer.candidates:
        said.append(decision_text(answer, release, as_of, practices))
        if is_group(answer.candidates[0].practice_id):
            said.append(OUTSIDE)
    elif not answer.is_eligible and answer.reason != NO_RULES:
        said.append(
            "This is the first test that failed. Later ones were not made, and no "
            "claim was looked at."
        )
    return said


def reason_text(
    answer: Answer,
    release: Release,
    as_of: date,
    practices: Mapping[str, str],
    payers: Mapping[str, str],
) -> str:
    """Why the person is not eligible, or eligible and attributed to no practice."""
    words = INELIGIBLE | UNATTRIBUTED
    if answer.program == "whi":
        words |= BY_THE_WHI
    elif answer.payer_type == "medicare":
        words |= BY_MEDICARE
    payer, program = payer_name(answer, payers), PROGRAMS[answer.program][1]
    winner = answer.candidates[0].practice_id if answer.candidates else ""
    day = f"on {as_of}"
    return words_for(words, answer.reason).format(
        as_of=as_of,
        payer=payer,
        Payer=capitalised(payer),
        program=program,
        Program=capitalised(program),
        plan=f' "{printable(answer.plan)}"' if answer.plan else "",
        kind=PAYER_KINDS.get(answer.payer_type or "", OTHER_KIND),
        winner=place(winner, practices),
        roster_day="on the day of service" if release.is_by_service_date else day,
    )


def decision_text(
    answer: Answer, release: Release, as_of: date, practices: Mapping[str, str]
) -> str:
    """The step that decided, with the figures of the winner and of the next one."""
    steps = STEPS_BY_DAYS if release.is_by_days else STEPS
    if not answer.candidates:
        return words_for(steps, answer.decided_by).format(as_of=as_of)
    winner, *others = answer.candidates
    step = answer.decided_by
    if step is None or step == "selection":
        # Outside the Blueprint, and among the practices of a chosen provider, the
        # practices that competed say which step it was.
        step = words_for(LOSSES, others[0].lost_because)[0] if others else "only_one"
    figures = {
        "counts": counts_text(winner),
        "claims": winner.claims,
        "claims_counted": counted(winner.claims, "claim"),
        "count": "counts" if winner.claims == 1 else "count",
        "days": winner.days,
        "days_counted": counted(winner.days, "day"),
        "lines": winner.lines,
        "last": winner.last_visit,
    }
    if others:
        other = others[0]
        is_group_next = is_group(other.practice_id) and not is_group(winner.practice_id)
        figures |= {
            "other": place(other.practice_id, practices),
            "other_claims": other.claims,
            "other_days": other.days,
            "other_lines": other.lines,
            "other_last": other.last_visit,
            "last_resort": ROSTER_FIRST if is_group_next else BY_IDENTIFIER,
        }
    said = [words_for(steps, step).format(**figures)]
    if answer.decided_by == "selection":
        said.insert(0, AMONG_CHOSEN.format(as_of=as_of))
    if others and answer.share_of_claims is not None:
        majority = "a majority" if answer.is_majority else "not a majority"
        share = f"{answer.share_of_claims:.1%}"
        unit = "days with visits" if release.is_by_days else "claims"
        said.append(f"Its share of all {unit} that count is {share}, {majority}.")
    return " ".join(said)


def candidate_lines(answer: Answer, practices: Mapping[str, str]) -> list[str]:
    """Every practice that competed, the winner first, and why the others lost."""
    lines = wrapped("Practices that competed:", "  ")
    for rank, candidate in enumerate(answer.candidates, start=1):
        said = f"{rank}. {capitalised(place(candidate.practice_id, practices))}: "
        said += f"{counts_text(candidate)}."
        if candidate.lost_because:
            said += f" {words_for(LOSSES, candidate.lost_because)[1]}"
        lines += wrapped(said, "    ", "       ")
    return lines


def claim_lines(answer: Answer, practices: Mapping[str, str]) -> list[str]:
    """The winner's claims, the latest first, and how many more there are."""
    winner = answer.candidates[0].practice_id
    claims = [claim for claim in answer.claims if claim.practice_id == winner]
    heading = f"Claims that counted for {place(winner, practices)}, the latest first:"
    lines = wrapped(heading, "  ")
    for claim in claims[:CLAIMS_SHOWN]:
        days = str(claim.first_day)
        if claim.last_day != claim.first_day:
            days += f" to {claim.last_day}"
        codes = claim.codes.split(", ")
        kind = "code" if len(codes) == 1 else "codes"
        said = f"{days}: {kind} {printable(joined(codes), WIDTH * 4)}, "
        said += f"claim {printable(claim.claim_id)}"
        lines += wrapped(said, "    ", "      ")
    more = claims[CLAIMS_SHOWN:]
    if more:
        earliest = min(claim.first_day for claim in more)
        lines += wrapped(f"and {len(more):,} more, back to {earliest}", "    ")
    return lines


def window_text(answer: Answer, window: Window, release: Release) -> list[str]:
    """By which rules, which claims were read, and whether more may come."""
    rules = f"Rules: {printable(window.rules, WIDTH)}."
    is_without_claims = (
        not answer.is_eligible
        or answer.reason == "selected_pcp_off_roster"
        or (answer.decided_by == "selection" and not answer.candidates)
    )
    if is_without_claims:
        return [rules]
    said = [
        f"{rules} They count claims that were not denied or voided, for services from "
        f"{window.start} to {window.end}, as known on {window.cutoff}: what was paid "
        "or corrected later does not change this answer."
    ]
    reach = release.paid_through
    if release.is_provisional and (reach is None or reach < window.cutoff):
        until = f"reach {reach} only" if reach else "have no paid date"
        said.append(
            f"This answer is provisional: the claims of this release {until}, and "
            f"those until {window.cutoff} count. A later release may say otherwise."
        )
    return said


# Parts of sentences ------------------------------------------------------------------


def words_for(words: Mapping[str, Words], value: str | None) -> Words:
    """The words for a value of the release.

    Raises:
        ReleaseError: there are none.
    """
    if value is None or value not in words:
        raise ReleaseError(
            f"The release says {printable(str(value))}, which has no words here. It "
            "was made by another version of the project: use that one, or run `make "
            "refresh` again."
        )
    return words[value]


def is_group(practice_id: str) -> bool:
    """Whether it is a group outside the Blueprint, known by an NPI."""
    return practice_id.startswith(("billing:", "rendering:"))


def place(practice_id: str, practices: Mapping[str, str]) -> str:
    """A practice by name and id, or a group by the NPI on its claims."""
    kind, _, npi = practice_id.partition(":")
    if is_group(practice_id):
        shown = printable(npi)
        if kind == "billing":
            return f"the group with billing NPI {shown}"
        return f"the provider with NPI {shown}, who named no billing group"
    name = practices.get(practice_id)
    shown = printable(practice_id)
    return f"{printable(name, 100)} ({shown})" if name else f"practice {shown}"


def payer_name(answer: Answer, payers: Mapping[str, str]) -> str:
    """A payer's name; the payer as it landed when it has none."""
    return payers.get(answer.payer, printable(answer.payer))


def counts_text(candidate: Candidate) -> str:
    """What counts of a practice: claims, days, lines, the last visit."""
    return (
        f"{counted(candidate.claims, 'claim')} on {counted(candidate.days, 'day')} "
        f"({counted(candidate.lines, 'line')}), last visit {candidate.last_visit}"
    )


def joined(names: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def capitalised(text: str) -> str:
    """The text with its first letter in upper case; the rest as it is."""
    return text[:1].upper() + text[1:]


def wrapped(text: str, indent: str = "", following: str | None = None) -> list[str]:
    """A paragraph within the width."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent if following is None else following,
        break_on_hyphens=False,
    )
