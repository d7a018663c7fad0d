"""Starts real runs of the command line quickly, one after the other.

Belongs here: a process that has imported everything once, and forks a run of
`python -m orchestration` whenever it is told to, with the process that the run's steps
come from already there. Does not belong here: faults (hooks.py).

    python -m tests.faults.zygote

reads one JSON line per run, {"arguments": [...], "output": path}, and answers with two:
the run's process, and how it ended.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import traceback
from multiprocessing import forkserver

from orchestration import cli

HOOKS = "tests.faults.hooks"


def warm_up() -> None:
    """Imports what a run needs, and starts the process that its steps come from."""
    multiprocessing.get_context("forkserver").set_forkserver_preload(
        ["dagster._core.executor.multiprocess", *cli.PRELOAD_MODULES, HOOKS]
    )
    forkserver.ensure_running()
    import orchestration.definitions  # noqa: F401
    import orchestration.summary  # noqa: F401


def run(arguments: list[str], output: str) -> int:
    """The forked process: a run, as if started from a shell; returns its exit code."""
    # The process that steps come from is the zygote's child, which cannot be waited for
    # from here; it lives.
    forkserver.ensure_running = forkserver._forkserver.ensure_running = lambda: None
    descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    try:
        cli.main(arguments)
    except SystemExit as end:
        return int(end.code or 0)
    except BaseException:  # noqa: BLE001 - as an interpreter tells what nobody caught
        traceback.print_exc()
        sys.stderr.flush()
    return 1


def main() -> None:
    """Forks runs until standard input ends."""
    warm_up()
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        process = os.fork()
        if not process:
            os._exit(run(order["arguments"], order["output"]))
        print(json.dumps({"pid": process}), flush=True)
        _, status = os.waitpid(process, 0)
        print(json.dumps({"code": os.waitstatus_to_exitcode(status)}), flush=True)


if __name__ == "__main__":
    main()
