"""
Tags from few sentences
=======================

Speech recognisers write everything in lower case. A tagger is to find the names in such sentences, spans of one word
or more. It learns from a few sentences in which they are marked, and from much other text in which they are not.
"""

# %%
# The tags are made of the text itself, a sample of Wikipedia that comes with gensim (extra ``data``): a run of words
# with a capital is a name, ``B-NAME I-NAME``; all else is ``O``. The first word of a sentence, which tells nothing, is
# left out.

import random
import re

import matplotlib.pyplot as plt

import mt2st
from mt2st.datasets import read_lines


def marked(sentence):
    """Return the words in lower case, and a tag for each."""
    capital = [word[0].isupper() for word in sentence]
    inside = [False, *capital[:-1]]
    tags = ["O" if not up else "I-NAME" if also else "B-NAME" for up, also in zip(capital, inside, strict=True)]
    return [word.lower() for word in sentence], tags


split = [re.findall(r"[\w-]+|[.,]", each)[1:] for line in read_lines("wikipedia") for each in line.split(". ")]
chosen = [each for each in split if 5 <= len(each) <= 40]
words, tags = zip(*map(marked, random.Random(0).sample(chosen, len(chosen))), strict=True)
test = words[1000:2000], tags[1000:2000]

# %%
# Vectors of the words of the text are learned once, and given to each tagger to begin with. For a single tagger
# ``fit(..., unlabelled=text)`` does both. ``score`` is the F1 of spans: both ends of a name must be right.

vectors = mt2st.train_vectors(words[2000:], vector_size=64, epochs=8)
print(f"text: {len(words) - 2000:,} sentences without tags, {len(vectors):,} words with a vector")
SIZES, scores = (50, 200, 800), {"tagged sentences alone": [], "text beside": []}
for size in SIZES:
    for name, start in zip(scores, (None, vectors), strict=True):
        tagger = mt2st.TokenTagger(vectors=start).fit(words[:size], tags[:size])
        scores[name].append(tagger.score(*test))
    print(f"{size} sentences, " + ", ".join(f"{name}: F1 {each[-1]:.3f}" for name, each in scores.items()))

# %%

for (name, each), marker in zip(scores.items(), "so", strict=True):
    plt.plot(SIZES, each, marker=marker, label=name)
plt.xlabel("tagged sentences")
plt.ylabel("F1 of names on 1,000 other sentences")
plt.legend(frameon=False)
plt.show()

# %%
# What the last one says of a sentence of our own:

spoken = ["she", "was", "born", "in", "paris", "and", "met", "robert", "smith", "in", "new", "york"]
for word, tag in zip(spoken, tagger.predict([spoken])[0], strict=True):
    print(f"{word}/{tag}", end=" ")
