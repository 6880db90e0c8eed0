"""``mt2st.train_vectors``."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from mt2st.training.stopping import StopRequest
from mt2st.training.vectors.conduct import Conduct
from mt2st.training.vectors.folder import work_folder
from mt2st.training.vectors.run import run_vectors
from mt2st.training.vectors.settings import VectorSettings

if TYPE_CHECKING:
    from mt2st.embeddings import WordVectors
    from mt2st.training.vectors.early import Development
    from mt2st.training.vectors.progress import OnProgress
    from mt2st.training.vectors.text import Text


def train_vectors(
    corpus: Text,
    *,
    method: Literal["skipgram", "cbow", "glove"] | None = None,
    subwords: bool | None = None,
    vector_size: int | None = None,
    window: int | None = None,
    min_count: int = 5,
    negative: int | None = None,
    sample: float | None = None,
    epochs: int = 5,
    alpha: float | None = None,
    min_alpha: float | None = None,
    seed: int = 1,
    workers: int = 1,
    min_n: int | None = None,
    max_n: int | None = None,
    bucket: int | None = None,
    max_vocabulary: int | None = None,
    lower: bool | None = None,
    x_max: float | None = None,
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
        Files (a path, a pattern, or a list of those) with one sentence per line and words separated by white space; an
        iterable of token lists; or what `mt2st.text.encode_corpus` made of either, or its folder. An encoded corpus is
        used as it is: its ``min_count``, ``max_vocabulary`` and ``lower`` are fixed, and other values are refused.
    method
        "skipgram" or "cbow", both with negative sampling, or "glove"; None for skipgram.
    subwords
        Compose each vector of the word's own row and those of its character n-grams, as fastText does, so that unseen
        words have vectors too. Not for GloVe.
    vector_size
        Dimensions; None for 100.
    window
        Context words on either side; None for 5, GloVe 10.
    min_count
        Ignore words that occur less often.
    negative, sample
        Negative samples per word, and the share of the text above which a word is downsampled; None for 5 and 0.001.
        Not used by GloVe.
    epochs
        Passes over the text. GloVe is better with 15 and more; its passes are short.
    alpha, min_alpha
        The initial and the final learning rate; it falls linearly with the words processed. None for 0.025 and 0.0001;
        for GloVe 0.05, which does not fall unless ``min_alpha`` is given, as AdaGrad's steps get shorter by themselves.
    seed, workers
        With one worker, a seed gives the same vectors bit for bit, interrupted or not. With more, threads update the
        same rows without locks (Hogwild), and runs differ: see Notes.
    min_n, max_n, bucket
        Lengths of the n-grams in characters and the number of buckets they are hashed into; None for 3, 6 and
        2,000,000. Only for subwords.
    max_vocabulary
        Maximum number of words held while counting; None for no limit.
    lower
        Convert words to lower case.
    x_max
        GloVe: number of co-occurrences from which a pair of words has full weight; None for 100.
    start
        Continue training from these vectors on new text, whose words that they lack are ignored. Their size, subwords
        and, if their file keeps it (.safetensors and fastText's .bin), method stand for what is None above; with the
        same method window, negative, sample and x_max too, and lower with any.
    update_vocabulary
        Add the words of the new text that ``start`` lacks, if they occur ``min_count`` times; counts add up.
    folder
        Folder for the encoded text, which is reused the next time, checkpoints and ``metrics.jsonl``. Use it for this
        alone: a folder with other files of these names is refused. None for a temporary folder.
    checkpoint_every
        Seconds between checkpoints.
    resume
        Resume an unfinished run in ``folder``. False starts a new one.
    development
        A function of `WordVectors` to maximise, or a file of scored word pairs (Spearman's rho). Training ends when the
        score has not risen ``patience`` times, and the vectors with the best score are returned. To resume a run, give
        the same file, or a function if it had one.
    patience, every
        Number of scores in a row that may be no better, and the share of an epoch between scores.
    on_progress
        Called with a `Progress` several times per second.

    Returns
    -------
    Words, vectors, counts and output rows (GloVe: context vectors; its vectors are the sums of both), from which
    training can continue. Words are sorted by count, largest first; those of ``start`` keep their places, and the new
    ones follow, sorted by count.

    Raises
    ------
    ConfigError
        If a setting is unknown or out of bounds, or ``folder`` has an unfinished run of other settings or text, or is
        in use by another run.
    DataError
        If the text cannot be read, or no word is frequent enough.
    CheckpointError
        If the encoded text, or every checkpoint of the run to resume, is damaged.
    NonFiniteLossError
        If the loss of a whole quantum of text is not finite: ``alpha`` is too large.
    KeyboardInterrupt
        On SIGINT, after a checkpoint is written. On SIGTERM that signal is raised again, likewise.

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
    settings = VectorSettings.of(
        start,
        method=method,
        subwords=subwords,
        vector_size=vector_size,
        window=window,
        min_count=min_count,
        negative=negative,
        sample=sample,
        epochs=epochs,
        alpha=alpha,
        min_alpha=min_alpha,
        seed=seed,
        min_n=min_n,
        max_n=max_n,
        bucket=bucket,
        max_vocabulary=max_vocabulary,
        lower=lower,
        x_max=x_max,
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
