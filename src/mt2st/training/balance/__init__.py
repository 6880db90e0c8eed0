"""Strategies in any PyTorch loop. Importing this package does not import torch."""

from mt2st.training.balance.balance import Balance

__all__ = ["Balance"]
