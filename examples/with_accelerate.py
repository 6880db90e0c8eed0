"""Accelerate: one model for what is wanted and for another outcome, see toy.py. Needs the extra accelerate."""

import torch
from accelerate import Accelerator
from torch.nn.functional import mse_loss
from torch.utils.data import DataLoader, TensorDataset

import mt2st
from mt2st.adapters.accelerate import AcceleratedBalance
from toy import few, many, test

accelerator = Accelerator(cpu=True, gradient_accumulation_steps=2)
for strategy in (mt2st.SingleTask(), mt2st.Diminish(rate=8.0)):
    torch.manual_seed(1)
    encoder = torch.nn.Sequential(torch.nn.Linear(20, 8), torch.nn.Tanh())
    model = torch.nn.ModuleDict({"encoder": encoder, "few": torch.nn.Linear(8, 1), "many": torch.nn.Linear(8, 3)})
    optimizer, loader = torch.optim.Adam(model.parameters(), lr=0.01), DataLoader(TensorDataset(*many), batch_size=100)
    model, optimizer, loader = accelerator.prepare(model, optimizer, loader)
    plain = mt2st.Balance("few", ["many"], strategy, 500, shared=encoder.parameters(), work=mt2st.Skip())
    balance = AcceleratedBalance(plain, accelerator)

    def error(task, x, y):
        return mse_loss(model[task](model["encoder"](x)), y)

    for _ in range(50):
        for batch in loader:
            with accelerator.accumulate(model):
                loss = balance(few=lambda: error("few", *few), many=lambda: error("many", *batch))
                accelerator.backward(loss)
                optimizer.step()
                optimizer.zero_grad()
                balance.step()  # moves on at every second batch, as the optimiser does
    ran = plain.ledger["many"].ran
    print(f"{strategy.name}: test error {error('few', *test):.3f}, the auxiliary ran in {ran} of 1000 batches")
