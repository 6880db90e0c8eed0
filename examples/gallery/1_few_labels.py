"""
Few labels and other people's labels
====================================

Product reviews are to be told as positive or negative, and only a few have a label. What are labels of *films* and
*tweets* worth? The same classifier is trained on the few alone, and with the others beside; and, as what one would do
without mt2st, logistic regression on TF-IDF.
"""

# %%
# Sentences with the mean rating that people gave them; a label is its sign. Film reviews and tweets are what helps.

import random
from statistics import mean

import matplotlib.pyplot as plt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

import mt2st
from mt2st.datasets import load_rated


def labelled(name):
    """Return the sentences of a set whose ratings lean to a side, and the sides."""
    rated = [each for each in load_rated(name) if each.rating]
    sides = ["good" if each.rating > 0 else "bad" for each in rated]
    return [each.text for each in rated], sides


texts, labels = labelled("products")
others = {name: labelled(name) for name in ("film", "tweets")}

# %%
# A thousand reviews are the test. Of the rest so many are drawn as are said to have labels, twice over.


def draw(size, seed):
    """Return texts and labels to train on, and texts and labels of the test."""
    order = random.Random(seed).sample(range(len(texts)), len(texts))
    parts = order[:size], order[-1000:]
    return [([texts[at] for at in part], [labels[at] for at in part]) for part in parts]


def train(few):
    """Return three models, by name."""
    plain = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression(C=10))
    return {
        "few labels alone": mt2st.TextClassifier().fit(*few),
        "films and tweets beside": mt2st.TextClassifier().fit(*few, auxiliary=others),
        "TF-IDF, regression": plain.fit(*few),
    }


SIZES, DRAWS, scores = (50, 200, 800), 2, {}
for size in SIZES:
    draws = [draw(size, seed) for seed in range(DRAWS)]
    models = [train(few) for few, _ in draws]
    for name in models[0]:
        found = [own[name].score(*test) for own, (_, test) in zip(models, draws, strict=True)]
        scores.setdefault(name, []).append(mean(found))
        print(f"{size:4} labels, {name}: {mean(found):.3f} ({min(found):.3f} to {max(found):.3f})")

# %%
# Others' labels count most where one's own are few; as these grow in number, the lines come closer.

for (name, each), marker in zip(scores.items(), "so^", strict=True):
    plt.plot(SIZES, each, marker=marker, label=name)
plt.xscale("log")
plt.xticks(SIZES, SIZES)
plt.minorticks_off()
plt.xlabel("labelled reviews")
plt.ylabel("test accuracy")
plt.legend(frameon=False)
plt.show()

# %%
# What a word adds to the score of the second class, *good*, in the last model that had help:

for word, added in models[-1]["films and tweets beside"].explain("The screen is lovely, but the battery is awful."):
    print(f"{word:8} {added['good']:+.2f}")
