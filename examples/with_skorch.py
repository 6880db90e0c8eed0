"""skorch: digits from 60 labels, helped by their remainders of five, which all have. Needs the extra skorch."""

import torch
from sklearn.datasets import load_digits
from skorch import NeuralNet
from torch.nn.functional import cross_entropy

import mt2st
from mt2st.adapters.skorch import BalanceCallback, BalancedLoss

pixels, digits = (torch.tensor(each) for each in load_digits(return_X_y=True))
x, y = pixels.float() / 16, torch.stack([digits.where(torch.arange(1797) < 60, -100), digits % 5], 1)


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.ReLU())
        self.heads = torch.nn.ModuleList([torch.nn.Linear(32, 10), torch.nn.Linear(32, 5)])

    def forward(self, x):
        return tuple(head(self.encoder(x)) for head in self.heads)


def closures(output, y):
    digit = (lambda: cross_entropy(output[0], y[:, 0])) if (y[:, 0] >= 0).any() else lambda: None
    return {"digit": digit, "remainder": lambda: cross_entropy(output[1], y[:, 1])}


def make(net):
    return mt2st.Balance("digit", ["remainder"], strategy, 600, shared=net.module_.encoder.parameters())


given = {"optimizer": torch.optim.Adam, "lr": 0.01, "batch_size": 200, "max_epochs": 100, "train_split": None}
given |= {"criterion__closures": closures, "callbacks": [BalanceCallback(make)], "verbose": 0}
for strategy in (mt2st.SingleTask(), mt2st.Diminish(rate=3.0)):
    torch.manual_seed(1)
    found = NeuralNet(Model, BalancedLoss, **given).fit(x[:1200], y[:1200]).predict(x[1200:]).argmax(1)
    print(f"{strategy.name}: accuracy {(found == digits[1200:].numpy()).mean():.3f}")
