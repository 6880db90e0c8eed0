"""What is said of lines."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from mt2st.cli.labelling import _tags


def test_a_tag_has_its_own_probability_where_another_ones_is_higher():
    """The best sequence of tags need not have each token's likeliest."""
    probabilities = [np.array([[0.3, 0.7], [0.1, 0.9]], np.float32)]
    tagger = SimpleNamespace(predict=lambda _: [["B", "O"]], predict_proba=lambda _: probabilities)
    model = _tags(tagger, ["B", "O"], True)
    assert list(model.say([["x", "y"]])) == ["x\tB\t0.3000\ny\tO\t0.9000\n"]
