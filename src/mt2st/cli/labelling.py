"""Labelling lines of text with each kind of model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import compress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from mt2st.errors import DataError
from mt2st.estimators.inputs.texts import LONGEST

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mt2st.estimators.token_tagger import TokenTagger
    from mt2st.models import TaggingModel

ESCAPES = str.maketrans({"\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"})


class Labeller(NamedTuple):
    """A model for ``mt2st predict``.

    Attributes
    ----------
    read
        Converts a line to the model's input; raises `DataError` if that is not possible.
    say
        Returns the output for each input, without a newline.
    threads
        Maximum number of threads that may call ``say``.
    """

    read: Callable[[str], Any]
    say: Callable[[list[Any]], Iterable[str]]
    threads: int = 1


def labeller(folder: Path, probabilities: bool) -> Labeller:
    """Return the labeller of the model in a folder, of any kind."""
    from mt2st.estimators import loading

    if loading.is_classifier(folder):
        return Labeller(a_text, _by_classifier(folder, probabilities), threads=2)
    from mt2st.models import TextModel  # compiles, or loads, kernels, which a classifier does without
    from mt2st.models.model_files import is_tagger

    if loading.is_tagger(folder):
        from mt2st.estimators.token_tagger import TokenTagger

        tagger = TokenTagger.load(folder)
        return _tags(tagger, tagger.classes_.tolist(), probabilities)
    if is_tagger(folder):
        from mt2st.models import TaggingModel

        tagging = TaggingModel.load(folder)
        return _tags(tagging, tagging.classes, probabilities)
    model = TextModel.load(folder)
    names = escaped(model.classes)
    return Labeller(a_text, lambda texts: _likeliest(names, model.predict_proba(texts), probabilities))


def escaped(labels: Iterable[Any]) -> list[str]:
    r"""Return labels as written: newlines, tabs and backslashes are escaped with a backslash.

    Examples
    --------
    >>> [print(name) for name in escaped(["two\nlines", 3])] and None
    two\nlines
    3
    """
    return [str(label).translate(ESCAPES) for label in labels]


def a_text(line: str) -> str:
    """Return a line, if it is not too long for a text."""
    if len(line) > LONGEST:
        raise DataError(f"{len(line):,} characters, over {LONGEST:,}: cut the text into parts")
    return line


def a_sentence(line: str) -> list[str]:
    """Return the tokens of a line, if none is too long."""
    from mt2st.estimators.tagging.inputs import LONGEST as LONGEST_TOKEN

    tokens = line.split()
    longest = max(map(len, tokens), default=0)
    if longest > LONGEST_TOKEN:
        raise DataError(f"a token of {longest:,} characters, over {LONGEST_TOKEN:,}: put spaces between tokens")
    return tokens


def _by_classifier(folder: Path, probabilities: bool) -> Callable[[list[str]], Iterable[str]]:
    from mt2st.estimators.saving.classifier_reading import read_classifier

    classifier = read_classifier(folder)
    classes = classifier.classes_.tolist()
    names = escaped(classes)
    if classifier.several_:
        if probabilities:
            return lambda texts: (_each(names, row) for row in classifier.predict_proba(texts).tolist())
        from mt2st.text.targets import written_list  # loads readers, which others do without

        plain = list(map(str, classes))
        return lambda texts: (written_list(compress(plain, row)) for row in classifier.predict(texts).tolist())
    if probabilities:
        return lambda texts: _likeliest(names, classifier.predict_proba(texts), probabilities)
    name_of = dict(zip(classes, names, strict=True))
    return lambda texts: map(name_of.__getitem__, classifier.predict(texts).tolist())


def _each(names: list[str], shares: list[float]) -> str:
    return "\t".join(f"{name}\t{share:.4f}" for name, share in zip(names, shares, strict=True))


def _likeliest(names: list[str], shares: NDArray[np.floating], probabilities: bool) -> Iterator[str]:
    for best, share in zip(shares.argmax(1).tolist(), shares.max(1).tolist(), strict=True):
        yield f"{names[best]}\t{share:.4f}" if probabilities else names[best]


def _tags(model: TokenTagger | TaggingModel, classes: Sequence[str], probabilities: bool) -> Labeller:
    names = dict(zip(classes, escaped(classes), strict=True))
    places = {name: place for place, name in enumerate(classes)}

    def say(sentences: list[list[str]]) -> Iterator[str]:
        shares = model.predict_proba(sentences) if probabilities else [None] * len(sentences)
        for tokens, tags, own in zip(sentences, model.predict(sentences), shares, strict=True):
            told = [f"{token}\t{names[tag]}" for token, tag in zip(tokens, tags, strict=True)]
            if own is not None:
                pairs = zip(told, own, tags, strict=True)
                told = [f"{line}\t{row[places[tag]]:.4f}" for line, row, tag in pairs]
            yield "".join(f"{line}\n" for line in told)

    return Labeller(a_sentence, say)
