"""Runs of the command line to which the machine does something.

Belongs here: starting a run, meeting it at a place, and seeing how it ended. Does not
belong here: what must come of it (tests/python/test_fault_processes.py).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from orchestration.settings import PROJECT

# Makes a small disk of memory that only the zygote and its runs see.
SMALL_DISK = 'mount -t tmpfs -o size={size} none "$0" && exec "$@"'


@dataclass(frozen=True)
class Ended:
    """How a run ended: its exit code (negative: the signal) and what it printed."""

    code: int
    output: str
    seconds: float


class Machine:
    """Starts runs and does faults to them.

    folder: for control files; disk: a small file system of its own, seen from inside.
    """

    def __init__(self, folder: Path, recording: Path) -> None:
        self.folder = folder
        self.recording = recording
        self.disk = folder / "disk"
        self.met = folder / "met"
        self.control = folder / "control.json"
        self.output = folder / "output.txt"
        self.disk.mkdir()
        self.order("nothing", "nowhere")
        self.process = subprocess.Popen(
            [*self.with_small_disk(), sys.executable, "-m", "tests.faults.zygote"],
            cwd=PROJECT,
            env={
                **{
                    k: v for k, v in os.environ.items() if not k.startswith("BLUEPRINT")
                },
                "FAULT_CONTROL": str(self.control),
                "DAGSTER_HOME": str(folder / "dagster"),
                "PYTHONPATH": str(PROJECT),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        assert self.process.stdout.readline() == "ready\n"

    def with_small_disk(self) -> list[str]:
        """The command before the command that mounts the disk.

        A user namespace lets anyone mount; root needs none.
        """
        flags = "-m" if os.geteuid() == 0 else "-rm"
        script = SMALL_DISK.format(size="320m")
        return ["unshare", flags, "sh", "-c", script, str(self.disk)]

    def inside(self, path: Path) -> Path:
        """A path as the runs see it, for who is outside."""
        return Path(f"/proc/{self.process.pid}/root") / path.relative_to("/")

    def order(self, fault: str, place: str, pid: int | None = None) -> None:
        """Says which fault to do, and where."""
        text = json.dumps(
            {
                "fault": fault,
                "place": place,
                "pid": pid,
                "met": str(self.met),
                "disk": str(self.disk),
                "recording": str(self.recording),
            }
        )
        temporary = self.control.with_suffix(".tmp")
        temporary.write_text(text)
        temporary.replace(self.control)

    @contextmanager
    def run(self, fault: str, place: str, *arguments: str) -> Iterator[RunningRun]:
        """A run that goes on while the block lasts."""
        self.met.unlink(missing_ok=True)
        self.order(fault, place)
        order = {"arguments": list(arguments), "output": str(self.output)}
        assert self.process.stdin
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        pid = int(self.answer()["pid"])
        self.order(fault, place, pid)
        running = RunningRun(self, pid, time.monotonic())
        yield running
        running.end()

    def refresh(self, fault: str, place: str, drop: Path, releases: Path) -> Ended:
        """A whole refresh to which a fault is done."""
        arguments = ("refresh", "--landing", str(drop), "--releases", str(releases))
        with self.run(fault, place, *arguments) as running:
            return running.end()

    def answer(self) -> dict[str, int]:
        """The zygote's next line."""
        assert self.process.stdout
        return dict(json.loads(self.process.stdout.readline()))

    def close(self) -> None:
        """Ends the zygote, and with it the processes that its steps come from."""
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(timeout=60)


class RunningRun:
    """A run that has been started."""

    def __init__(self, machine: Machine, pid: int, started: float) -> None:
        self.machine = machine
        self.pid = pid
        self.started = started
        self.ended: Ended | None = None

    def wait_until_met(self, seconds: float = 90) -> int:
        """Waits until the run is at its place; returns the step's process."""
        until = time.monotonic() + seconds
        while not (self.machine.met.exists() and self.machine.met.read_text()):
            assert time.monotonic() < until, self.machine.output.read_text()
            time.sleep(0.05)
        return int(self.machine.met.read_text())

    def end(self) -> Ended:
        """Waits for the end of the run."""
        if self.ended is None:
            code = int(self.machine.answer()["code"])
            seconds = time.monotonic() - self.started
            self.ended = Ended(code, self.machine.output.read_text(), seconds)
        return self.ended


def can_mount() -> bool:
    """Whether this machine lets a test have a small disk of its own."""
    if not shutil.which("unshare"):
        return False
    flags = "-m" if os.geteuid() == 0 else "-rm"
    probe = ["unshare", flags, "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0
