"""
An auxiliary that does harm
===========================

Two auxiliaries, one that depends on the same mixes of the input as what is wanted, one of pure chance. Feedback is not
told which is which: it tries each, lowers the weight of what is in doubt, drops what loses, and says why.
"""

# %%
# Forty noisy examples of what is wanted, two thousand of each auxiliary.

import matplotlib.pyplot as plt
import torch

import mt2st

torch.manual_seed(0)
torch.set_num_threads(1)
directions = torch.randn(20, 3) / 20**0.5


def sample(count, mix, noise):
    """Return inputs of shape (count, 20), and outcomes of shape (count, outcomes) with noise."""
    x = torch.randn(count, 20)
    return x, torch.tanh(2 * x @ directions) @ mix + noise * torch.randn(count, mix.shape[1])


wanted, other = torch.tensor([[1.0], [1.0], [-1.0]]), torch.tensor([[1.0, 0.5], [-1.0, 1.0], [0.5, 1.0]])
data = {"few": sample(40, wanted, 0.3), "related": sample(2000, other, 0.3), "chance": sample(2000, 0 * other, 1.0)}
development, test = sample(200, wanted, noise=0.3), sample(2000, wanted, noise=0.0)

# %%
# One encoder for all, a head for each task. ``balance(...)`` runs the closures of the tasks whose turn it is;
# ``balance.observe`` tells the strategy the development score, and returns what it did.


class Model(torch.nn.Module):
    """One encoder, a head a task."""

    def __init__(self):
        super().__init__()
        self.encoder = torch.nn.Sequential(torch.nn.Linear(20, 8), torch.nn.Tanh())
        self.heads = torch.nn.ModuleDict({task: torch.nn.Linear(8, y.shape[1]) for task, (_, y) in data.items()})

    def errors(self, task, x, y):
        """Return the squared error of every example."""
        return (self.heads[task](self.encoder(x)) - y).square().mean(1)


def train(strategy, steps):
    """Train under a strategy and return the error on ``test``, what each task ran, and its weight at every step."""
    torch.manual_seed(1)
    model, weights = Model(), []
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    balance = mt2st.Balance(
        "few", ["related", "chance"], strategy, steps,
        shared=model.encoder.parameters(), heads=model.heads, optimizers=optimizer, model=model,
    )  # fmt: skip
    while balance.steps < steps:
        weights.append(balance.weights)
        optimizer.zero_grad()
        balance(**{task: lambda task=task: model.errors(task, *data[task]).mean() for task in data}).backward()
        optimizer.step()
        balance.step()
        if balance.steps % 10 == 0:
            with torch.no_grad():
                errors = model.errors("few", *development)
            for action in balance.observe(-errors.mean().item(), noise=errors.std().item() / len(errors) ** 0.5):
                print(f"  step {balance.steps}: {action.text()}")
    return model.errors("few", *test).mean().item(), balance.ledger, weights


# %%
# Every action comes with its reason. The first steps are trials, each from the first state: of the primary alone, then
# with either auxiliary.

print("feedback:")
feedback, ledger, weights = train(mt2st.Feedback(mt2st.Switch(at=0.5)), steps=950)

# %%
# The same without feedback. The ledger says in how many steps each task ran, and how many it was spared.

alone, everything = (train(strategy, steps=950)[0] for strategy in (mt2st.SingleTask(), mt2st.Constant()))
print(f"test error alone {alone:.3f}, everything all the time {everything:.3f}, feedback {feedback:.3f}")
for task, account in ledger.items():
    print(f"{task}: ran in {account.ran} steps, spared in {account.skipped}")

# %%

figure, axes = plt.subplots(3, sharex=True, sharey=True)
for panel, task in zip(axes, data, strict=True):
    panel.fill_between(range(len(weights)), [each[task] for each in weights], step="post")
    panel.set_title(task, loc="left")
axes[1].set_ylabel("weight")
axes[2].set_xlabel("step")
plt.tight_layout()
plt.show()
