"""Labels of a file that may not be meant so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain

from mt2st.errors import counted, listed
from mt2st.text.parameters import told

# The minimum number of texts of which over half may not differ in their labels.
SOME = 20


def odd_labels(labels: Sequence[str]) -> Iterator[str]:
    """Yield a sentence if most texts have a label of their own, and one if labels differ in case alone.

    Examples
    --------
    >>> list(odd_labels(["pos", "neg", "Pos"]))
    ["labels that differ in case alone are different ones ('pos', 'Pos'): write them alike if they are the same"]
    """
    names = list(dict.fromkeys(labels))
    if len(labels) >= SOME and 2 * len(names) > len(labels):
        found = f"{counted(len(names), 'different label')} of {counted(len(labels), 'text')}"
        yield f"{found}: if these are numbers of rows, or ratings, see {told('label_column')}"
    folded = defaultdict[str, list[str]](list)
    for name in names:
        folded[name.casefold()].append(name)
    alike = list(chain.from_iterable(same for same in folded.values() if len(same) > 1))
    if alike:
        remedy = "write them alike if they are the same"
        yield f"labels that differ in case alone are different ones ({listed(map(repr, alike))}): {remedy}"
