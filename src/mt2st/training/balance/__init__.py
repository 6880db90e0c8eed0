"""Strategies in any PyTorch loop. Importing this imports no torch."""

from mt2st.training.balance.balance import Balance

__all__ = ["Balance"]
