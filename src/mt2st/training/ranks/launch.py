"""Joining the processes that a launcher has started, and saying what goes wrong once instead of once a process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from mt2st.errors import MissingExtraError, Mt2stError, OtherRankError
from mt2st.training.ranks.ranks import ALONE, Ranks

if TYPE_CHECKING:
    from torch.distributed import Store  # type: ignore[attr-defined]

# What torchrun, and launchers like it, tell each process.
NAMES = ("RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT")


@contextmanager
def joined() -> Iterator[Ranks]:
    """Join the other processes, for the time of a ``with`` block, where a launcher has started several.

    An error of ours in the block is raised by the first process that has one, and its rank is named; the others raise
    `OtherRankError`.

    Raises
    ------
    MissingExtraError
        Where there are several and torch is missing.
    """
    if not all(os.environ.get(name) for name in NAMES) or int(os.environ["WORLD_SIZE"]) < 2:
        yield ALONE
        return
    try:
        from torch import distributed

        from mt2st.training.ranks.together import Together
    except ImportError as error:
        raise MissingExtraError("training by several processes", extra="torch") from error
    store = _join()
    try:
        yield Together()
    except OtherRankError:
        raise
    except Mt2stError as error:
        if not _first_to_speak(store):
            raise OtherRankError("another process of this run reported an error") from error
        error.args = (f"rank {os.environ['RANK']}: {error}", *error.args[1:])
        raise
    finally:
        if distributed.is_initialized():
            distributed.destroy_process_group()


def _join() -> Store:
    """Form the process group and return what its processes found each other by."""
    from torch import distributed
    from torch.distributed.rendezvous import rendezvous

    store, rank, count = next(iter(rendezvous("env://")))
    # torchrun keeps its store when it starts processes again: without a prefix they would look for dead ones.
    life = os.environ.get("TORCHELASTIC_RESTART_COUNT", "0")
    own: Store = distributed.PrefixStore(f"mt2st/{life}", store)  # type: ignore[attr-defined]
    distributed.init_process_group("gloo", store=own, rank=rank, world_size=count)
    return own


def _first_to_speak(store: Store) -> bool:
    with suppress(RuntimeError):
        return store.add("errors", 1) == 1
    # The store went with the process that kept it, rank 0; if that had an error, it has told of it.
    return os.environ["RANK"] == "0"
