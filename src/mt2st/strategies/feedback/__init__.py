"""Feedback: a strategy that reacts to observations of training."""

from mt2st.strategies.feedback.feedback import Feedback

__all__ = ["Feedback"]
