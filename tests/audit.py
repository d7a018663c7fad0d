"""Compares every pin of requirements.lock with the advisories that are known today.

Belongs here: asking the services through pip-audit, the exceptions, and saying what
came of it. Does not belong here: which packages are needed (pyproject.toml), or how
they are locked (Makefile).

It is a command and no pytest test, because its answer depends on the day and on the
network, not on the code: a person runs it alone, and what it could not ask it must say
where it is read. `make test` runs it with --may-be-offline.

pip-audit asks PyPI, then OSV. It reports success for what a service does not know, and
reads only the pins for the Python that it runs on; so every pin is handed to it, and
one without an answer counts as not compared.

Exceptions are in pyproject.toml, each with its reason and its last day:

    [[tool.blueprint-warehouse.audit.exceptions]]
    package = "name"
    id = "PYSEC-2026-1"
    reason = "Why it does no harm here."
    expires = 2026-12-31
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PROJECT = Path(__file__).resolve().parent.parent
LOCK, EXCEPTIONS = PROJECT / "requirements.lock", PROJECT / "pyproject.toml"
PIN = re.compile(r"(?P<name>[\w.-]+)(\[[\w,.-]+\])?==(?P<version>[^\s;\\]+)")
# pip-audit asks for one pin after the other; this many of it ask at the same time.
PARTS, PINS_OF_A_PART = 4, 40
PROBES, PROBE_SECONDS = 2, 8
NAMES_SHOWN = 8


class AuditError(Exception):
    """The audit cannot be made; the message says why and what to do."""


@dataclass(frozen=True, order=True)
class Pin:
    """A locked package at its version."""

    name: str
    version: str

    def __str__(self) -> str:
        """As a person writes it."""
        return f"{self.name} {self.version}"


@dataclass(frozen=True)
class Service:
    """Where advisories are asked for: its name, and pip-audit's options for it."""

    name: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class Vulnerability:
    """An advisory that holds for a pin; corrected: versions that do not have it."""

    pin: Pin
    ids: tuple[str, ...]
    corrected: tuple[str, ...]

    def line(self) -> str:
        """What is wrong, since which version it is not, and where to read about it."""
        aliases = f" ({', '.join(self.ids[1:])})" if self.ids[1:] else ""
        remedy = (
            f"corrected in {', '.join(self.corrected)}"
            if self.corrected
            else "not corrected in any version"
        )
        return (
            f"{self.pin}: {self.ids[0]}{aliases}, {remedy}; "
            f"https://osv.dev/vulnerability/{self.ids[0]}"
        )


@dataclass
class Answer:
    """What a service said: of which pins, and what is wrong with them.

    why: what kept it from saying more; empty when it said everything.
    """

    compared: set[Pin] = field(default_factory=set)
    vulnerabilities: list[Vulnerability] = field(default_factory=list)
    why: str = ""

    def add(self, other: Answer) -> None:
        """Joins what another part of the pins brought."""
        self.compared |= other.compared
        self.vulnerabilities += other.vulnerabilities
        self.why = self.why or other.why


@dataclass(frozen=True)
class ExceptionRow:
    """A vulnerability that is let pass, until a day."""

    package: str
    id: str
    reason: str
    expires: date

    def covers(self, vulnerability: Vulnerability) -> bool:
        """Whether it is about this package and this advisory, by any of its names."""
        return (
            canonical(self.package) == vulnerability.pin.name
            and self.id in vulnerability.ids
        )


# What is asked -------------------------------------------------------------------


