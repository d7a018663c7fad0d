"""What a person sees while a run goes on.

Belongs here: the progress file that steps append to, and drawing it on the terminal.
Does not belong here: what is run, or the closing summary (cli.py).

The steps run in other processes, so they write one JSON line per finished node, and the
terminal's process follows the file.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

PERIOD_SECONDS = 0.2
LINE_EVERY_SECONDS = 5.0


def report(
    path: Path, stage: str, done: int, total: int, item: str, seconds: float
) -> None:
    """Appends that a stage has finished an item.

    Args:
        path: the run's progress file; its folder exists.
        stage: landing, transform, marts, a gate or release.
        done: items of the stage that have finished.
        total: items of the stage.
        item: what finished, such as a model's name.
        seconds: how long it took.
    """
    line = {
        "stage": stage,
        "done": done,
        "total": total,
        "item": item,
        "seconds": round(seconds, 3),
        "at": time.time(),
    }
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


class Follower:
    """Draws the progress file while a run goes on; a context manager.

    On a terminal one line per stage is updated in place; elsewhere a line is written
    when a stage ends and every few seconds.
    """

    def __init__(self, path: Path, stream: TextIO | None = None) -> None:
        self.path = path
        self.stream = stream or sys.stderr
        self.in_place = self.stream.isatty()
        self.offset = 0
        self.stage = ""
        self.last: dict[str, Any] = {}
        self.spent: dict[str, float] = {}
        self.shown_at = 0.0
        self.previous_at = time.time()
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.follow, daemon=True)

    def __enter__(self) -> Follower:
        """Starts following."""
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Shows what is left and stops."""
        self.stopping.set()
        self.thread.join(timeout=5)
        self.read()
        self.close_stage()

    def follow(self) -> None:
        """Reads and draws until stopped."""
        while not self.stopping.wait(PERIOD_SECONDS):
            self.read()

    def read(self) -> None:
        """Draws the lines that were added since the last time."""
        try:
            with self.path.open(encoding="utf-8") as file:
                file.seek(self.offset)
                lines = file.readlines()
                if lines and not lines[-1].endswith("\n"):
                    lines.pop()
                self.offset += sum(len(line.encode()) for line in lines)
        except FileNotFoundError:
            return
        for line in lines:
            # A full disk can leave a part of a line.
            with suppress(ValueError):
                self.draw(json.loads(line))

    def draw(self, line: dict[str, Any]) -> None:
        """Shows one finished item."""
        if line["stage"] != self.stage:
            self.close_stage()
            self.stage = line["stage"]
            self.shown_at = time.monotonic()
        elapsed = line["at"] - self.previous_at
        self.previous_at = line["at"]
        self.spent[self.stage] = self.spent.get(self.stage, 0.0) + elapsed
        self.last = line
        now = time.monotonic()
        if self.in_place:
            self.stream.write(f"\r\x1b[K{self.text(line)}")
            self.stream.flush()
        elif now - self.shown_at >= LINE_EVERY_SECONDS:
            self.shown_at = now
            self.stream.write(self.text(line) + "\n")
            self.stream.flush()

    def text(self, line: dict[str, Any]) -> str:
        """`transform     42/97   int_attribution__candidates   0.4 s`."""
        share = f"{line['done']}/{line['total']}"
        return (
            f"{line['stage']:<13} {share:>9}   {line['item'][:48]:<48} "
            f"{line['seconds']:6.1f} s"
        )

    def close_stage(self) -> None:
        """Leaves one line about the stage that ended."""
        if not self.last:
            return
        share = f"{self.last['done']}/{self.last['total']}"
        text = f"{self.stage:<13} {share:>9}   {'':<48} {self.spent[self.stage]:6.1f} s"
        self.stream.write(f"\r\x1b[K{text}\n" if self.in_place else f"{text}\n")
        self.stream.flush()
        self.last = {}
