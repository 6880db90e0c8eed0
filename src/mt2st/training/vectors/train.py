"""``mt2st.train_vectors``."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from mt2st.training.stopping import StopRequest
from mt2st.training.vectors.conduct import Conduct
from mt2st.training.vectors.folder import work_folder
from mt2st.training.vectors.run import run_vectors
from mt2st.training.vectors.settings import VectorSettings, of_start

if TYPE_CHECKING:
    from mt2st.embeddings import WordVectors
    from mt2st.training.vectors.early import Development
    from mt2st.training.vectors.progress import OnProgress
    from mt2st.training.vectors.text import Text


def train_vectors(
    corpus: Text,
    *,
    method: Literal["skipgram", "cbow", "glove"] | None = None,
    subwords: bool = False,
    vector_size: int | None = None,
    window: int | None = None,
    min_count: int = 5,
    negative: int = 5,
    sample: float = 1e-3,
    epochs: int = 5,
    alpha: float | None = None,
    min_alpha: float | None = None,
    seed: int = 1,
    workers: int = 1,
    min_n: int | None = None,
    max_n: int | None = None,
    bucket: int | None = None,
    max_vocabulary: int | None = None,
    lower: bool = False,
    x_max: float = 100.0,
    start: WordVectors | None = None,
    update_vocabulary: bool = False,
    folder: str | Path | None = None,
    checkpoint_every: float = 60.0,
    resume: bool = True,
    development: Development | None = None,
    patience: int = 3,
    every: float = 1.0,
    on_progress: OnProgress | None = None,
    **unknown: Any,
) -> WordVectors:
    """Train word vectors on text of any size.

    Parameters
    ----------
    corpus
        Files (a path, a pattern, a list of those; a line is a sentence, white space is between words), an iterable of
        token lists, or what `mt2st.text.encode_corpus` made of either, or its folder. An encoded corpus is taken as it
        is: ``min_count``, ``max_vocabulary`` and ``lower`` were decided when it was encoded; others are refused.
    method
        "skipgram" or "cbow", both with negative sampling, or "glove"; None for skipgram, or that of ``start`` where it
        is known: .safetensors and fastText's .bin keep it.
    subwords
        Make vectors of a word's own row and those of its character n-grams, as fastText does; unseen words then have
        vectors too. Not for GloVe.
    vector_size
        Dimensions; None for 100, or those of ``start``.
    window
        Words to either side; None for 5, GloVe 10.
    min_count
        Rarer words are left out.
    negative, sample
        Negatives a word, and the share of all words above which a word is sampled down. Not used by GloVe.
    epochs
        Passes over the text. GloVe is better with 15 and more, which its passes are short enough for.
    alpha, min_alpha
        The learning rate falls in a line from one to the other over all epochs, by words done. None for 0.025 and
        0.0001. GloVe: 0.05, and it does not fall unless ``min_alpha`` is given, as AdaGrad's steps get shorter by
        themselves.
    seed, workers
        With one worker, a seed gives the same vectors bit for bit, interrupted or not. With more, threads change the
        same rows without locks (Hogwild), and no two runs are alike: see Notes.
    min_n, max_n, bucket
        Lengths of the n-grams in characters and the number of buckets they are hashed into; None for 3, 6 and
        2,000,000, or those of ``start``.
    max_vocabulary
        Bounds the words held while counting; None for no bound.
    lower
        Put words into lower case.
    x_max
        GloVe: a pair of words counts in full from so many co-occurrences on.
    start
        Go on from these vectors with new text. Words that they do not have are left out of it.
    update_vocabulary
        Words of the new text that ``start`` does not have get rows too, ``min_count`` applied to them; counts add up.
    folder
        Where encoded text, checkpoints and ``metrics.jsonl`` are kept; the text is not encoded again the next time. It
        should be for this alone: one that holds others' files of these names is refused. None for a temporary folder.
    checkpoint_every
        Seconds between checkpoints.
    resume
        Go on with an unfinished run in ``folder``. False begins anew.
    development
        A function of `WordVectors` whose result should be large, or a file of scored word pairs (Spearman's rho).
        Training ends when it has not risen for ``patience`` scores, and the vectors of the best score are returned.
        An unfinished run is gone on with by the same file, or by a function where it had one.
    patience, every
        How many scores in a row may be no better, and the share of an epoch from one score to the next.
    on_progress
        Called with a `Progress` some times a second.

    Returns
    -------
    Words, vectors, counts and output rows (GloVe: context vectors; its vectors are the sums of both), so that training
    can go on from them. Words are in the order of their counts, largest first; after those of ``start``, which keep
    their places, come the new ones in the order of theirs.

    Raises
    ------
    ConfigError
        Where a setting is unknown or out of its bounds, or ``folder`` holds an unfinished run of other settings or
        text, or is another run's meanwhile.
    DataError
        Where the text cannot be read, or no word is frequent enough.
    CheckpointError
        Where encoded text, or every checkpoint of the run to go on with, is damaged.
    NonFiniteLossError
        Where the loss of a whole quantum of text is not finite; ``alpha`` is too large.
    KeyboardInterrupt
        On SIGINT, after the words at hand are done and a checkpoint is written. SIGTERM is raised again likewise.

    Notes
    -----
    Losses are means over pairs (GloVe: records), summed in float64; losses of one method, ``negative`` and vocabulary
    can be compared between runs. Memory is that of the tables and a constant: text is read from disk.

    Spread of Hogwild, two threads and one seed, as the standard deviation of 5 runs of skip-gram on 1.9M words of
    Wikipedia (defaults; in brackets that of 5 seeds of one worker): analogies 0.11 (0.13) points, WordSim-353 0.15
    (0.73), SimLex-999 0.12 (0.59). Means do not differ from those of one worker with the same seed.

    T. Mikolov et al., "Distributed representations of words and phrases and their compositionality", 2013;
    P. Bojanowski et al., "Enriching word vectors with subword information", 2017; J. Pennington, R. Socher and
    C. D. Manning, "GloVe: Global vectors for word representation", 2014; B. Recht et al., "Hogwild!", 2011.

    Examples
    --------
    >>> from itertools import permutations
    >>> text = [words for topic in (["cat", "dog", "hen"], ["car", "bus", "van"]) for words in permutations(topic)]
    >>> vectors = train_vectors(text * 100, vector_size=16, window=2, sample=0)
    >>> sorted(word for word, _ in vectors.most_similar("cat", topn=2))
    ['dog', 'hen']
    """
    given = {"method": method, "vector_size": vector_size, "min_n": min_n, "max_n": max_n, "bucket": bucket}
    settings = VectorSettings.of(
        subwords=subwords,
        window=window,
        min_count=min_count,
        negative=negative,
        sample=sample,
        epochs=epochs,
        alpha=alpha,
        min_alpha=min_alpha,
        seed=seed,
        max_vocabulary=max_vocabulary,
        lower=lower,
        x_max=x_max,
        **{**of_start(start), **{name: value for name, value in given.items() if value is not None}},
        **unknown,
    )
    conduct = Conduct(
        start=start,
        update_vocabulary=update_vocabulary,
        workers=workers,
        checkpoint_every=checkpoint_every,
        resume=resume,
        development=development,
        patience=patience,
        every=every,
        on_progress=on_progress,
    )
    stop = StopRequest()
    with work_folder(folder) as place:
        vectors = run_vectors(corpus, settings, place, conduct, stop).vectors
        if vectors is not None:
            place.forget()
            return vectors
    signal.raise_signal(stop.signal or signal.SIGINT)
    raise KeyboardInterrupt
