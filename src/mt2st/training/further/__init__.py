"""Labelled auxiliaries other than classification: tagging, several labels per text, ratings and pairs of texts."""

from mt2st.training.further.kinds import Further, FurtherData, read_further

__all__ = ["Further", "FurtherData", "read_further"]
