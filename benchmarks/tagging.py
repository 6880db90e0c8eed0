"""Part-of-speech tags (English EWT) and names (WNUT-17) by a small BiLSTM, with and without a CRF, on one core.

Reads the folder that MT2ST_DATA names. Each run is trained on the training part and scored once, at the end, on the
development part; nothing is chosen by that score.

    python benchmarks/tagging.py [--seeds 3]
"""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
import torch

from mt2st.embeddings import new_table
from mt2st.evaluation import evaluate_spans, find_scheme, mean_interval
from mt2st.models.pytorch.encoders import make_encoder
from mt2st.models.pytorch.shared import TorchShared
from mt2st.tasks import Sampler
from mt2st.tasks.pytorch.encoder_tagging import EncoderTagging
from mt2st.text import Features
from mt2st.text.tagged import TaggedSentence, read_tagged
from mt2st.training.further.tagging import Tagging, encode_tagged

VECTOR_SIZE, HIDDEN_SIZE, DROPOUT, BATCH = 64, 64, 0.3, 32
RATE, TABLE_RATE = 2e-3, 5e-3  # as in mt2st train


@dataclass(frozen=True)
class DataSet:
    """Where the sentences are, how often they are seen, and how tags stand for spans."""

    training: str
    development: str
    passes: int
    scheme: str | None = None


SETS = {
    "EWT": DataSet("ud_english_ewt/train.conllu.xz", "ud_english_ewt/dev.conllu.xz", passes=5),
    "WNUT-17": DataSet("wnut17/train.conll.xz", "wnut17/dev.conll.xz", passes=15, scheme="bio"),
}


def train(data: DataSet, folder: Path, seed: int, *, crf: bool) -> tuple[list[TaggedSentence], list[list[str]], float]:
    """Train on the training part; return the development sentences, their predicted tags and seconds of training."""
    scheme = None if data.scheme is None else find_scheme(data.scheme)
    tagging = Tagging(read_tagged(folder / data.training), scheme)
    features = Features.build(tagging.token_lists(), min_count=2, pairs=False)
    rows = tagging.encode(features)
    encoder = make_encoder(
        "bilstm", new_table(len(features), VECTOR_SIZE, seed), {"hidden_size": HIDDEN_SIZE}, DROPOUT, seed
    )
    shared = TorchShared(encoder, RATE, TABLE_RATE)
    steps = data.passes * len(rows) // BATCH
    task = EncoderTagging("tags", shared, rows, Sampler(len(rows), data.passes, steps, seed, "tags"), seed, crf=crf)
    start = perf_counter()
    for step in range(steps):
        shared.begin_step(1000 * seed + step)
        task.learn(task.sampler.draw(), 1.0, 1.0)
        shared.finish_step(1 - step / steps)
    seconds = perf_counter() - start
    unseen = read_tagged(folder / data.development)
    return unseen, task.tag(encode_tagged(unseen, features, rows.classes, scheme)), seconds


def measures(sentences: list[TaggedSentence], predicted: list[list[str]], scheme: str | None) -> dict[str, float]:
    """Return accuracy and, of spans, F1 and the share of sentences that break the scheme."""
    pairs = [pair for s, tags in zip(sentences, predicted, strict=True) for pair in zip(s.tags, tags, strict=True)]
    found = {"accuracy": float(np.mean([one == other for one, other in pairs]))}
    if scheme is not None:
        gold = [[str(tag) for tag in sentence.tags] for sentence in sentences]
        found["span F1"] = evaluate_spans(gold, predicted).micro.f1
        found["span F1, strict"] = evaluate_spans(gold, predicted, scheme).micro.f1
        found["broken"] = float(np.mean([find_scheme(scheme).first_fault(tags) is not None for tags in predicted]))
    return found


def main() -> None:
    """Print a line for each data set and head."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--sets", nargs="*", default=list(SETS))
    options = parser.parse_args()
    torch.set_num_threads(1)
    for name in options.sets:
        for crf in (False, True):
            rows = []
            for seed in range(1, options.seeds + 1):
                sentences, predicted, seconds = train(SETS[name], Path(os.environ["MT2ST_DATA"]), seed, crf=crf)
                rows.append({**measures(sentences, predicted, SETS[name].scheme), "seconds": seconds})
                print(f"{name} crf={crf} seed {seed}: {rows[-1]}", flush=True)
            for key in rows[0]:
                interval = mean_interval([row[key] for row in rows])
                print(f"{name} crf={crf} {key}: {interval:.4f}", flush=True)


if __name__ == "__main__":
    main()
