"""The loops that are compared: one model with three tasks, and one training step of it in every way."""

from __future__ import annotations

import importlib
import importlib.util
import math
import sys
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch.nn.functional import cross_entropy

import mt2st

TASKS = ("sentiment", "pos", "ner")
TOTAL = 10**6
RATE = 5.0
Step = Callable[[], None]


@dataclass(frozen=True)
class Size:
    """A model: layers of the encoder, width, and examples a batch of each task."""

    name: str
    layers: int
    width: int
    batch: int


SMALLEST = Size("smallest: one layer of 16", 1, 16, 8)
REAL = Size("three layers of 512", 3, 512, 64)


class Work:
    """A model, its data and its optimiser, on a device."""

    def __init__(self, size: Size, device: str = "cpu") -> None:
        torch.manual_seed(0)
        layers = [
            layer for _ in range(size.layers) for layer in (torch.nn.Linear(size.width, size.width), torch.nn.Tanh())
        ]
        self.encoder = torch.nn.Sequential(*layers).to(device)
        self.heads = torch.nn.ModuleDict({task: torch.nn.Linear(size.width, 4) for task in TASKS}).to(device)
        self.x = {task: torch.randn(size.batch, size.width).to(device) for task in TASKS}
        self.y = {task: torch.randint(4, (size.batch,)).to(device) for task in TASKS}
        groups = [self.encoder.parameters(), *(head.parameters() for head in self.heads.values())]
        self.optimizer = torch.optim.SGD([{"params": list(group)} for group in groups], lr=1e-4)
        self.steps, self.device = 0, torch.device(device)

    def loss(self, task: str) -> torch.Tensor:
        """Return a task's loss on its batch."""
        return cross_entropy(self.heads[task](self.encoder(self.x[task])), self.y[task])

    def finish(self) -> None:
        """Apply the gradients."""
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.steps += 1


def by_hand(work: Work) -> Step:
    """Write the weighted sum out."""

    def step() -> None:
        gamma = math.exp(-RATE * work.steps / TOTAL)
        (work.loss("sentiment") + gamma * work.loss("pos") + gamma * work.loss("ner")).backward()
        work.finish()

    return step


def by_hand_fused(work: Work) -> Step:
    """Write it out with multiplication and addition in one operation, as few people do."""

    def step() -> None:
        gamma = math.exp(-RATE * work.steps / TOTAL)
        total = torch.add(work.loss("sentiment"), work.loss("pos"), alpha=gamma)
        torch.add(total, work.loss("ner"), alpha=gamma).backward()
        work.finish()

    return step


def balanced(work: Work, strategy: mt2st.Strategy, mode: Any = mt2st.Exact(), aggregator: str = "") -> Step:  # noqa: B008
    """Leave it to Balance; its heads and optimiser states are dropped with the auxiliaries."""
    combine = getattr(importlib.import_module("torchjd.aggregation"), aggregator)() if aggregator else None
    balance = mt2st.Balance(
        "sentiment", ["pos", "ner"], strategy, TOTAL, shared=work.encoder.parameters(), work=mode, heads=work.heads,
        optimizers=work.optimizer, combine=combine,
    )  # fmt: skip

    def step() -> None:
        balance(
            sentiment=lambda: work.loss("sentiment"), pos=lambda: work.loss("pos"), ner=lambda: work.loss("ner")
        ).backward()
        work.finish()
        balance.step()

    return step


def alone(work: Work) -> Step:
    """Train the primary and nothing else, its groups the only ones."""
    del work.optimizer.param_groups[2:]

    def step() -> None:
        work.loss("sentiment").backward()
        work.finish()

    return step


def backward_each(work: Work) -> Step:
    """Go backward once a task and keep the gradients apart: the least that methods on gradients have to do."""
    shared = list(work.encoder.parameters())

    def step() -> None:
        kept = []
        for task in TASKS:
            work.loss(task).backward()
            kept.append([parameter.grad for parameter in shared])
            for parameter in shared:
                parameter.grad = None
        for parameter, *gradients in zip(shared, *kept, strict=True):
            parameter.grad = sum(gradients)  # type: ignore[assignment]
        work.finish()

    return step


def torchjd(work: Work, aggregator: str) -> Step:
    """Combine the tasks by one of TorchJD's aggregators."""
    from torchjd import aggregation
    from torchjd.autojac import jac_to_grad, mtl_backward

    combine, shared = getattr(aggregation, aggregator)(), list(work.encoder.parameters())

    def step() -> None:
        features = {task: work.encoder(work.x[task]) for task in TASKS}
        losses = [cross_entropy(work.heads[task](features[task]), work.y[task]) for task in TASKS]
        mtl_backward(losses, features=list(features.values()))
        jac_to_grad(shared, combine)
        work.finish()

    return step


def libmtl(work: Work, weighting: str) -> Step:
    """Combine the tasks by one of LibMTL's weightings."""
    method = libmtl_weighting(weighting)()
    method.get_share_params, method.task_num = work.encoder.parameters, len(TASKS)
    method.rep_grad, method.device = False, work.device
    method.zero_grad_share_params = lambda: work.encoder.zero_grad(set_to_none=False)  # it copies into what is there

    def step() -> None:
        method.backward(torch.stack([work.loss(task) for task in TASKS]))
        work.finish()

    return step


def libmtl_weighting(name: str) -> Any:
    """Import a weighting without LibMTL's image models, which need a part that torchvision no longer has."""
    if "LibMTL" not in sys.modules:
        found = importlib.util.find_spec("LibMTL")
        if found is None:
            raise ImportError("LibMTL is not installed: pip install --no-deps LibMTL==1.1.5")
        package = types.ModuleType("LibMTL")
        package.__path__ = list(found.submodule_search_locations or [])
        sys.modules["LibMTL"] = package
    return getattr(importlib.import_module("LibMTL.weighting"), name)
