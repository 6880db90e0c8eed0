"""Sentiment from few labelled sentences, helped by part-of-speech tags: whether it helps, and what it costs.

    python examples/sentiment_with_tagging.py --sentiment reviews.tsv --tags en_ewt-ud-train.conllu

One BiLSTM in plain PyTorch reads both. Without arguments the files are taken from the folder that the environment
variable MT2ST_DATA names: cr/all.tsv.xz (customer reviews, Hu and Liu 2004) and ud_english_ewt/train.conllu.xz.
"""

import argparse
import os
import random
import sys
from pathlib import Path
from statistics import mean, stdev
from time import perf_counter

import torch
from torch.nn.functional import cross_entropy
from torch.nn.utils.rnn import pad_sequence

import mt2st
from mt2st.text import Vocabulary, read_examples
from mt2st.text.files import read_lines
from mt2st.text.readers.conllu import sentences, split_token

BATCH = 32
PADDING, UNKNOWN = 0, 1  # rows of the embedding; words follow
STUDENT = {2: 12.71, 3: 4.30, 4: 3.18, 5: 2.78, 6: 2.57, 7: 2.45, 8: 2.36, 9: 2.31, 10: 2.26}  # 95%, by seeds


class Model(torch.nn.Module):
    """An embedding and a BiLSTM that both tasks share, and a head for each."""

    def __init__(self, words, classes, tags):
        super().__init__()
        self.embedding = torch.nn.Embedding(words, 50, padding_idx=PADDING)
        self.ahead, self.back = (torch.nn.LSTM(50, 32, batch_first=True) for _ in range(2))
        self.heads = torch.nn.ModuleDict({"sentiment": torch.nn.Linear(64, classes), "pos": torch.nn.Linear(64, tags)})

    def encode(self, texts):
        """Return the states at the words of each text, (words, 64); in both directions padding comes after them."""
        ahead = self.ahead(self.embedding(pad_sequence(texts, batch_first=True)))[0]
        back = self.back(self.embedding(pad_sequence([text.flip(0) for text in texts], batch_first=True)))[0]
        pairs = zip(texts, ahead, back, strict=True)
        return [torch.cat([one[: len(text)], other[: len(text)].flip(0)], 1) for text, one, other in pairs]

    def classify(self, texts):
        """Return the scores of each text's classes, (batch, classes)."""
        return self.heads["sentiment"](torch.stack([states.amax(0) for states in self.encode(texts)]))

    def sentiment_loss(self, batch):
        """Return the mean loss over (text, class) pairs."""
        texts, labels = zip(*batch, strict=True)
        return cross_entropy(self.classify(texts), torch.tensor(labels))

    def tagging_loss(self, batch):
        """Return the mean loss over the words of (text, tags) pairs."""
        texts, tags = zip(*batch, strict=True)
        return cross_entropy(self.heads["pos"](torch.cat(self.encode(texts))), torch.cat(tags))


def read_sentiment(path):
    """Return (words, class) pairs; texts come with spaces between their tokens."""
    read = read_examples(path, require_labels=True)
    order = read.labels_in_order()
    return [(example.text.lower().split(), order.index(example.label)) for example in read]


def read_tags(path):
    """Return (words, universal part-of-speech tags) pairs."""
    found = []
    for sentence in sentences(read_lines(path)):
        tokens = [split_token(line) for line in sentence.tokens()]
        cells = [cells for cells, _, last, empty in tokens if not last and not empty]
        found.append(([cell[1].lower() for cell in cells], [cell[3] for cell in cells]))
    return found


def number(vocabulary, words):
    """Return the rows of the words in the embedding, (words,)."""
    places = [vocabulary.get(word) for word in words]
    return torch.tensor([UNKNOWN if place is None else place + 2 for place in places])


class Data:
    """One draw of labelled sentences, all others as the test, and the tagged sentences, as numbers."""

    def __init__(self, sentiment, tagged, labels, seed):
        sentiment = random.Random(seed).sample(sentiment, len(sentiment))
        known = Vocabulary.build([words for words, _ in [*sentiment[:labels], *tagged]], min_count=2)
        names = sorted({tag for _, tags in tagged for tag in tags})
        texts = [(number(known, words), label) for words, label in sentiment]
        self.train, self.test = texts[:labels], texts[labels:]
        self.tagged = [(number(known, w), torch.tensor([names.index(tag) for tag in tags])) for w, tags in tagged]
        self.shape = (len(known) + 2, 1 + max(label for _, label in texts), len(names))


