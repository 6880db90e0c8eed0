"""
When to switch
==============

The default job of ``mt2st train`` (product reviews with 250 labels, helped by film reviews, tweets, editorials and a
language model) under four strategies. *Constant* trains on everything to the end, *switch* for a fifth of the steps,
*diminish* fades the others out, *single* never has them. How good is the model after so many seconds?
"""

# %%
# The data is read once. A ``Cell`` is a strategy, factors of the learning rates and a seed; the seed decides which
# reviews have labels, so each line below is a mean of four. On the command line ``mt2st compare`` does this, with a
# search of the rates and a report.

from statistics import mean

import matplotlib.pyplot as plt

from mt2st.training.cells import Cell, run_cell
from mt2st.training.comparison import mean_curve
from mt2st.training.corpus import load_corpus
from mt2st.training.settings import default_settings, parse_settings

settings = parse_settings(default_settings())
corpus = load_corpus(settings)
run_cell(corpus, settings, Cell("switch", (1.0, 1.0), seed=0), with_test=False)  # the first run compiles
runs = {
    strategy: [run_cell(corpus, settings, Cell(strategy, (1.0, 1.0), seed), with_test=True) for seed in range(1, 5)]
    for strategy in ("single", "constant", "switch", "diminish")
}

# %%
# Curves are of the development part; the figures beside are of the test part, which no run has seen.

for strategy, each in runs.items():
    print(f"{strategy:9} test {mean(run.test for run in each):.3f}, {mean(run.seconds for run in each):5.2f} s")
    seconds, scores = zip(*mean_curve([run.curve for run in each]), strict=True)
    plt.plot(seconds, scores, marker=".", label=strategy)
plt.xscale("log")
plt.gca().xaxis.set_major_formatter("{x:g}")
plt.xlabel("seconds of training")
plt.ylabel("development accuracy, mean of four seeds")
plt.legend(frameon=False)
plt.show()

# %%
# All that have the others' help rise above *single*. *Constant* pays for them to the end and gets no further by it:
# its curve is the longest and not the highest. *Switch* and *diminish* stop paying, and end after a part of its time.
