"""Training one job in several processes: how they divide the work, exchange changes and agree.

`Ranks` is the interface that the loop uses; `Alone` implements it for a single process, without importing torch;
`Together` (``mt2st.training.ranks.together``) for several, with ``torch.distributed``.
"""

from mt2st.training.ranks.ranks import ALONE, Alone, Ranks

__all__ = ["ALONE", "Alone", "Ranks"]
