"""The text of a run: encoded, or opened if already encoded, with ids renumbered to the vectors' rows."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import CheckpointError, ConfigError, DataError, counted
from mt2st.text.encoding.corpus import SEAL, EncodedCorpus, mapped
from mt2st.text.encoding.disk import read_json
from mt2st.text.ragged import Ragged
from mt2st.training.vectors.folder import WorkFolder
from mt2st.training.vectors.progress import Reporter
from mt2st.training.vectors.settings import VectorSettings

if TYPE_CHECKING:
    from mt2st.training.vectors.conduct import Conduct

    Text: TypeAlias = EncodedCorpus | str | Path | Iterable[str | Path] | Iterable[Iterable[str]]


def is_encoded(source: Text) -> bool:
    """Return whether a text is an encoded corpus, or the folder of one."""
    if isinstance(source, str | Path):
        return (Path(source) / SEAL).is_file()
    return isinstance(source, EncodedCorpus)


def find_text(
    source: Text, place: WorkFolder, settings: VectorSettings, conduct: Conduct, reporter: Reporter
) -> EncodedCorpus:
    """Return an encoded corpus as it is, open one from its folder, or encode the text now."""
    if is_encoded(source):
        corpus = source if isinstance(source, EncodedCorpus) else EncodedCorpus.open(cast("str | Path", source))
        check_encoded(corpus, settings, going_on=conduct.start is not None)
        return corpus
    # Words that earlier vectors have are kept, however rare they are in the new text.
    bounds: dict[str, Any] = {"min_count": settings.min_count if conduct.start is None else 1}
    bounds |= {"max_vocabulary": settings.max_vocabulary, "lower": settings.lower}
    return _encode(cast("Iterable[Iterable[str]]", source), place, bounds, conduct, reporter)


def check_encoded(corpus: EncodedCorpus, settings: VectorSettings, *, going_on: bool) -> None:
    """Refuse settings that contradict how a corpus was encoded, unless they are defaults."""
    words, rarest, usual = corpus.vocabulary.words, int(corpus.vocabulary.counts.min()), VectorSettings().min_count
    found = {
        "min_count": not going_on and settings.min_count > rarest and settings.min_count != usual,
        "max_vocabulary": len(words) > (settings.max_vocabulary or len(words)),
        "lower": settings.lower and any(word != word.lower() for word in words),
    }
    for name, differs in found.items():
        if differs:
            raise ConfigError(
                f"{corpus.folder} was encoded without {name}={getattr(settings, name)}, and is taken as it is: encode "
                f"the text again with it, or give {name}={getattr(VectorSettings(), name)}"
            )


def _encode(
    text: Iterable[Iterable[str]], place: WorkFolder, bounds: dict[str, Any], conduct: Conduct, reporter: Reporter
) -> EncodedCorpus:
    from mt2st.text.encoding.encode import encode_corpus, holds

    # Do not overwrite the text of an unfinished run that can be resumed: put another text beside it.
    beside = conduct.resume and place.unfinished and not holds(place.corpus, text, **bounds)
    reporter.begin("encoding", "bytes", None)
    corpus = encode_corpus(
        text,
        place.other if beside else place.corpus,
        **bounds,
        workers=conduct.workers,
        on_progress=lambda done, total: reporter.tell(done, total),
    )
    reporter.end()
    return corpus


def identity(corpus: EncodedCorpus) -> str:
    """Return a hash of all words and sentences, which tells two texts apart; also check all ids.

    Takes three milliseconds per million words, where an epoch takes hundreds.

    Raises
    ------
    CheckpointError
        If an id belongs to no word, as kernels would then read and write outside their tables.
    """
    digest = sha256("\n".join(corpus.vocabulary.words).encode("utf-8", "surrogatepass"))
    digest.update(corpus.vocabulary.counts.tobytes() + str(corpus.words).encode())
    for shard in corpus.shards:
        _check_ids(shard, corpus)
        digest.update(shard.ids.data)
        digest.update(shard.offsets.data)
    return digest.hexdigest()


def _check_ids(shard: Ragged, corpus: EncodedCorpus) -> None:
    least, most = int(shard.ids.min(initial=0)), int(shard.ids.max(initial=0))
    if least < 0 or most >= len(corpus.vocabulary):
        raise CheckpointError(
            f"{corpus.folder}: the corpus is damaged (ids are from 0 to {len(corpus.vocabulary) - 1}, "
            f"{least if least < 0 else most} found): encode it again"
        )


def described(corpus: EncodedCorpus) -> str:
    """Return a description of a text for messages: its files and number of words."""
    mark = read_json(corpus.folder / SEAL).get("mark")
    names = [Path(file).name for file, *_ in mark[2]] if isinstance(mark, list) else ["token lists"]
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"{names[0]}{more}, {counted(corpus.words, 'word')}"


def renumber(corpus: EncodedCorpus, rows: NDArray[np.int32], folder: Path) -> list[Ragged]:
    """Write the corpus with ``rows[id]`` in place of each id, without those of -1; return its shards, memory-mapped.

    Sentences that become empty are left out. One shard at a time is held in memory.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sizes = []
    with (folder / "ids.int32").open("wb") as ids, (folder / "offsets.int64").open("wb") as offsets:
        for shard in corpus.shards:
            new_ids, new_offsets = _renumbered(shard, rows)
            new_ids.tofile(ids)
            new_offsets.tofile(offsets)
            sizes.append((len(new_ids), len(new_offsets)))
    total_ids, total_offsets = (sum(column) for column in zip(*sizes, strict=True)) if sizes else (0, 0)
    if not total_ids:
        raise DataError("no word of the text is known to the vectors: pass update_vocabulary=True, or other text")
    all_ids = mapped(folder / "ids.int32", np.int32, total_ids)
    all_offsets = mapped(folder / "offsets.int64", np.int64, total_offsets)
    return list(_shards(all_ids, all_offsets, sizes))


def _renumbered(shard: Ragged, rows: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    new = rows[shard.ids]
    kept = new >= 0
    before = np.zeros(len(new) + 1, np.int64)
    np.cumsum(kept, out=before[1:])
    # Equal offsets are empty sentences.
    return new[kept], np.unique(np.append(before[shard.offsets], 0))


def _shards(ids: NDArray[np.int32], offsets: NDArray[np.int64], sizes: list[tuple[int, int]]) -> Iterable[Ragged]:
    id_at = offset_at = 0
    for id_count, offset_count in sizes:
        yield Ragged(ids[id_at : id_at + id_count], offsets[offset_at : offset_at + offset_count])
        id_at, offset_at = id_at + id_count, offset_at + offset_count
