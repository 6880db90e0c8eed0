"""Joining the processes that a launcher has started, and reporting an error once instead of once per process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from mt2st.errors import MissingExtraError, Mt2stError, OtherRankError
from mt2st.training.ranks.ranks import ALONE, Ranks

if TYPE_CHECKING:
    from torch.distributed import Store  # type: ignore[attr-defined]

# Environment variables that torchrun, and launchers like it, set for each process.
NAMES = ("RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT")


@contextmanager
def joined() -> Iterator[Ranks]:
    """Join the other processes for a ``with`` block, if a launcher has started several.

    The first process with an `Mt2stError` in the block raises it, naming its rank; the others raise `OtherRankError`.

    Raises
    ------
    MissingExtraError
        If there are several and torch is missing.
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
    """Form the process group and return the store through which its processes found each other."""
    from torch import distributed
    from torch.distributed.rendezvous import rendezvous

    store, rank, count = next(iter(rendezvous("env://")))
    # torchrun keeps its store when it restarts processes: without a prefix they would look for the dead ones.
    life = os.environ.get("TORCHELASTIC_RESTART_COUNT", "0")
    own: Store = distributed.PrefixStore(f"mt2st/{life}", store)  # type: ignore[attr-defined]
    distributed.init_process_group("gloo", store=own, rank=rank, world_size=count)
    return own


def _first_to_speak(store: Store) -> bool:
    with suppress(RuntimeError):
        return store.add("errors", 1) == 1
    # The store has ended with rank 0, which kept it, and which has reported its own error.
    return os.environ["RANK"] == "0"
