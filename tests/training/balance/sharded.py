"""Train with an encoder that is sharded over one process and with a plain one, and see that both end alike."""

from __future__ import annotations

import sys

import torch
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard

import mt2st
from mt2st.errors import GradientPathError

TASKS = ("sentiment", "pos")


def make():
    torch.manual_seed(0)
    heads = torch.nn.ModuleDict({task: torch.nn.Linear(5, 3) for task in TASKS})
    return torch.nn.ModuleDict({"encoder": torch.nn.Sequential(torch.nn.Linear(6, 5), torch.nn.Tanh()), "heads": heads})


def train(model, **kwargs):
    optimizer, x = torch.optim.Adam(model.parameters(), lr=0.1), torch.linspace(-1, 1, 24).view(4, 6)
    strategy, given = mt2st.Switch(at=0.5), {"heads": model["heads"], "optimizers": optimizer, **kwargs}
    balance = mt2st.Balance("sentiment", ["pos"], strategy, 6, **given)
    for _ in range(6):
        heads = {task: lambda h=head: h(model["encoder"](x)).square().mean() for task, head in model["heads"].items()}
        balance(**heads).backward()
        optimizer.step()
        optimizer.zero_grad()
        balance.step()
    return [each.full_tensor() if hasattr(each, "full_tensor") else each for each in model.parameters()]


def main():
    torch.distributed.init_process_group("gloo", store=torch.distributed.HashStore(), rank=0, world_size=1)
    mesh, sharded, refused = init_device_mesh("cpu", (1,)), make(), make()
    for model in (sharded, refused):
        fully_shard(model["encoder"], mesh=mesh)
    for one, other in zip(train(sharded), train(make()), strict=True):
        torch.testing.assert_close(one, other)
    try:
        train(refused, shared=refused["encoder"])
    except GradientPathError as error:
        sys.stdout.write(f"alike\n{error}\n")
    torch.distributed.destroy_process_group()


main()
