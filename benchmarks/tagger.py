"""`mt2st.TokenTagger` on parts of speech (English EWT) and names (WNUT-17): scores and speed on one core.

Reads the folder that MT2ST_DATA names. Word vectors are learned on 8.0M words of Wikipedia and the training sentences.
Settings were chosen on a part of the training sentences (`--inner`); the development part only scores each run, once.

    python benchmarks/tagger.py [--seeds 5] [--encoder window] [--rows ewt-500 ewt wnut] [--inner]
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from time import perf_counter, process_time
from typing import NamedTuple

import numpy as np

import mt2st
from mt2st.evaluation import mean_interval
from mt2st.text.tagged import TaggedSentence, read_tagged

DATA = Path(os.environ["MT2ST_DATA"])
WIKI = DATA / "wiki/sentences.txt.xz"
# Sentences that stand together, of which each eighth is held out with --inner.
BLOCK = {"ewt": 50, "wnut": 20}


class Row(NamedTuple):
    """A row of the table: files, sentences to draw from training (None: all), and whether unlabelled text is given."""

    files: str
    sentences: int | None
    text: bool


FILES = {
    "ewt": ("ud_english_ewt/train.conllu.xz", "ud_english_ewt/dev.conllu.xz"),
    "wnut": ("wnut17/train.conll.xz", "wnut17/dev.conll.xz"),
}
ROWS = {
    "ewt-500-alone": Row("ewt", 500, text=False),
    "ewt-500": Row("ewt", 500, text=True),
    "ewt-alone": Row("ewt", None, text=False),
    "ewt": Row("ewt", None, text=True),
    "wnut-alone": Row("wnut", None, text=False),
    "wnut": Row("wnut", None, text=True),
}


def split(files: str, *, inner: bool) -> tuple[list[TaggedSentence], list[TaggedSentence]]:
    """Return the sentences to train on and to judge by: the development part, or with ``inner`` blocks of training."""
    training = read_tagged(DATA / FILES[files][0])
    if not inner:
        return training, read_tagged(DATA / FILES[files][1])
    held = [place // BLOCK[files] % 8 == 7 for place in range(len(training))]
    kept = [sentence for sentence, out in zip(training, held, strict=True) if not out]
    return kept, [sentence for sentence, out in zip(training, held, strict=True) if out]


def run(row: Row, seed: int, encoder: str, *, inner: bool) -> dict[str, float]:
    """Train and judge once."""
    training, judged = split(row.files, inner=inner)
    if row.sentences is not None:
        training = [training[k] for k in np.random.default_rng(seed).choice(len(training), row.sentences, False)]
    tagger = mt2st.TokenTagger(seed=seed, encoder=encoder)
    start = perf_counter()
    tagger.fit(training, unlabelled=WIKI if row.text else None)
    seconds = perf_counter() - start
    tokens = [sentence.tokens for sentence in judged]
    start, busy = perf_counter(), process_time()
    tagger.predict(tokens)
    words, busy, start = sum(map(len, tokens)), process_time() - busy, perf_counter() - start
    return {
        **tagger.evaluate(judged).scores(),
        "seconds": seconds,
        "of it tags": tagger.work_["primary"]["seconds"],
        "words a second": words / start,
        "words a second of processor": words / busy,
    }


def main() -> None:
    """Print a line for each run, then the means with 95% intervals."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--encoder", default="window")
    parser.add_argument("--rows", nargs="*", default=list(ROWS), choices=list(ROWS))
    parser.add_argument("--inner", action="store_true")
    options = parser.parse_args()
    for name in options.rows:
        found = []
        for seed in range(1, options.seeds + 1):
            found.append(run(ROWS[name], seed, options.encoder, inner=options.inner))
            print(name, seed, {key: round(value, 4) for key, value in found[-1].items()}, flush=True)
        for key in found[0] if len(found) > 1 else ():
            print(f"{name} {key}: {mean_interval([each[key] for each in found]):.4f}", flush=True)


if __name__ == "__main__":
    main()
