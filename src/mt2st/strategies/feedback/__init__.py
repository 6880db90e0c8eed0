"""Feedback: a strategy that watches what training gives, and acts."""

from mt2st.strategies.feedback.feedback import Feedback

__all__ = ["Feedback"]
