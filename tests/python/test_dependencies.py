"""Every locked pin is compared with advisories, and a vulnerable one fails the audit.

pip-audit itself runs, against a service with OSV's interface on this machine.
"""

import json
import threading
import time
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests import audit
from tests.audit import (
    AuditError,
    Pin,
    answer_from,
    exceptions_of,
    parts_of,
    pins_of,
)

# https://osv.dev/vulnerability/PYSEC-2019-217
JINJA = {
    "id": "PYSEC-2019-217",
    "aliases": ["CVE-2019-10906", "GHSA-462w-v97r-4m45"],
    "affected": [
        {
            "package": {"name": "jinja2", "ecosystem": "PyPI"},
            "ranges": [
                {
                    "type": "ECOSYSTEM",
                    "events": [{"introduced": "0"}, {"fixed": "2.10.1"}],
                }
            ],
        }
    ],
}
VULNERABLE = {("jinja2", "2.10"): [JINJA]}
TODAY = date(2026, 6, 30)


class Advisories:
    """A service that answers as OSV does, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Pin] = []
        self.wait_seconds = 0.0
        self.broken: set[str] = set()
        advisories = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # noqa: N802 - http.server's name
                length = int(self.headers["Content-Length"])
                query = json.loads(self.rfile.read(length))
                pin = Pin(query["package"]["name"], query["version"])
                advisories.asked.append(pin)
                time.sleep(advisories.wait_seconds)
                found = VULNERABLE.get((pin.name, pin.version))
                body = json.dumps({"vulns": found} if found else {}).encode()
                self.send_response(500 if pin.name in advisories.broken else 200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1/query"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def advisories() -> Iterator[Advisories]:
    service = Advisories()
    yield service
    service.server.shutdown()
    service.server.server_close()


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """A lock with a planted vulnerable pin beside one that has no advisory."""
    path = tmp_path / "requirements.lock"
    path.write_text(
        "agate==1.9.1 \\\n    --hash=sha256:1cf3\n    # via dbt-core\n"
        "jinja2==2.10 \\\n    --hash=sha256:f84b\n"
    )
    return path


def run(advisories: Advisories, lock: Path, *more: str) -> int:
    return audit.main(["--lock", str(lock), "--osv-url", advisories.url, *more])


def exception(package: str = "jinja2", advisory: str = JINJA["id"], **other) -> str:
    values = {"reason": "'No template is from outside.'", "expires": "9999-12-31"}
    lines = [f"{name} = {value}" for name, value in {**values, **other}.items()]
    return "\n".join(
        [
            "[[tool.blueprint-warehouse.audit.exceptions]]",
            f"package = '{package}'",
            f"id = '{advisory}'",
            *lines,
        ]
    )


def test_a_planted_vulnerable_pin_fails_and_is_named(advisories, lock, capsys):
    assert run(advisories, lock, "--may-be-offline") == 1
    said = capsys.readouterr().out
    assert "2 of 2 pins compared" in said
    (line,) = [x for x in said.splitlines() if x.startswith("VULNERABLE")]
    for part in ("jinja2 2.10", "PYSEC-2019-217", "CVE-2019-10906", "2.10.1", "https"):
        assert part in line
    assert "make lock" in said


def test_pins_without_an_advisory_pass(advisories, lock, capsys):
    lock.write_text(lock.read_text().replace("2.10 ", "3.1.6 "))
    assert run(advisories, lock) == 0
    assert "no known vulnerability" in capsys.readouterr().out


def test_every_pin_of_the_lock_is_asked_about_whatever_its_python(advisories, capsys):
    locked = audit.LOCK.read_text(encoding="utf-8")
    assert audit.main(["--osv-url", advisories.url, "--seconds", "120"]) == 0
    asked = set(advisories.asked)
    names = {line.split("==")[0] for line in locked.splitlines() if "==" in line}
    assert {pin.name for pin in asked} == {name.partition("[")[0] for name in names}
    assert len(asked) == sum(
        "==" in line and not line.startswith(" ") for line in locked.splitlines()
    )
    assert any("python_full_version <" in line for line in locked.splitlines())
    assert f"{len(asked)} of {len(asked)} pins" in capsys.readouterr().out


def judged(tmp_path: Path, text: str, today: date = TODAY):
    """What is bad and what is said of the vulnerable pin, with these exceptions."""
    (tmp_path / "pyproject.toml").write_text(text)
    ids = (JINJA["id"], *JINJA["aliases"])
    found = audit.Vulnerability(Pin("jinja2", "2.10"), ids, ("2.10.1",))
    answer = audit.Answer({found.pin, Pin("agate", "1.9.1")}, [found])
    return audit.judge(answer, exceptions_of(tmp_path / "pyproject.toml"), today)


@pytest.mark.parametrize("advisory", [JINJA["id"], "CVE-2019-10906"])
@pytest.mark.parametrize("package", ["jinja2", "Jinja2"])
def test_an_exception_lets_a_vulnerability_pass_until_its_last_day(
    tmp_path, package, advisory
):
    row = exception(package, advisory, expires="2026-06-30")
    bad, said = judged(tmp_path, row)
    assert bad == []
    (line,) = said
    assert line.startswith("excepted until 2026-06-30  jinja2 2.10")
    assert "No template is from outside." in line
    (line,), _ = judged(tmp_path, row, date(2026, 7, 1))
    assert line.endswith("; its exception ended on 2026-06-30")


@pytest.mark.parametrize(
    "row", [exception(package="agate"), exception(advisory="PYSEC-2019-218")]
)
def test_an_exception_that_is_about_something_else_is_said_and_does_not_count(
    tmp_path, row
):
    bad, said = judged(tmp_path, row)
    assert len(bad) == 1
    assert "exception" not in bad[0]
    assert said[0].startswith("no longer needed  the exception of")


@pytest.mark.parametrize(
    "row",
    [
        exception(expires="'2026-12-31'"),
        exception(expires="2026-12-31T00:00:00"),
        exception(reason="' '"),
        exception(until="2026-12-31"),
        exception().replace("reason", "because"),
    ],
)
def test_an_exception_needs_its_reason_and_its_last_day(tmp_path, row):
    with pytest.raises(AuditError, match="needs package, id, reason and expires"):
        judged(tmp_path, row)


def test_the_exceptions_of_a_file_are_what_the_command_applies(
    advisories, lock, capsys
):
    path = lock.with_name("pyproject.toml")
    path.write_text(exception())
    assert run(advisories, lock, "--exceptions", str(path)) == 0
    assert "excepted until 9999-12-31  jinja2 2.10" in capsys.readouterr().out
    path.write_text(exception(expires="''"))
    assert run(advisories, lock, "--exceptions", str(path)) == 1
    assert capsys.readouterr().err.startswith("STOP  pyproject.toml: ")


def test_the_projects_own_exceptions_are_well_formed():
    assert isinstance(exceptions_of(audit.EXCEPTIONS), list)


def test_a_service_that_cannot_be_reached_is_said(advisories, lock, capsys):
    advisories.server.shutdown()
    advisories.server.server_close()
    assert run(advisories, lock, "--may-be-offline") == 0
    said = capsys.readouterr().out
    assert "none of 2 pins was compared" in said
    assert "no service answered" in said
    assert advisories.url in said
    assert run(advisories, lock) == 1


def test_a_service_that_does_not_answer_in_time_is_said(advisories, lock, capsys):
    advisories.wait_seconds = 30
    started = time.monotonic()
    assert run(advisories, lock, "--may-be-offline", "--seconds", "2") == 0
    assert time.monotonic() - started < 10
    assert "no answer within 2 seconds" in capsys.readouterr().out


def test_pins_without_an_answer_do_not_count_as_safe(advisories, lock, capsys):
    many = "".join(f"package{i}==1.0 \\\n" for i in range(60))
    lock.write_text(many)
    # Not one of the probes, which are asked first.
    advisories.broken = {"package59"}
    assert run(advisories, lock) == 1
    said = capsys.readouterr().out
    assert "30 of 60 pins compared" in said
    assert "not compared" in said


def test_a_pin_that_pip_audit_skips_was_not_compared():
    answer = answer_from(
        [
            {"name": "Agate", "version": "1.9.1", "vulns": []},
            {"name": "jinja2", "skip_reason": "Dependency not found on PyPI"},
        ]
    )
    assert answer.compared == {Pin("agate", "1.9.1")}
    assert answer.why == "Dependency not found on PyPI"


def test_the_versions_of_a_package_are_asked_apart():
    pins = [Pin("a", "1"), Pin("b", "1"), Pin("b", "2"), Pin("b", "3"), Pin("c", "1")]
    parts = parts_of(pins)
    assert sorted(sum(parts, [])) == pins
    assert all(len({pin.name for pin in part}) == len(part) for part in parts)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "pins nothing"),
        ("agate>=1 \\\n    --hash=sha256:1cf3\n", "line 1: is no pin"),
        ("agate==1 \\\nhttps://example.org/x.whl\n", "line 2: is no pin"),
    ],
)
def test_a_lock_that_is_not_understood_is_named(tmp_path, text, said):
    (tmp_path / "requirements.lock").write_text(text)
    with pytest.raises(AuditError, match=said):
        pins_of(tmp_path / "requirements.lock")


def test_a_lock_that_is_not_there_is_named(tmp_path):
    with pytest.raises(AuditError, match=r"gone\.lock: cannot be read"):
        pins_of(tmp_path / "gone.lock")
