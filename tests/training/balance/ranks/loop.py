"""Small runs of three tasks on one global batch a step, alike in one process and under torchrun.

torchrun --nproc-per-node=2 loop.py FOLDER   # each rank writes what happened to FOLDER/RANK.json
"""

import gc
import json
import math
import sys
from datetime import timedelta
from pathlib import Path

import torch
from torch import distributed
from torch.nn.functional import cross_entropy
from torch.nn.parallel import DistributedDataParallel

import mt2st
from mt2st.errors import NonFiniteLossError

TASKS = ("sentiment", "pos", "ner")
TOTAL, BATCH = 24, 8
FADING = mt2st.Composed({"pos": mt2st.Switch(at=0.3), "ner": mt2st.Diminish(rate=4.0)})
CONSTANT = mt2st.Constant(0.5)


class Loop:
    """Model, optimiser and balance; with several ranks the encoder and each head are wrapped on their own."""

    def __init__(self, rank, ranks, strategy=FADING, work=mt2st.Skip(floor=0.5)):  # noqa: B008
        torch.manual_seed(0)
        self.rank, self.ranks = rank, ranks
        self.encoder = torch.nn.Sequential(torch.nn.Linear(6, 5), torch.nn.Tanh())
        self.heads = torch.nn.ModuleDict({task: torch.nn.Linear(5, 3) for task in TASKS})
        if ranks > 1:
            self.encoder = DistributedDataParallel(self.encoder)
            for task, head in self.heads.items():
                self.heads[task] = DistributedDataParallel(head)
        self.optimizer = torch.optim.SGD([*self.encoder.parameters(), *self.heads.parameters()], 0.1, momentum=0.9)
        self.balance = mt2st.Balance(
            "sentiment",
            ["pos", "ner"],
            strategy,
            TOTAL,
            shared=self.encoder.parameters(),
            work=work,
            seed=3,
            drop=0.05,
            heads=self.heads,
            optimizers=self.optimizer,
            model=torch.nn.ModuleList([self.encoder, self.heads]),
        )
        self.active = []

    @property
    def is_last(self):
        return self.rank == self.ranks - 1

    def batch(self, task):
        """Return this rank's share of the step's global batch."""
        chance = torch.Generator().manual_seed(1000 * self.balance.steps + TASKS.index(task))
        x, y = torch.randn(BATCH, 6, generator=chance), torch.randint(3, (BATCH,), generator=chance)
        return x[self.rank :: self.ranks], y[self.rank :: self.ranks]

    def scores(self, task, x):
        return self.heads[task](self.encoder(x))

    def loss(self, task):
        x, y = self.batch(task)
        return cross_entropy(self.scores(task, x), y)

    def step(self, **changed):
        self.active.append(self.balance.active())
        closures = {task: lambda task=task: self.loss(task) for task in TASKS}
        self.balance(**{**closures, **changed}).backward()
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.balance.step()

    def story(self):
        """Return what happened, as JSON values."""
        modules = [self.encoder, *self.heads.values()]
        return {
            "active": self.active,
            "balance": {**self.balance.state_dict(), "seconds": 0},
            "weights": {"/".join(self.heads): [each.tolist() for m in modules for each in m.parameters()]},
        }


def fading(rank, ranks):
    """Run auxiliaries that are skipped at times, and dropped with their heads, one after the other."""
    loop = Loop(rank, ranks)
    while loop.balance.steps < TOTAL:
        loop.step()
    return loop.story()


def bad_on_one_rank(rank, ranks):
    """Give losses that are not finite to the last rank alone: twice singly, then ten times in a row."""
    loop = Loop(rank, ranks, CONSTANT, mt2st.Exact())
    for step in range(TOTAL):
        bad = loop.is_last and step in (2, 5, *range(8, 18))
        loop.step(pos=lambda bad=bad: loop.loss("pos") * (math.inf if bad else 1.0))
    return loop.story()


