"""Stopping several ranks after the same step."""

from __future__ import annotations

from mt2st.training.ranks.group import greatest
from mt2st.training.stopping import StopRequest


class AgreedStop(StopRequest):
    """Stops every rank where one is asked to: by a signal, or as its time is up."""

    def __bool__(self) -> bool:
        signal, late = greatest([self.signal or 0, self.out_of_time])
        self.signal = int(signal) or None
        return bool(signal or late)
