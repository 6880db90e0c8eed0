"""Communication within the process group of torch.distributed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import distributed

from mt2st.errors import OtherRankError

Kind = TypeVar("Kind", bound=np.generic)


def several() -> bool:
    """Return whether this process trains together with others."""
    return distributed.is_available() and distributed.is_initialized() and distributed.get_world_size() > 1


def device() -> torch.device:
    """Return the device on which the group's backend needs its tensors."""
    if distributed.get_backend() == distributed.Backend.NCCL:
        return torch.device("cuda", torch.cuda.current_device())
    return torch.device("cpu")


def means(values: Sequence[float]) -> list[float]:
    """Return the mean of each value over all ranks."""
    total = torch.tensor(values, dtype=torch.float64, device=device())
    distributed.all_reduce(total)
    return [value / distributed.get_world_size() for value in total.tolist()]


@contextmanager
def talking() -> Iterator[None]:
    """Turn the various errors of a broken connection into one that says what they mean.

    Raises
    ------
    OtherRankError
        If another process has ended.
    """
    try:
        yield
    except RuntimeError as error:
        raise OtherRankError("another process of this run has ended; its message, or torchrun's, says why") from error


def add_up(values: NDArray[Kind]) -> NDArray[Kind]:
    """Return the sum of all ranks' values, bit-equal on each."""
    kept = torch.from_numpy(np.array(values, order="C"))
    with talking():
        distributed.all_reduce(kept)
    found: NDArray[Kind] = kept.numpy()
    return found


def gather(values: NDArray[Any]) -> NDArray[Any]:
    """Return all ranks' values, (ranks, *shape); their shapes must be equal."""
    own = torch.from_numpy(np.ascontiguousarray(values))
    found = torch.empty((distributed.get_world_size(), *own.shape), dtype=own.dtype)
    with talking():
        distributed.all_gather(list(found.unbind()), own)
    return found.numpy()


def spread_bytes(data: bytes) -> bytes:
    """Return the bytes of rank 0; those of other ranks are ignored."""
    size = np.array([len(data)], np.int64)
    spread_array(size)
    kept = np.frombuffer(data, np.uint8).copy() if distributed.get_rank() == 0 else np.empty(int(size[0]), np.uint8)
    spread_array(kept)
    return kept.tobytes()


def spread_array(array: NDArray[Any]) -> None:
    """Copy the values of rank 0 into an array of the same shape on every other rank."""
    kept = torch.from_numpy(np.array(array, order="C"))
    with talking():
        distributed.broadcast(kept, 0)
    array[...] = kept.numpy()
