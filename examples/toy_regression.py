"""40 noisy examples of what is wanted, 2,000 of another outcome that depends on the same three mixes of the input.

The encoder finds the three mixes from the many examples; then they fade, and the few decide what is made of them.
"""

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


def train(strategy):
    """Train under a strategy; return the mean squared error on ``test``, and the auxiliary's account."""
    torch.manual_seed(1)
    encoder = torch.nn.Sequential(torch.nn.Linear(20, 8), torch.nn.Tanh())
    heads = torch.nn.ModuleDict({"few": torch.nn.Linear(8, 1), "many": torch.nn.Linear(8, 2)})
    optimizer = torch.optim.Adam([*encoder.parameters(), *heads.parameters()], lr=0.01)
    balance = mt2st.Balance("few", ["many"], strategy, STEPS, shared=encoder.parameters(), work=mt2st.Skip())

    def error(task, x, y):
        return torch.nn.functional.mse_loss(heads[task](encoder(x)), y)

    for _ in range(STEPS):
        optimizer.zero_grad()
        balance(few=lambda: error("few", *few), many=lambda: error("many", *many)).backward()
        optimizer.step()
        balance.step()
    return error("few", *test).item(), balance.ledger["many"]


alone, _ = train(mt2st.SingleTask())
helped, account = train(mt2st.Diminish(rate=5.0))
print(f"test error alone {alone:.3f}, with the auxiliary {helped:.3f}")
print(f"the auxiliary ran at {account.ran} of {STEPS} steps and was spared at {account.skipped}")
