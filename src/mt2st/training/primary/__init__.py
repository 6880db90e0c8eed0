"""The primary's examples: read, split in three, and encoded; one module for each kind."""

from mt2st.training.primary.kinds import PrimaryData, PrimaryText, read_primary

__all__ = ["PrimaryData", "PrimaryText", "read_primary"]
