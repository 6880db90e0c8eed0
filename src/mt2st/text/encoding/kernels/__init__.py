"""Words out of bytes: found, looked up and numbered eight bytes at a time, with no Python object for any of them.

No kernel here calls another: each would be compiled on its own as well, and the first run waits for that. For the same
reason all whole numbers but counts are unsigned, and constants have their type: conversions are compiled too.

A table is open-addressed, two 64-bit numbers a slot: the word's key, and its length (upper half) and id + 1 (lower
half). A key's upper bits are its slot. Words under eight bytes have different keys, so that most words are compared in
one step; the bytes of longer ones are compared too.
"""

from mt2st.text.encoding.kernels.count import count_words
from mt2st.text.encoding.kernels.renumber import renumber
from mt2st.text.encoding.kernels.split import split_words

__all__ = ["count_words", "renumber", "split_words"]
