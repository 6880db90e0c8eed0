"""Worker processes end with the process that started them, however that ends."""

from __future__ import annotations

import os
from multiprocessing import parent_process
from threading import Thread


def end_with_parent() -> None:
    """Have this worker end as soon as its parent is gone; in a process that is no worker nothing happens.

    Workers wait for work at a pipe that they hold open themselves, so that by its end they never learn of a parent
    that was killed.
    """
    if (parent := parent_process()) is None:
        return

    def wait() -> None:
        parent.join()
        os._exit(1)  # no clean-up: what it would tell its parent, or wait for, is gone

    Thread(target=wait, name="end with parent", daemon=True).start()
