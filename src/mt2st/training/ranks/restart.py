"""Processes that a launcher starts again find the run that they began in an earlier life."""

from __future__ import annotations

import json
import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any

from mt2st.training.run_directory import RUNS, RunDirectory
from mt2st.whole_file import write_whole

NOTE = "launcher.json"


def launcher() -> dict[str, Any] | None:
    """Return what tells the torchrun that started this process from all others; None where none did."""
    if "TORCHELASTIC_RESTART_COUNT" not in os.environ:
        return None
    parent = os.getppid()
    return {
        "run": os.environ.get("TORCHELASTIC_RUN_ID"),
        "host": socket.gethostname(),
        "process": parent,
        "started": _started(parent),
    }


def _started(process: int) -> str | None:
    """Return when a process started, in ticks since the machine's own start; None where the system does not say."""
    with suppress(OSError, IndexError):
        # Behind the name, which is in brackets and may hold spaces, this is the 20th field; see proc(5).
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}/{Path(f'/proc/{process}/stat').read_text().rpartition(')')[2].split()[19]}"
    return None


def note_launcher(run: RunDirectory) -> None:
    """Leave word in the run directory of the launcher, if any, so that later lives of its processes find it."""
    if (found := launcher()) is not None:
        write_whole(run.path / NOTE, json.dumps(found).encode())


def find_own_run(out: Path | None) -> RunDirectory | None:
    """Return the run that an earlier life of these processes began: in ``out``, or else under ``runs/``.

    None in a first life, or where there is none yet. Directories of other launchers are never taken up, so that a
    command which was refused at first is refused again.
    """
    if int(os.environ.get("TORCHELASTIC_RESTART_COUNT", "0")) == 0:
        return None
    own = launcher()
    for note in [out / NOTE] if out else sorted(RUNS.glob(f"*/{NOTE}")):
        with suppress(OSError, ValueError):
            if json.loads(note.read_text(encoding="utf-8")) == own:
                return RunDirectory(note.parent)
    return None
