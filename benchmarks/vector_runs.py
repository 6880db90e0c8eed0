"""One measured run of a word-vector trainer, in a separate process.

    python benchmarks/vector_runs.py TOOL METHOD TEXT SEED THREADS

Prints a line of JSON: seconds for the vocabulary and for training, the words or records trained, and the quality.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
from pathlib import Path
from time import perf_counter

STARTED = perf_counter()
SETTINGS = {"vector_size": 100, "window": 5, "negative": 5, "min_count": 5, "sample": 1e-3}


def mt2st_run(method: str, text: str, seed: int, threads: int, out: Path) -> dict[str, float]:
    """Train with mt2st from the text to a saved file."""
    from mt2st.training.stopping import StopRequest
    from mt2st.training.vectors.folder import work_folder
    from mt2st.training.vectors.run import Conduct, run_vectors
    from mt2st.training.vectors.settings import VectorSettings

    name, _, subwords = method.partition("+")
    epochs = 3 if name == "glove" else 1
    changed = {"window": 10} if name == "glove" else {}
    settings = VectorSettings.of(
        method=name, subwords=bool(subwords), epochs=epochs, seed=seed, **{**SETTINGS, **changed}
    )
    with work_folder(None) as place:
        result = run_vectors(text, settings, place, Conduct(workers=threads), StopRequest())
    assert result.vectors is not None
    result.vectors.save(out.with_suffix(".safetensors"))
    # The whole of the job is done; what follows is read off it.
    whole = perf_counter() - STARTED
    result.vectors.save(out)
    found = {"whole": whole, "words": result.words, "train": result.seconds["training"], **result.seconds}
    if name == "glove":
        last = result.history[-1]
        found |= {"epochs": epochs, "records": last["terms"], "loss": last["loss"]}
    return found


def gensim_run(method: str, text: str, seed: int, threads: int, out: Path) -> dict[str, float]:
    """Train with gensim, its fast path from a file."""
    from gensim.models import FastText, Word2Vec

    name, _, subwords = method.partition("+")
    kind = FastText if subwords else Word2Vec
    model = kind(sg=int(name == "skipgram"), epochs=1, workers=threads, seed=seed, **SETTINGS)
    before = perf_counter()
    model.build_vocab(corpus_file=text)
    counted = perf_counter()
    model.train(corpus_file=text, total_examples=model.corpus_count, total_words=model.corpus_total_words, epochs=1)
    trained = perf_counter()
    model.wv.save_word2vec_format(str(out), binary=True)
    whole = perf_counter() - STARTED
    return {
        "whole": whole,
        "words": model.corpus_total_words,
        "vocabulary": counted - before,
        "train": trained - counted,
    }


def fasttext_run(method: str, text: str, _seed: int, threads: int, out: Path) -> dict[str, float]:
    """Train with the fasttext package, which takes no seed; its counting of words cannot be told from its training."""
    import fasttext
    import numpy as np

    from mt2st import WordVectors

    before = perf_counter()
    model = fasttext.train_unsupervised(
        text,
        model="skipgram" if method.startswith("skipgram") else "cbow",
        dim=100,
        ws=5,
        neg=5,
        minCount=5,
        t=1e-3,
        epoch=1,
        lr=0.025,
        minn=3,
        maxn=6,
        thread=threads,
        verbose=0,
    )
    trained = perf_counter()
    model.save_model(str(out.with_suffix(".fasttext")))
    whole = perf_counter() - STARTED
    words = [word for word in model.get_words() if word != "</s>"]
    WordVectors(words, np.stack([model.get_word_vector(word) for word in words])).save(out)
    return {"whole": whole, "words": 0, "train": trained - before}


def quality(path: Path) -> dict[str, float]:
    """Return analogy accuracy over the 30,000 first words, and Spearman's rho on two sets of pairs, in percent."""
    from mt2st.datasets import path_of
    from mt2st.embeddings import judge_analogies, judge_pairs
    from mt2st.embeddings.formats import load_vectors

    vectors = load_vectors(path)
    analogies = judge_analogies(vectors, path_of("analogies"), restrict_vocab=30_000).accuracy()
    pairs = {name: judge_pairs(vectors, path_of(name)).spearman[0] for name in ("wordsim353", "simlex999")}
    return {"analogies": 100 * analogies, **{name: 100 * value for name, value in pairs.items()}}


def main() -> None:
    """Do one run and print what it came to."""
    tool, method, text, seed, threads = sys.argv[1:6]
    run = {"mt2st": mt2st_run, "gensim": gensim_run, "fasttext": fasttext_run}[tool]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "vectors.bin")
        found = run(method, text, int(seed), int(threads), out)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        judged = {} if os.environ.get("NO_QUALITY") else quality(out)
    print(json.dumps({"tool": tool, "method": method, "seed": int(seed), **found, "peak": peak, **judged}))


if __name__ == "__main__":
    main()
