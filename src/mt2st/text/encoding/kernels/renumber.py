"""New numbers for words, and some left out."""

from __future__ import annotations

from mt2st.native import Numbers, Places, kernel


@kernel("int64(int32[::1], int64[::1], int32[::1])")
def renumber(ids: Numbers, ends: Places, final: Numbers) -> int:
    """Give words their final ids in place; leave out those whose id is negative, and sentences without a word.

    Returns
    -------
    The sentences left; the last of their ends is the words left.
    """
    at = kept = sentences = 0
    for sentence in range(ends.size):
        before = kept
        for i in range(at, ends[sentence]):
            number = final[ids[i]]
            ids[kept] = number
            kept += 1 if number >= 0 else 0
        at = ends[sentence]
        if kept > before:
            ends[sentences] = kept
            sentences += 1
    return sentences
