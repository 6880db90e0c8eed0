"""Worker processes end when the process that started them ends for any reason."""

from __future__ import annotations

import os
from multiprocessing import parent_process
from threading import Thread


def end_with_parent() -> None:
    """Make this worker process end as soon as its parent has; outside a worker do nothing.

    Workers wait for work on a pipe that they hold open themselves, so that it does not close when the parent is killed.
    """
    if (parent := parent_process()) is None:
        return

    def wait() -> None:
        parent.join()
        os._exit(1)  # without clean-up, which could wait for the parent

    Thread(target=wait, name="end with parent", daemon=True).start()