def canonical(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins_of(lock: Path) -> list[Pin]:
    """Every pin of a lock, those for other Pythons and systems included.

    Raises:
        AuditError: the lock cannot be read, pins nothing, or holds another kind of
            line.
    """
    try:
        lines = lock.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise AuditError(f"{lock}: cannot be read ({error.strerror}).") from error
    pins = set()
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith((" ", "#")):
            continue
        found = PIN.match(line)
        if not found:
            raise AuditError(
                f"{lock.name}, line {number:,}: is no pin ({line[:60]}). Make the lock "
                "with `make lock`."
            )
        pins.add(Pin(canonical(found["name"]), found["version"]))
    if not pins:
        raise AuditError(f"{lock.name}: pins nothing. Make it with `make lock`.")
    return sorted(pins)


def parts_of(pins: Sequence[Pin]) -> list[list[Pin]]:
    """The pins dealt out evenly, none twice in a part: pip-audit refuses that."""
    versions = max(sum(p.name == pin.name for p in pins) for pin in pins)
    count = max(versions, min(PARTS, -(-len(pins) // PINS_OF_A_PART)))
    # Sorted, the versions of a package are neighbours, so they are dealt apart.
    ordered = sorted(pins)
    return [ordered[start::count] for start in range(count)]


# Asking --------------------------------------------------------------------------


def ask(service: Service, pins: Sequence[Pin], seconds: float) -> Answer:
    """Asks a service about pins that differ in their names, once."""
    with tempfile.TemporaryDirectory() as folder:
        requirements = Path(folder, "requirements.txt")
        requirements.write_text(
            "".join(f"{pin.name}=={pin.version}\n" for pin in pins), encoding="utf-8"
        )
        command = [
            *(sys.executable, "-m", "pip_audit", "--requirement", str(requirements)),
            *("--no-deps", "--disable-pip", "--progress-spinner", "off"),
            *("--format", "json", "--desc", "off", "--aliases", "on"),
            *("--timeout", "5", *service.options),
        ]
        try:
            result = subprocess.run(
                command,
                capture_output=True,
                text=True,
                check=False,
                timeout=max(1.0, seconds),
            )
        except subprocess.TimeoutExpired:
            return Answer(why=f"no answer within {seconds:.0f} seconds")
    try:
        entries = json.loads(result.stdout)["dependencies"]
    except (ValueError, KeyError):
        said = result.stderr.strip().splitlines()
        return Answer(why=said[-1][:300] if said else "pip-audit said nothing")
    return answer_from(entries)


def answer_from(entries: Sequence[Mapping[str, Any]]) -> Answer:
    """What pip-audit's JSON says; a pin that it skipped was not compared."""
    answer = Answer()
    for entry in entries:
        if "skip_reason" in entry:
            answer.why = answer.why or str(entry["skip_reason"])
            continue
        pin = Pin(canonical(entry["name"]), entry["version"])
        answer.compared.add(pin)
        answer.vulnerabilities += [
            Vulnerability(
                pin,
                (vulnerability["id"], *vulnerability.get("aliases", ())),
                tuple(vulnerability["fix_versions"]),
            )
            for vulnerability in entry["vulns"]
        ]
    return answer


def ask_everything(service: Service, pins: Sequence[Pin], seconds: float) -> Answer:
    """Asks a service about every pin; about none when it does not answer at all.

    Args:
        service: whom to ask.
        pins: what to ask about.
        seconds: how long it may take, about.
    """
    started = time.monotonic()
    # A service that is not there should not be asked some hundred times. Far apart, so
    # that they are different packages.
    probes = pins[:: max(1, len(pins) // PROBES)][:PROBES]
    probe = Answer()
    for part in parts_of(probes):
        probe.add(ask(service, part, min(PROBE_SECONDS, seconds)))
    if not probe.compared or len(probes) == len(pins):
        return probe
    left = seconds - (time.monotonic() - started)
    answer = Answer()
    parts = parts_of(pins)
    with ThreadPoolExecutor(max_workers=len(parts)) as pool:
        for part in pool.map(lambda part: ask(service, part, left), parts):
            answer.add(part)
    return answer


# Exceptions ----------------------------------------------------------------------


def exceptions_of(path: Path) -> list[ExceptionRow]:
    """The exceptions in a pyproject.toml.

    Raises:
        AuditError: one lacks its package, id, reason or last day.
    """
    tool = tomllib.loads(path.read_text(encoding="utf-8")).get("tool", {})
    entries = tool.get("blueprint-warehouse", {}).get("audit", {}).get("exceptions", [])
    rows = []
    for entry in entries:
        is_whole = set(entry) == {"package", "id", "reason", "expires"} and (
            all(str(value).strip() for value in entry.values())
        )
        # A moment is a date too, by Python's types; here a day is meant.
        is_day = type(entry.get("expires")) is date
        if not (is_whole and is_day):
            raise AuditError(
                f"{path.name}: the audit's exception {entry} needs package, id, reason "
                "and expires (a day, yyyy-mm-dd, without quotes), and nothing else."
            )
        rows.append(ExceptionRow(**entry))
    return rows


# Judging -------------------------------------------------------------------------


def judge(
    answer: Answer, exceptions: Sequence[ExceptionRow], today: date
) -> tuple[list[str], list[str]]:
    """What must be corrected, and what a person should know, as lines."""
    bad, said = [], []
    for vulnerability in sorted(answer.vulnerabilities, key=lambda v: (v.pin, v.ids)):
        covering = [row for row in exceptions if row.covers(vulnerability)]
        in_force = [row for row in covering if row.expires >= today]
        if in_force:
            row = in_force[0]
            said.append(
                f"excepted until {row.expires}  {vulnerability.line()} ({row.reason})"
            )
        else:
            ended = [f"; its exception ended on {row.expires}" for row in covering]
            bad.append(vulnerability.line() + "".join(ended[:1]))
    compared = {pin.name for pin in answer.compared}
    said += [
        f"no longer needed  the exception of {row.package} for {row.id}: remove it"
        for row in exceptions
        if canonical(row.package) in compared
        and not any(row.covers(found) for found in answer.vulnerabilities)
    ]
    return bad, said


def audit(
    pins: Sequence[Pin],
    services: Sequence[Service],
    exceptions: Sequence[ExceptionRow],
    *,
    seconds: float,
    today: date,
    may_be_offline: bool = False,
) -> int:
    """Compares pins with advisories, says what came of it, and returns an exit code.

    Args:
        pins: what is locked.
        services: asked in turn, until one answers.
        exceptions: what is let pass.
        seconds: how long a service may take, about.
        today: the day on which exceptions are judged.
        may_be_offline: whether pins that no service answered for are only said.

    Returns:
        1 when a pin is vulnerable and not excepted, or was not compared although it
        had to be; else 0.
    """
    silent = []
    answer = Answer()
    for service in services:
        answer = ask_everything(service, pins, seconds)
        if answer.compared:
            break
        silent.append(f"  {service.name}: {answer.why}")
    if not answer.compared:
        print(f"Dependencies: none of {len(pins):,} pins was compared with advisories,")
        print("because no service answered. Run `make audit` where one can be reached.")
        print("\n".join(silent))
        return 0 if may_be_offline else 1
    bad, said = judge(answer, exceptions, today)
    print(
        f"Dependencies: {len(answer.compared):,} of {len(pins):,} pins compared with "
        f"the advisories of {service.name}: "
        + (f"{len(bad):,} vulnerable" if bad else "no known vulnerability")
    )
    missed = sorted(set(pins) - answer.compared)
    if missed:
        names = ", ".join(map(str, missed[:NAMES_SHOWN]))
        more = len(missed) - NAMES_SHOWN
        print(
            f"  not compared  {names}{f' and {more:,} more' if more > 0 else ''} "
            f"({answer.why})"
        )
    for line in said:
        print(f"  {line}")
    for line in bad:
        print(f"VULNERABLE  {line}")
    if bad:
        print(
            "Raise the versions in pyproject.toml and run `make lock`. What does no "
            "harm here gets an exception in pyproject.toml, with its reason and end."
        )
    return 1 if bad or (missed and not may_be_offline) else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lock", type=Path, default=LOCK, help="the lock to audit")
    parser.add_argument(
        "--exceptions", type=Path, default=EXCEPTIONS, help="the pyproject.toml"
    )
    parser.add_argument(
        "--may-be-offline",
        action="store_true",
        help="say what no service answered for, and do not fail for it",
    )
    parser.add_argument(
        "--seconds", type=float, default=300, help="how long a service may take"
    )
    parser.add_argument(
        "--osv-url",
        metavar="URL",
        help="ask this service with OSV's interface, such as a mirror, and no other",
    )
    options = parser.parse_args(arguments)
    osv = ("--vulnerability-service", "osv")
    services = [
        Service("PyPI", ("--vulnerability-service", "pypi")),
        Service("OSV", osv),
    ]
    if options.osv_url:
        services = [Service(options.osv_url, (*osv, "--osv-url", options.osv_url))]
    try:
        return audit(
            pins_of(options.lock),
            services,
            exceptions_of(options.exceptions),
            seconds=options.seconds,
            today=datetime.now(timezone.utc).date(),
            may_be_offline=options.may_be_offline,
        )
    except AuditError as error:
        print(f"STOP  {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