def no_labels_on_one_rank(rank, ranks):
    """Give the last rank None at every third step, the second the first of them, at which the others wait for it.

    It runs the head all the same: at its second forward pass `DistributedDataParallel` talks to the other ranks.
    """
    loop = Loop(rank, ranks, CONSTANT, mt2st.Exact())

    def ner(empty):
        x, y = loop.batch("ner")
        scores = loop.scores("ner", x[:0] if empty else x)
        return None if empty else cross_entropy(scores, y)

    for step in range(TOTAL):
        empty = loop.is_last and step % 3 == 1
        loop.step(ner=lambda empty=empty: ner(empty))
    return loop.story()


def uneven_labels(rank, ranks):
    """Give ranks different numbers of labels: at some steps one rank has the only one, at some there is none."""
    loop = Loop(rank, ranks, CONSTANT, mt2st.Exact())

    def pos():
        x, y = loop.batch("pos")
        place = torch.arange(BATCH)[rank::ranks]
        known = (place < 3, place < 7, place == 4, place < 0)[loop.balance.steps % 4]
        total = cross_entropy(loop.scores("pos", x), torch.where(known, y, -100), reduction="sum")
        return mt2st.mean_over_ranks(total, int(known.sum()))

    for _ in range(TOTAL):
        loop.step(pos=pos)
    return loop.story()


def unlike_scores(rank, ranks):
    """Let each rank see a score of its own, of which it alone would make something else of each."""
    loop = Loop(rank, ranks, mt2st.Switch(at="auto", window=1, patience=1, latest=0.9))
    for step in range(TOTAL):
        loop.step()
        own = (rank - (ranks - 1) / 2) * 0.125 * step
        loop.balance.observe(min(step, 9) * 0.0625 + own)
    return loop.story()


def feedback(rank, ranks):
    """Let feedback act on trials, cosines and a fall; each rank's own scores would tell it otherwise."""
    watching = mt2st.Feedback(mt2st.Constant(), trial=0.25, probe=1, against=0.02, patience=1, depth=2.0, noise=0.05)
    loop, told = Loop(rank, ranks, watching, mt2st.Exact()), []
    for step in range(TOTAL):
        loop.step()
        own = (rank - (ranks - 1) / 2) * 0.25
        score = {3: 0.5, 4: 0.6, 7: 0.6, 8: 0.9, 11: 0.6, 12: 0.8, 18: 0.3}.get(step + 1, 0.4 + 0.02 * step)
        told += [f"{action.step} {action.name} {action.task}" for action in loop.balance.observe(score + own)]
    story = loop.story()
    story["told"] = told
    story["balance"].pop("strategy"), story["balance"].pop("cosines")  # their numbers differ in the last digits
    return story


def bad_primary_on_one_rank(rank, ranks):
    """Let the last rank's primary loss not be finite at step 2; return what was raised, and the weights."""
    loop = Loop(rank, ranks, CONSTANT, mt2st.Exact())
    try:
        for step in range(TOTAL):
            bad = loop.is_last and step == 2
            loop.step(sentiment=lambda bad=bad: loop.loss("sentiment") * (math.nan if bad else 1.0))
    except NonFiniteLossError as error:
        return {**loop.story(), "raised": str(error)}
    return loop.story()


RUNS = (
    fading, bad_on_one_rank, no_labels_on_one_rank, uneven_labels, unlike_scores, feedback, bad_primary_on_one_rank,
)  # fmt: skip


def main(folder):
    distributed.init_process_group("gloo", timeout=timedelta(seconds=30))
    rank, ranks = distributed.get_rank(), distributed.get_world_size()
    stories = {run.__name__: run(rank, ranks) for run in RUNS}
    Path(folder, f"{rank}.json").write_text(json.dumps(stories))
    # With models still wrapped, or ranks still talking, gloo's threads now and then abort the process at its end.
    gc.collect()
    distributed.barrier()
    distributed.destroy_process_group()


if __name__ == "__main__":
    main(sys.argv[1])