def train(data, strategy, steps, seed):
    """Train under a strategy; return the accuracy on the test, the seconds, and the account of tagging."""
    torch.manual_seed(seed)
    chance, model = random.Random(seed), Model(*data.shape)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.003)
    balance = mt2st.Balance(
        "sentiment", ["pos"], strategy, steps, shared=model.embedding.parameters(), work=mt2st.Skip(), seed=seed
    )
    began = perf_counter()
    for _ in range(steps):
        optimizer.zero_grad()
        loss = balance(
            sentiment=lambda: model.sentiment_loss(chance.sample(data.train, min(BATCH, len(data.train)))),
            pos=lambda: model.tagging_loss(chance.sample(data.tagged, min(BATCH, len(data.tagged)))),
        )
        loss.backward()
        optimizer.step()
        balance.step()
    return accuracy(model, data.test), perf_counter() - began, balance.ledger["pos"]


@torch.no_grad()
def accuracy(model, examples):
    """Return the share of examples whose class is found."""
    texts, labels = zip(*sorted(examples, key=lambda example: len(example[0])), strict=True)
    batches = [texts[start : start + 256] for start in range(0, len(texts), 256)]
    found = torch.cat([model.classify(batch).argmax(1) for batch in batches])
    return (found == torch.tensor(labels)).float().mean().item()


def most_frequent(data):
    """Return the accuracy of always answering the class that is most frequent in training."""
    labels = [label for _, label in data.train]
    answer = max(sorted(set(labels)), key=labels.count)
    return mean(label == answer for _, label in data.test)


def verdict(differences):
    """Say in words whether the auxiliary helped, by the 95% interval of the paired differences."""
    middle, half = mean(differences), STUDENT[len(differences)] * stdev(differences) / len(differences) ** 0.5
    interval = f"{middle:+.3f} [{middle - half:+.3f}, {middle + half:+.3f}]"
    if middle - half > 0:
        return f"tagging helps here: {interval}"
    if middle + half < 0:
        return f"tagging hurts here: {interval}"
    return f"no help is shown by {len(differences)} seeds: {interval}"


def options():
    """Return what the command line says, files from MT2ST_DATA where it names none."""
    folder = Path(os.environ.get("MT2ST_DATA", "MT2ST_DATA"))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sentiment", default=folder / "cr" / "all.tsv.xz", help="label<TAB>text, tokenised")
    parser.add_argument("--tags", default=folder / "ud_english_ewt" / "train.conllu.xz", help="CoNLL-U")
    parser.add_argument("--labels", type=int, default=1000, help="sentences whose labels are used")
    parser.add_argument("--steps", type=int, default=300, help="of the optimiser")
    parser.add_argument("--seeds", type=int, default=3, choices=sorted(STUDENT))
    given = parser.parse_args()
    missing = [str(path) for path in (given.sentiment, given.tags) if not Path(path).is_file()]
    if missing:
        sys.exit(f"no file {' and no file '.join(missing)}: set MT2ST_DATA or give --sentiment and --tags, see --help")
    return given


def main():
    """Train with and without tagging, by turns, and print what came of it."""
    torch.set_num_threads(1)  # for matrices this small threads wait longer for each other than they compute
    given = options()
    sentiment, tagged = read_sentiment(given.sentiment), read_tags(str(given.tags))
    rows, guesses = [], []
    for seed in range(given.seeds):
        data = Data(sentiment, tagged, given.labels, seed)
        guesses.append(most_frequent(data))
        strategies = mt2st.SingleTask(), mt2st.Diminish(rate=5.0)
        rows.append([train(data, strategy, given.steps, seed) for strategy in strategies])
    print(f"{given.labels} labels, {given.seeds} seeds; always the most frequent class: accuracy {mean(guesses):.3f}")
    for name, results in zip(("alone", "with tagging"), zip(*rows, strict=True), strict=True):
        right, seconds, accounts = zip(*results, strict=True)
        ran, skipped = (sum(getattr(each, what) for each in accounts) for what in ("ran", "skipped"))
        print(f"{name}: accuracy {mean(right):.3f}, {mean(seconds):.1f} s, tagging ran {ran}, spared {skipped}")
    print(verdict([helped[0] - alone[0] for alone, helped in rows]))


main()
