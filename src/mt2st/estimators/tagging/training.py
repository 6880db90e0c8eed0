"""Training a tagger on checked sentences: hold out a part, make the initial table, run the engine."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from mt2st.errors import ConfigError
from mt2st.estimators.inputs.strategy_choice import find_strategy, watches
from mt2st.estimators.tagging.inputs import Tagged
from mt2st.estimators.tagging.plan import Plan, TaggedSets
from mt2st.estimators.tagging.text import token_lists
from mt2st.estimators.tagging.vectors import FirstRows, first_rows, lowered
from mt2st.strategies import SingleTask
from mt2st.tasks.sampler import stream_key

if TYPE_CHECKING:
    from mt2st.estimators.tagging.plan import FinishedTagger
    from mt2st.estimators.token_tagger import TokenTagger


def train_tagger(
    tagger: TokenTagger, data: Tagged, others: Mapping[str, Tagged], unlabelled: Any, scheme: str | None
) -> tuple[FinishedTagger, dict[str, dict[str, Any]]]:
    """Return the finished model and each task's account; ``scheme`` is that of the spans, None without spans."""
    # Without auxiliaries no strategy is needed.
    strategy = find_strategy(tagger.strategy) if others else SingleTask()
    primary, watched = held_out(data, tagger.development if watches(strategy) else 0.0, int(tagger.seed))
    sets = TaggedSets(primary, watched, others)
    first = _first_rows(tagger, sets, unlabelled)
    plan = Plan(
        strategy=strategy,
        passes=float(tagger.passes),
        auxiliary_passes=float(tagger.auxiliary_passes),
        vector_size=first.rows.shape[1],
        hidden_size=int(tagger.hidden_size),
        dropout=float(tagger.dropout),
        seed=int(tagger.seed),
        workers=int(tagger.workers),
        scheme=scheme,
    )
    if tagger.encoder == "bilstm":
        from mt2st.estimators.tagging.bilstm import train_bilstm  # torch is an extra

        model, trainer = train_bilstm(sets, first, plan)
        return model, trainer.ledger.accounts()
    from mt2st.estimators.tagging.window import train_window  # compiles, or loads, its kernels

    found, trainer = train_window(sets, first, plan)
    return found, trainer.ledger.accounts()


def _first_rows(tagger: TokenTagger, sets: TaggedSets, unlabelled: Any) -> FirstRows:
    if tagger.vectors is not None and unlabelled is not None:
        raise ConfigError("vectors leave no use for unlabelled text: train them on it, or leave one of the two out")
    labelled = lowered(sets.primary.sentences, *(each.sentences for each in sets.auxiliary.values()))
    return first_rows(
        chain(labelled, () if unlabelled is None else token_lists(unlabelled)),
        tagger.vectors,
        vector_size=None if tagger.vector_size is None else int(tagger.vector_size),
        min_count=int(tagger.min_count),
        epochs=int(tagger.vector_epochs),
        seed=int(tagger.seed),
        workers=int(tagger.workers),
    )


def held_out(data: Tagged, share: float, seed: int) -> tuple[Tagged, Tagged]:
    """Split off the sentences for development scores: at least one if ``share`` is above 0, and not all.

    All tags stay in training: a sentence with a tag that no other has is not held out.
    """
    count = len(data.sentences)
    wanted = min(max(round(share * count), 1), count - 1) if share > 0 else 0
    draw = np.random.Generator(np.random.Philox(key=stream_key(seed, "held out")))
    left = {tag: sum(tag in tags for tags in data.tags) for tag in data.classes}
    held = set[int]()
    for place in draw.permutation(count).tolist():
        own = {tag for tag in data.tags[place] if tag is not None}
        if len(held) < wanted and all(left[tag] > 1 for tag in own):
            held.add(place)
            for tag in own:
                left[tag] -= 1
    parts = ([k for k in range(count) if (k in held) == watch] for watch in (False, True))
    trained, watched = (Tagged([data.sentences[k] for k in part], [data.tags[k] for k in part]) for part in parts)
    return trained, watched
