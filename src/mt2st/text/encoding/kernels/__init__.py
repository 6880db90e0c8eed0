"""Words in bytes: found, looked up and numbered eight bytes at a time, without Python objects.

No kernel here calls another, since callees are also compiled separately, which delays the first run. For the same
reason all integers but counts are unsigned, and constants are typed: conversions are compiled too.

A table is open-addressed, with two 64-bit numbers per slot: the word's key, and its length (upper half) and id + 1
(lower half). A key's upper bits are its slot. Different words under eight bytes have different keys, so that most words
are compared in one step; the bytes of longer ones are compared too.
"""

from mt2st.text.encoding.kernels.count import count_words
from mt2st.text.encoding.kernels.renumber import renumber
from mt2st.text.encoding.kernels.split import split_words

__all__ = ["count_words", "renumber", "split_words"]
