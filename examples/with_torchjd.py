"""TorchJD: its aggregators combine the tasks while auxiliaries are on. Needs torchjd[quadprog-projector]."""

import torch
from torch.nn.functional import mse_loss
from torchjd.aggregation import MGDA, PCGrad, UPGrad

import mt2st
from toy import few, many, test

for combine in (None, UPGrad(), PCGrad(), MGDA()):
    torch.manual_seed(1)
    encoder = torch.nn.Sequential(torch.nn.Linear(20, 8), torch.nn.Tanh())
    heads = torch.nn.ModuleDict({"few": torch.nn.Linear(8, 1), "many": torch.nn.Linear(8, 3)})
    optimizer = torch.optim.Adam([*encoder.parameters(), *heads.parameters()], lr=0.01)
    shared = encoder.parameters()
    balance = mt2st.Balance("few", ["many"], mt2st.Switch(at=0.5), 500, shared=shared, heads=heads, combine=combine)
    balance.attach(optimizer)

    def error(task, x, y):
        return mse_loss(heads[task](encoder(x)), y)

    for _ in range(500):
        loss = balance(few=lambda: error("few", *few), many=lambda: error("many", *many))
        loss.backward()  # up to step 250 the combined gradient, from there on the primary's own
        optimizer.step()
        optimizer.zero_grad()
        balance.step()
    print(f"{combine or 'weighted sum'}: test error {error('few', *test):.3f}")
