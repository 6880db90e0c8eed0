"""
Word vectors in seconds
=======================

Skip-gram vectors of a hundred Wikipedia articles: neighbours, an odd one out, and a map of some words.
"""

# %%
# The text is a small sample that comes with gensim (extra ``data``), about 450,000 words, read ten times. That is
# little: vectors for use are trained on millions of words, by ``mt2st vectors FILE`` at some three million a second.

import re
from time import perf_counter

import matplotlib.pyplot as plt
from sklearn.decomposition import PCA

import mt2st
from mt2st.datasets import read_lines
from mt2st.text.tokenizer import tokenize

sentences = [tokenize(each) for line in read_lines("wikipedia") for each in re.split(r"(?<=[.!?]) ", line)]
mt2st.train_vectors([["compile"] * 9] * 9, min_count=1, epochs=1)  # the first call compiles
began = perf_counter()
vectors = mt2st.train_vectors(sentences, vector_size=50, epochs=10)
print(f"{len(vectors):,} words from {sum(map(len, sentences)):,} in {perf_counter() - began:.1f} s")

# %%
# The methods are named as in gensim.

for word in ("philosophy", "war", "city", "river", "actor"):
    print(f"{word}: {', '.join(found for found, _ in vectors.most_similar(word, topn=5))}")
print("not like the others:", vectors.doesnt_match(["oxygen", "nitrogen", "hydrogen", "parliament"]))

# %%
# An analogy is a sum: *France* is to *French* as *Spain* is to what?

for asked in (["french", "spain", "france"], ["actress", "he", "actor"], ["larger", "small", "large"]):
    *plus, minus = asked
    found = [word for word, _ in vectors.most_similar(plus, [minus], topn=3)]
    print(f"{minus} : {plus[0]} = {plus[1]} : {', '.join(found)}")

# %%
# The first two principal components of a few words. Words of one field lie together, though nobody said which field
# they are of.

fields = {
    "chemistry": "oxygen hydrogen nitrogen carbon acid metal",
    "places": "city town river lake valley island",
    "film": "film actor actress movie awards drama",
}
words = [word for field in fields.values() for word in field.split()]
places = dict(zip(words, PCA(2).fit_transform(vectors[words]), strict=True))
for name, field in fields.items():
    plt.scatter(*zip(*(places[word] for word in field.split()), strict=True), label=name)
for word, place in places.items():
    plt.annotate(word, place, xytext=(4, 3), textcoords="offset points", fontsize=9)
plt.legend(frameon=False)
plt.axis("off")
plt.show()
