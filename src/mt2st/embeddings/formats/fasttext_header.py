"""The settings and dictionary that precede the tables of a fastText ``.bin``."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings.formats.rows import warn_of_escaped
from mt2st.embeddings.kernels.vector_files import parse_entries
from mt2st.embeddings.utf8 import decode_words, split_utf8
from mt2st.errors import DataError

MAGIC, VERSION, OLD_VERSION = 793712314, 12, 11
SETTINGS = struct.Struct("<14id")  # magic, version, twelve settings and the sampling threshold
SIZES = struct.Struct("<3i2q")  # entries, words, labels, tokens, pruned buckets
METHODS, SUPERVISED, NEGATIVE_SAMPLING = {1: "cbow", 2: "skipgram"}, 3, 2
# Written if the settings of training are unknown.
UNKNOWN = {"method": "skipgram", "window": 5, "epochs": 5, "min_count": 1, "negative": 5, "sample": 1e-4}
LEAST_ENTRY = 10  # NUL, count, kind
NOT_PRUNED = -1


@dataclass(frozen=True)
class Settings:
    """The settings of the vectors, and those of their training, named as in `mt2st.train_vectors`."""

    size: int
    supervised: bool
    bucket: int
    min_n: int
    max_n: int
    training: dict[str, Any] | None


@dataclass(frozen=True)
class Dictionary:
    """Words with their counts, and the number of labels after them."""

    words: list[str]
    counts: NDArray[np.int64]
    labels: int


class Bytes:
    """The bytes of a file and a position in them; reading past the end is a `DataError`."""

    def __init__(self, data: NDArray[np.uint8], path: Path) -> None:
        self.data, self.path, self.at = data, path, 0

    def take(self, size: int, what: str) -> NDArray[np.uint8]:
        """Return a view of the next ``size`` bytes."""
        left = len(self.data) - self.at
        if size > left:
            raise self.fault(f"{what} need {size} bytes, {left} are left: the file is cut short, fetch it again")
        self.at += size
        return self.data[self.at - size : self.at]

    def finish(self) -> None:
        """Raise `DataError` if bytes are left."""
        if self.at < len(self.data):
            raise self.fault(
                f"{len(self.data) - self.at} more bytes follow: the file is damaged, write or fetch it again"
            )

    def unpack(self, form: struct.Struct, what: str) -> tuple[int, ...]:
        """Return the next numbers."""
        return form.unpack(self.take(form.size, what).tobytes())

    def fault(self, message: str) -> DataError:
        """Return an error that names this position."""
        return DataError(f"byte {self.at}: {message}", path=self.path)


def read_settings(data: Bytes) -> Settings:
    """Return the settings; a version other than 11 and 12 is a `DataError`."""
    magic, version, size, *rest = data.unpack(SETTINGS, "the settings")
    window, epochs, min_count, negative, _, loss, model, bucket, min_n, max_n, _, sample = rest
    if magic != MAGIC or version not in (OLD_VERSION, VERSION):
        raise data.fault(f"a fastText file of version 11 or 12 is expected, {version} found: is it another format?")
    if min(size, bucket + 1, min_n + 1, max_n + 1) < 1:
        raise data.fault(f"settings cannot be: dim {size}, bucket {bucket}, minn {min_n}, maxn {max_n}")
    if model == SUPERVISED and version == OLD_VERSION:
        max_n = 0  # such models had no n-grams, whatever the field holds
    training = None
    if model in METHODS and loss == NEGATIVE_SAMPLING:
        values = (METHODS[model], window, epochs, min_count, negative, sample)
        training = dict(zip(UNKNOWN, values, strict=True))
    return Settings(size, model == SUPERVISED, bucket, min_n, max_n, training)


def read_dictionary(data: Bytes) -> Dictionary:
    """Return words and counts; a pruned dictionary is a `DataError`."""
    entries, words, labels, _, pruned = data.unpack(SIZES, "the dictionary's sizes")
    if entries != words + labels or words < 1 or labels < 0:
        raise data.fault(f"{entries} entries cannot be {words} words and {labels} labels: the file is damaged")
    if pruned >= 0:
        raise data.fault(
            "the dictionary was pruned, so words have lost their n-grams: use the .bin made before quantize"
        )
    left = len(data.data) - data.at
    if entries * LEAST_ENTRY > left:
        raise data.fault(f"{entries} entries need {entries * LEAST_ENTRY} bytes at least, {left} are left: cut short")
    text, ends = np.empty(left, np.uint8), np.zeros(entries + 1, np.int64)
    counts, kinds = np.empty(entries, np.int64), np.empty(entries, np.uint8)
    end = parse_entries(data.data, data.at, text, ends[1:], counts, kinds)
    if end < 0:
        raise data.fault(f"{entries} entries are announced, the file ends within them: it is cut short")
    if kinds[:words].any() or not kinds[words:].all():
        raise data.fault("labels stand among the words: the file is damaged")
    found = _decode(data, text, ends[: words + 1])
    data.at = end
    return Dictionary(found, counts[:words], labels)


def _decode(data: Bytes, text: NDArray[np.uint8], ends: NDArray[np.int64]) -> list[str]:
    try:
        words = split_utf8(text[: ends[-1]], ends)
    except UnicodeDecodeError:
        words, escaped = decode_words([text[start:end].tobytes() for start, end in pairwise(ends.tolist())])
        warn_of_escaped(words, escaped, data.path)
    if len(set(words)) < len(words):
        raise data.fault("a word occurs twice in the dictionary: the file is damaged")
    return words


def settings_bytes(settings: Settings) -> bytes:
    """Return the settings as bytes; training by GloVe, which fastText lacks, is written as `UNKNOWN`."""
    known = settings.training or {}
    if known.get("method") not in METHODS.values():
        known = UNKNOWN
    method, window, epochs, min_count, negative, sample = (known.get(name, value) for name, value in UNKNOWN.items())
    model = next(number for number, name in METHODS.items() if name == method)
    word_ngrams, update_rate = 1, 100
    head = (MAGIC, VERSION, settings.size, window, epochs, min_count, negative, word_ngrams, NEGATIVE_SAMPLING)
    tail = (model, settings.bucket, settings.min_n, settings.max_n, update_rate, sample)
    try:
        return SETTINGS.pack(*head, *tail)
    except struct.error as error:
        raise DataError(f"fastText cannot keep these settings of training, {known} ({error}): correct them") from error


def dictionary_bytes(dictionary: Dictionary) -> bytes:
    """Return words and counts as bytes."""
    words, counts = dictionary.words, dictionary.counts
    entries = [
        word.encode() + b"\0" + struct.pack("<qb", count, 0) for word, count in zip(words, counts.tolist(), strict=True)
    ]
    return SIZES.pack(len(words), len(words), 0, int(counts.sum()), NOT_PRUNED) + b"".join(entries)
