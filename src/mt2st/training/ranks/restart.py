"""Processes that a launcher restarts find the run that they began before the restart."""

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
    """Return what identifies the torchrun that started this process; None if none did."""
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
    """Return the boot's id and a process's start in ticks since then; None if the system does not tell."""
    with suppress(OSError, IndexError):
        # The 20th field after the name, which is in brackets and may hold spaces; see proc(5).
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}/{Path(f'/proc/{process}/stat').read_text().rpartition(')')[2].split()[19]}"
    return None


def note_launcher(run: RunDirectory) -> None:
    """Store the launcher's identity, if any, in the run directory, so that its restarted processes find it."""
    if (found := launcher()) is not None:
        write_whole(run.path / NOTE, json.dumps(found).encode())


def find_own_run(out: Path | None) -> RunDirectory | None:
    """Return the run that these processes began before a restart: in ``out``, or else under ``runs/``.

    None if this is no restart, or there is no run yet. Directories of other launchers are ignored, so that a command
    that was refused at first is refused again.
    """
    if int(os.environ.get("TORCHELASTIC_RESTART_COUNT", "0")) == 0:
        return None
    own = launcher()
    for note in [out / NOTE] if out else sorted(RUNS.glob(f"*/{NOTE}")):
        with suppress(OSError, ValueError):
            if json.loads(note.read_text(encoding="utf-8")) == own:
                return RunDirectory(note.parent)
    return None
