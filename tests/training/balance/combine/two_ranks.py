"""On each of two ranks: the combined gradient of two steps is the mean of what each rank has alone."""

import torch
from torch import distributed
from torch.nn.parallel import DistributedDataParallel
from torchjd.aggregation import UPGrad

import mt2st

TASKS = ("sentiment", "pos", "ner")


def model():
    torch.manual_seed(0)
    encoder = torch.nn.Sequential(torch.nn.Linear(6, 5), torch.nn.Tanh())
    return encoder, {task: torch.nn.Linear(5, 3) for task in TASKS}


def gradients(encoder, heads, shared, rank):
    chance = torch.Generator().manual_seed(rank)
    x, y = torch.randn(8, 6, generator=chance), torch.randint(3, (8,), generator=chance)
    entropy, strategy = torch.nn.functional.cross_entropy, mt2st.Constant(0.5)
    balance = mt2st.Balance(TASKS[0], TASKS[1:], strategy, 10, shared=shared, combine=UPGrad())
    for _ in range(2):  # the first call looks at single losses
        for parameter in shared:
            parameter.grad = None
        losses = {t: lambda n=n, t=t: entropy(heads[t](encoder(x)), (y + n) % 3) for n, t in enumerate(TASKS)}
        balance(**losses).backward()
        balance.step()
    return [parameter.grad for parameter in shared]


distributed.init_process_group("gloo")
rank, (encoder, heads) = distributed.get_rank(), model()
shared = list(encoder.parameters())
wrapped = {task: DistributedDataParallel(head) for task, head in heads.items()}
found = gradients(DistributedDataParallel(encoder), wrapped, shared, rank)
distributed.barrier()
distributed.destroy_process_group()
alone = []
for other in range(2):
    encoder, heads = model()
    alone.append(gradients(encoder, heads, list(encoder.parameters()), other))
for one, first, second in zip(found, *alone, strict=True):
    torch.testing.assert_close(one, (first + second) / 2)
assert not torch.allclose(alone[0][0], alone[1][0])
