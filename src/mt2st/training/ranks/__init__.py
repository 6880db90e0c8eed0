"""One training by several processes: what they share out, what they exchange, what they agree on.

`Ranks` is what the loop knows of it, `Alone` stands for a single process and never imports torch, `Together`
(``mt2st.training.ranks.together``) talks to the others by ``torch.distributed``.
"""

from mt2st.training.ranks.ranks import ALONE, Alone, Ranks

__all__ = ["ALONE", "Alone", "Ranks"]
