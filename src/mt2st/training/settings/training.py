"""Settings of the loop."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from mt2st.training.settings.section import AtLeast0, Count, Section, Seed


class Training(Section):
    """The training loop."""

    steps: Count = Field(
        200,
        description="steps of the run, among which the passes of all tasks are divided: more steps, smaller batches",
    )
    buckets: Count = Field(
        1,
        description="sort the texts of this many batches by length, so that each holds similar ones; 1: off (torch)",
    )
    one_pass: bool = Field(
        True,
        description="labelled tasks with the same texts and passes share batches and runs of the encoder; "
        "false: each has its own (torch)",
    )
    interval: Count = Field(10, description="steps between records, each with a development score")
    seed: Seed = Field(1, description="random seed: draw of labels, initial values, order, skipping")
    split_seed: Seed = Field(0, description="random seed of the split into training, development and test")
    workers: Count = Field(1, description="threads; with 1 a run is reproducible bit for bit")
    work: Literal["skip", "exact", "every"] = Field(
        "skip",
        description="skip: run an auxiliary with a probability of its weight, at full loss; exact: at every step, loss "
        "times weight; every: at each n-th step, times n",
    )
    skip_floor: float = Field(0.05, gt=0, le=1, description="least probability under skip")
    every: Count = Field(4, description="n under every")
    baselines: bool = Field(
        False, description="train single and constant too, for comparison, if the run took under 5 s"
    )
    max_seconds: AtLeast0 | None = Field(None, description="stop training after this many seconds")
    checkpoint_seconds: AtLeast0 = Field(2.0, description="least seconds between checkpoints")
    on_bad_rows: Literal["error", "skip"] = Field(
        "error", description="on a row that cannot be read: stop (error), or count and skip it"
    )
