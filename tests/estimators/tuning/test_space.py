"""What may vary: what was not set, what matters for the data, and what the user adds."""

from __future__ import annotations

import numpy as np
import pytest

from mt2st import TextClassifier, TokenTagger
from mt2st.errors import ConfigError
from mt2st.estimators.tuning.space import (
    CLASSIFIER_FIRST,
    TAGGER_FIRST,
    Space,
    classifier_choices,
    tagger_choices,
)

WHOLE = classifier_choices(short=True, vectors=True, small=False, rare=False)


def test_the_defaults_are_among_all_choices_and_come_first():
    for small, rare in ((False, False), (True, True)):
        choices = classifier_choices(short=False, vectors=True, small=small, rare=rare)
        space = Space.of(TextClassifier(), choices, CLASSIFIER_FIRST, None)
        assert space.given == {name: TextClassifier().get_params()[name] for name in choices}
        assert all(space.given[name] in values for name, values in space.choices.items())
    space = Space.of(TokenTagger(), tagger_choices(vectors=True, helped=True), TAGGER_FIRST, None)
    assert all(space.given[name] in values for name, values in space.choices.items())
    assert [each["passes"] for each in space.first] == [20.0, 10.0, 10.0]


def test_what_the_user_set_is_not_tuned():
    space = Space.of(TextClassifier(vector_size=30, pairs=False), WHOLE, CLASSIFIER_FIRST, None)
    assert not {"vector_size", "pairs"} & set(space.choices)
    assert all("pairs" not in settings for settings in space.first)


def test_the_users_values_replace_and_add_and_hold_the_given_one():
    own = {"passes": [3.0], "C": [1.0, 2.0]}
    space = Space.of(TextClassifier(), WHOLE, CLASSIFIER_FIRST, own)
    assert space.choices["passes"] == ("auto", 3.0)
    assert space.choices["C"] == (None, 1.0, 2.0)
    arrays = {name: np.array(values) for name, values in own.items()}
    assert Space.of(TextClassifier(), WHOLE, CLASSIFIER_FIRST, arrays) == space
    whole = Space.of(TextClassifier(), {}, (), {"vector_size": np.array([10, 20])})
    assert {type(value) for value in whole.choices["vector_size"]} == {int}
    assert space.given["C"] is None


def test_without_vectors_nothing_of_them_varies_and_the_size_is_the_product():
    choices = classifier_choices(short=False, vectors=False, small=False, rare=True)
    space = Space.of(TextClassifier(), choices, CLASSIFIER_FIRST, None)
    assert set(choices) == {"pairs", "ngrams", "class_weight"}
    assert space.size == 2 * 2 * 2
    # In long texts "auto" leaves n-grams out, so that True is the other choice.
    assert [each for each in space.first if each["ngrams"] != "auto"] == [{**space.given, "ngrams": True}]


@pytest.mark.parametrize(
    ("own", "says"),
    [
        ({"vector_sizes": [1]}, "'vector_sizes' is no parameter; did you mean 'vector_size'?"),
        ({"passes": 3.0}, "must be a list of values to choose from, 3.0 found"),
        ({"strategy": "auto"}, "must be a list"),
        ({"passes": []}, "must be a list"),
    ],
)
def test_what_is_no_space_is_told(own, says):
    with pytest.raises(ConfigError, match=says):
        Space.of(TextClassifier(), WHOLE, CLASSIFIER_FIRST, own)
