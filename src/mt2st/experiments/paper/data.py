"""The data of the experiment: reviews, initial vectors, and word lists, prepared once in a folder."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mt2st.errors import DataError
from mt2st.experiments.paper.sizes import Sizes
from mt2st.text import tokenize
from mt2st.text.files import read_lines

if TYPE_CHECKING:
    from mt2st.embeddings import WordVectors

LABELLED, UNLABELLED = "imdb/train.tsv.xz", "imdb/unlabelled.txt.xz"
DICTIONARY, GERMAN = "alignment/en-de.train.tsv", "alignment/multi30k.train.de.xz"
PAIRS = ("wordsim/EN-WS-353-ALL.txt", "wordsim/EN-SIMLEX-999.txt", "wordsim/EN-MEN-TR-3k.txt")
GERMAN_MIN_COUNT = 2


def check_data(source: Path) -> None:
    """Raise `DataError` if a folder lacks a file.

    Raises
    ------
    DataError
        With the names of the missing files.
    """
    missing = [name for name in (LABELLED, UNLABELLED, DICTIONARY, GERMAN, *PAIRS) if not (source / name).exists()]
    if missing:
        raise DataError(
            f"missing: {', '.join(missing)}; give the folder that has them with --data, or in MT2ST_DATA", path=source
        )


class PaperData:
    """The prepared files.

    Parameters
    ----------
    source
        The folder of the real data.
    folder
        The folder of prepared files.
    sizes
        Sizes of the data.
    """

    def __init__(self, source: Path, folder: Path, sizes: Sizes) -> None:
        self.source, self.folder, self.sizes = source, folder, sizes
        self.reviews, self.text = folder / "reviews.tsv", folder / "text.txt"

    def vectors(self, embedding: str) -> Path:
        """Return the file of an embedding's initial vectors."""
        return self.folder / f"{embedding}.safetensors"

    def german(self, embedding: str) -> Path:
        """Return the file of the German vectors that the dictionary aligns with."""
        return self.folder / f"{embedding}.de.safetensors"

    def pairs(self) -> list[str]:
        """Return the files of word similarity."""
        return [str(self.source / name) for name in PAIRS]

    def prepare(self, embeddings: Iterable[str], on_step: Callable[[str], None]) -> None:
        """Write missing files; ``on_step`` is called with the name of each step."""
        self.folder.mkdir(parents=True, exist_ok=True)
        sizes = self.sizes
        if not self.text.exists():
            on_step("drawing reviews")
            rows = [line.text for line in read_lines(str(self.source / LABELLED))]
            chosen = random.Random(0).sample(rows, sizes.pool + sizes.development + sizes.test)
            _write(self.reviews, chosen)
            _write(self.text, _lines(self.source / UNLABELLED, sizes.language_reviews))
        for embedding in embeddings:
            if not self.vectors(embedding).exists():
                on_step(f"vectors: {embedding}")
                found = self._train(embedding, _lines(self.source / UNLABELLED, sizes.unlabelled), sizes.min_count)
                _save(found, self.vectors(embedding))
            if not self.german(embedding).exists():
                found = self._train(embedding, _lines(self.source / GERMAN, sizes.unlabelled), GERMAN_MIN_COUNT)
                _save(found, self.german(embedding))

    def _train(self, embedding: str, lines: Iterable[str], min_count: int) -> WordVectors:
        from mt2st.training.vectors import train_vectors

        method, _, subwords = embedding.partition("+")
        options: dict[str, Any] = {"method": method, "subwords": bool(subwords)}
        size, epochs = self.sizes.vector_size, self.sizes.vector_epochs
        text = [tokenize(line) for line in lines]
        return train_vectors(text, vector_size=size, epochs=epochs, min_count=min_count, seed=1, **options)


def _lines(path: Path, count: int) -> Iterable[str]:
    return (line.text for line in islice(read_lines(str(path)), count))


def _write(path: Path, lines: Iterable[str]) -> None:
    partial = path.with_suffix(".part")
    partial.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    partial.replace(path)


def _save(vectors: WordVectors, path: Path) -> None:
    partial = path.with_name(f"part.{path.name}")
    vectors.save(partial)
    partial.replace(path)
