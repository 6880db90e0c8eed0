"""Data of the examples ``with_*.py``: 40 noisy examples of what is wanted, 2,000 of another outcome that is related."""

import torch

torch.manual_seed(0)
directions = torch.randn(20, 3) / 20**0.5


def sample(count, mix, noise):
    """Return inputs of shape (count, 20), and outcomes of shape (count, outcomes) with noise."""
    x = torch.randn(count, 20)
    return x, torch.tanh(2 * x @ directions) @ mix + noise * torch.randn(count, mix.shape[1])


wanted = torch.tensor([[1.0], [1.0], [-1.0]])
few = sample(40, wanted, noise=0.3)  # the primary
many = sample(2000, torch.eye(3), noise=0.3)  # the auxiliary
test = sample(2000, wanted, noise=0.0)
