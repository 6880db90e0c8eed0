from __future__ import annotations

import lzma

import numpy as np
import pandas as pd
import pytest

from mt2st.errors import DataError
from mt2st.estimators.tagging.text import split_tokens, token_lists


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("I can't, won\u2019t", ["I", "ca", "n't", ",", "wo", "n\u2019t"]),
        ("the dog's 1.5 at 10:30", ["the", "dog", "'s", "1.5", "at", "10:30"]),
        ("'quoted' e-mail", ["'", "quoted", "'", "e", "-", "mail"]),
        ("Grüße, 東京!", ["Grüße", ",", "東京", "!"]),
        ("हिन्दी में, cafe\u0301s", ["हिन्दी", "में", ",", "cafe\u0301s"]),
        (" \t\n", []),
    ],
)
def test_text_is_split_as_treebanks_are(text, tokens):
    assert split_tokens(text) == tokens


def test_strings_token_lists_and_files(tmp_path):
    path = tmp_path / "text.txt.xz"
    path.write_bytes(lzma.compress(b"One line.\nTwo"))
    wanted = [["one", "line", "."], ["two"]]
    assert list(token_lists(path)) == list(token_lists([path])) == wanted
    assert list(token_lists(["One line.", ["TWO"]])) == wanted


@pytest.mark.parametrize(
    "given", ["one string", 3, None, {"a", "set"}, {"a": 1}, np.array(1), pd.DataFrame({"text": ["a b"]})]
)
def test_what_is_no_collection_of_texts(given):
    with pytest.raises(DataError, match=f"unlabelled must be texts or pathlib.Path, {type(given).__name__} found"):
        list(token_lists(given))


@pytest.mark.parametrize("text", [None, 3.5, ["a", None], {"a", "b"}])
def test_the_text_is_named(text):
    with pytest.raises(DataError, match=r"unlabelled\[1\] must be a string or a list of strings"):
        list(token_lists(["good", text]))
