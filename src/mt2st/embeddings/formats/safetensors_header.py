"""The header of a safetensors file: the arrays' offsets, and metadata.

A file is the header's length in 8 bytes, the header in JSON, and the arrays, concatenated, as little-endian numbers.
https://huggingface.co/docs/safetensors
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError

LENGTH = struct.Struct("<Q")
LONGEST_HEADER = 1 << 20
TYPES = {"F32": "<f4", "I64": "<i8", "I32": "<i4", "U8": "|u1"}
NAMES = {np.dtype(kind): name for name, kind in TYPES.items()}
ALIGNMENT = 64  # of the vectors in the file, so that their memory map is aligned to cache lines
ALIGNED = "vectors"
ABOUT = "__metadata__"


def header_bytes(arrays: Mapping[str, NDArray[Any]], about: Mapping[str, str]) -> bytes:
    """Return the header of arrays to be written in this order."""
    header: dict[str, Any] = {ABOUT: dict(about)}
    end = 0
    for name, array in arrays.items():
        start, end = end, end + array.nbytes
        header[name] = {"dtype": NAMES[array.dtype], "shape": array.shape, "data_offsets": [start, end]}
    text: bytes = json.dumps(header, separators=(",", ":")).encode()
    before = LENGTH.size + header.get(ALIGNED, {"data_offsets": [0]})["data_offsets"][0]
    text += b" " * (-(len(text) + before) % ALIGNMENT)
    return LENGTH.pack(len(text)) + text


class Header:
    """A parsed header; `array` checks that an array has the expected type and lies within the file.

    Parameters
    ----------
    data
        The bytes of the file.
    path
        For messages.
    """

    def __init__(self, data: NDArray[np.uint8], path: Path) -> None:
        self.data, self.path = data, path
        if len(data) < LENGTH.size:
            raise self.fault(f"byte 0: {LENGTH.size} bytes tell the header's length, {len(data)} found")
        length = LENGTH.unpack(data[: LENGTH.size].tobytes())[0]
        if length > min(len(data) - LENGTH.size, LONGEST_HEADER):
            raise self.fault(f"byte 0: a header of {length} bytes is announced, {len(data) - LENGTH.size} are left")
        self.start = LENGTH.size + length
        try:
            self.entries: dict[str, Any] = dict(json.loads(data[LENGTH.size : self.start].tobytes()))
        except (ValueError, TypeError, RecursionError) as error:
            raise self.fault(f"byte {LENGTH.size}: the header is no JSON object") from error
        about = self.entries.pop(ABOUT, {})
        self.about: dict[str, Any] = about if isinstance(about, dict) else {}

    def array(self, name: str, kind: str, dimensions: int) -> NDArray[Any]:
        """Return a view of an array in the file."""
        entry: Any = self.entries.get(name)
        try:
            shape, (start, end) = tuple(entry["shape"]), entry["data_offsets"]
            fits = entry["dtype"] == kind and len(shape) == dimensions and 0 <= start <= end
            fits = fits and all(isinstance(number, int) and number >= 0 for number in (*shape, start, end))
        except (TypeError, KeyError, ValueError) as error:
            raise self.fault(f"the header tells nothing of the array {name!r}") from error
        if not fits:
            raise self.fault(f"the array {name!r} must be {kind} of {dimensions} dimensions: {entry} found")
        left, needed = len(self.data) - self.start, np.dtype(TYPES[kind]).itemsize
        for number in shape:
            needed *= number
        if end - start != needed or end > left:
            raise self.fault(f"the array {name!r} of {needed} bytes lies at {start} to {end} of {left} bytes left")
        array: NDArray[Any] = self.data[self.start + start : self.start + end].view(TYPES[kind]).reshape(shape)
        return array

    def fault(self, message: str) -> DataError:
        """Return an error that names the file and what to do."""
        return DataError(f"{message}: the file is damaged or cut short, or no safetensors of ours", path=self.path)
