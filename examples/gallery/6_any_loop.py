"""
Any PyTorch loop
================

Three more lines in a training loop of your own. Forty noisy examples of what is wanted, and two thousand of another
outcome that depends on the same three mixes of the input: the encoder finds the mixes from the many; then they fade,
and the few decide what is made of them.
"""

import matplotlib.pyplot as plt
import torch

import mt2st

STEPS = 500
torch.manual_seed(0)
directions = torch.randn(20, 3) / 20**0.5


def sample(count, mix, noise):
    """Return inputs of shape (count, 20), and outcomes of shape (count, outcomes) with noise."""
    x = torch.randn(count, 20)
    return x, torch.tanh(2 * x @ directions) @ mix + noise * torch.randn(count, mix.shape[1])


wanted, other = torch.tensor([[1.0], [1.0], [-1.0]]), torch.tensor([[1.0, 0.5], [-1.0, 1.0], [0.5, 1.0]])
few = sample(40, wanted, noise=0.3)  # the primary
many = sample(2000, other, noise=0.3)  # the auxiliary
test = sample(2000, wanted, noise=0.0)

# %%
# The lines are those with ``balance``: make it, let it sum the losses, tell it that a step is done. A closure is called
# only where its task runs; with `mt2st.Skip` that is with a probability of its weight.


def train(strategy):
    """Train under a strategy; return errors on ``test``, weights of the auxiliary, and its account."""
    torch.manual_seed(1)
    encoder = torch.nn.Sequential(torch.nn.Linear(20, 8), torch.nn.Tanh())
    heads = torch.nn.ModuleDict({"few": torch.nn.Linear(8, 1), "many": torch.nn.Linear(8, 2)})
    optimizer = torch.optim.Adam([*encoder.parameters(), *heads.parameters()], lr=0.01)
    balance = mt2st.Balance("few", ["many"], strategy, STEPS, shared=encoder.parameters(), work=mt2st.Skip())

    def error(task, x, y):
        return torch.nn.functional.mse_loss(heads[task](encoder(x)), y)

    errors, weights = [], []
    for _ in range(STEPS):
        weights.append(balance.weights["many"])
        optimizer.zero_grad()
        balance(few=lambda: error("few", *few), many=lambda: error("many", *many)).backward()
        optimizer.step()
        balance.step()
        errors.append(error("few", *test).item())
    return errors, weights, balance.ledger["many"]


# %%
# Alone, the few teach little. With the auxiliary at a constant weight the error falls, and then rises again; with one
# that fades it stays down, for a quarter of the auxiliary's work.

figure, (above, below) = plt.subplots(2, sharex=True)
for strategy in (mt2st.SingleTask(), mt2st.Constant(), mt2st.Diminish(rate=5.0)):
    errors, weights, account = train(strategy)
    spared = f"the auxiliary ran in {account.ran} of {STEPS} steps, spared in {account.skipped}"
    print(f"{strategy.name}: test error {errors[-1]:.3f}; {spared}")
    above.plot(errors, label=strategy.name)
    below.plot(weights)
above.set_ylabel("test error")
above.legend(frameon=False)
below.set_ylabel("weight of the auxiliary")
below.set_xlabel("step")
plt.show()
