"""Settings of the loop."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from mt2st.training.settings.section import AtLeast0, Count, Section, Seed


class Training(Section):
    """The loop."""

    steps: Count = Field(200, description="steps of the run: how finely the tasks are interleaved")
    buckets: Count = Field(
        1,
        description="batches whose labelled texts are sorted by length, so that a batch has like ones; 1: none (torch)",
    )
    one_pass: bool = Field(
        True,
        description="labelled tasks on the same texts, with as many passes, draw the same batches and share each run "
        "of the encoder; false: each has its own (torch)",
    )
    interval: Count = Field(10, description="steps between two records and development scores")
    seed: Seed = Field(1, description="decides the draw of labels, first values, order and skipping")
    split_seed: Seed = Field(0, description="decides which documents are for development and test")
    workers: Count = Field(1, description="threads; a run is reproducible bit for bit with one")
    work: Literal["skip", "exact", "every"] = Field(
        "skip",
        description="skip: run an auxiliary with probability of its weight; exact: always, times its weight; "
        "every: each n-th step, times n",
    )
    skip_floor: float = Field(0.05, gt=0, le=1, description="least probability of skip")
    every: Count = Field(4, description="n of every")
    baselines: bool = Field(False, description="show single and constant beside the run, where it took under 5 s")
    max_seconds: AtLeast0 | None = Field(None, description="stop training after so long")
    checkpoint_seconds: AtLeast0 = Field(2.0, description="least seconds between two checkpoints")
    on_bad_rows: Literal["error", "skip"] = Field(
        "error", description="a row that cannot be read: stop, or count and skip"
    )
