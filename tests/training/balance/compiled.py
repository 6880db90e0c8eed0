"""Train with a compiled encoder and with a plain one, and see that both end alike.

In a process of its own, as torch's optimisers are slower wherever its compiler was imported. Its node in the graph is
the same for every backend: this one builds no C++, which takes most of a minute.
"""

from __future__ import annotations

import sys

import torch

import mt2st

TASKS = ("sentiment", "pos", "ner")


def model():
    torch.manual_seed(0)
    encoder = torch.nn.Sequential(torch.nn.Linear(6, 5), torch.nn.Tanh())
    return torch.nn.ModuleDict({"encoder": encoder, **{task: torch.nn.Linear(5, 3) for task in TASKS}})


def loss_of(trained, encoder, task, step):
    chance = torch.Generator().manual_seed(1000 * step + TASKS.index(task))
    x, y = torch.randn(8, 6, generator=chance), torch.randint(3, (8,), generator=chance)
    return torch.nn.functional.cross_entropy(trained[task](encoder(x)), y)


def main():
    ours, theirs = model(), model()
    compiled = torch.compile(ours["encoder"], backend="aot_eager")
    optimizers = [torch.optim.SGD(each.parameters(), lr=0.1) for each in (ours, theirs)]
    strategy, shared = mt2st.Switch(at=0.5), ours["encoder"].parameters()
    balance = mt2st.Balance("sentiment", ["pos", "ner"], strategy, total_steps=8, shared=shared)
    for step in range(8):
        given = {task: lambda t=task, s=step: loss_of(ours, compiled, t, s) for task in balance.active()}
        balance(**given).backward()
        sum(loss_of(theirs, theirs["encoder"], task, step) for task in balance.active()).backward()
        for optimizer in optimizers:
            optimizer.step()
            optimizer.zero_grad()
        balance.step()
    assert list(balance.dropped) == ["pos", "ner"]
    for one, other in zip(ours["encoder"].parameters(), theirs["encoder"].parameters(), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-6)
    sys.stdout.write("alike\n")


main()
