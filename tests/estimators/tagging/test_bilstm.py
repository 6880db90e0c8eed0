from __future__ import annotations

import numpy as np
import pytest

from mt2st import Switch, TokenTagger
from mt2st.errors import ConfigError
from mt2st.evaluation import find_scheme

WORDS = {"DET": ["the", "a"], "NOUN": ["dog", "cat", "tree"], "VERB": ["runs", "sleeps"]}
SMALL = {"encoder": "bilstm", "vector_size": 8, "hidden_size": 8}


def make(count, seed=1):
    draw = np.random.default_rng(seed)
    rows = [["DET", "NOUN", "VERB"] if draw.integers(2) else ["NOUN", "VERB"] for _ in range(count)]
    return [[str(draw.choice(WORDS[tag])) for tag in row] for row in rows], rows


def test_it_learns_is_saved_and_loaded(tmp_path):
    sentences, tags = make(60)
    tagger = TokenTagger(**SMALL).fit(sentences, tags, unlabelled=["the dog sleeps"] * 5)
    assert tagger.score(*make(20, seed=2)) > 0.95
    tagger.save(tmp_path)
    loaded = TokenTagger.load(tmp_path)
    unseen = [["a", "cat", "runs"], [], ["zebu"]]
    assert loaded.predict(unseen) == tagger.predict(unseen) and loaded.get_params() == tagger.get_params()
    assert "# Token tagger" in (tmp_path / "README.md").read_text()
    with pytest.raises(ConfigError, match="quantize=True is for encoder='window'"):
        tagger.save(tmp_path, quantize=True)
    shares, again = tagger.predict_proba(unseen), loaded.predict_proba(unseen)
    assert all(map(np.array_equal, shares, again))
    assert [share.shape for share in shares] == [(3, 3), (0, 3), (1, 3)]
    np.testing.assert_allclose(np.concatenate(shares).sum(1), 1, rtol=1e-5)
    assert tagger.classes_[shares[0].argmax(1)].tolist() == tagger.predict(unseen)[0]


def test_lone_surrogates_are_saved_and_it_is_saved_again(tmp_path):
    sentences, tags = [["\ud800", "x", "\\\udfff", "y"]] * 20, [["A\udfff", "B", "C", "D"]] * 20
    tagger = TokenTagger(**SMALL).fit(sentences, tags)
    for _ in range(2):
        tagger.save(tmp_path / "tagger")
    loaded = TokenTagger.load(tmp_path / "tagger")
    assert loaded.classes_.tolist() == tagger.classes_.tolist() == ["A\udfff", "B", "C", "D"]
    assert all(map(np.array_equal, loaded.predict_proba(sentences), tagger.predict_proba(sentences)))


def test_a_seed_gives_the_same_bits():
    one, same = (TokenTagger(**SMALL, passes=3).fit(*make(20)).model_.arrays for _ in range(2))
    assert all(np.array_equal(one[name], same[name]) for name in one)


def test_spans_have_a_crf_that_keeps_to_the_scheme():
    sentences = [["Anna", "Berg", "ran"], ["Bo", "ran"]] * 20
    tagger = TokenTagger(**SMALL).fit(sentences, [["B-PER", "I-PER", "O"], ["B-PER", "O"]] * 20)
    assert tagger.scheme_ == "bio" and tagger.score([["Bo", "ran"]], [["B-PER", "O"]]) == 1
    assert find_scheme("bio").first_fault(tagger.predict([["Berg", "Berg", "ran"]])[0]) is None
    share = tagger.predict_proba([["Berg", "ran"]])[0]
    assert share[0, tagger.classes_.tolist().index("I-PER")] < 1e-6
    assert share[0].sum() == pytest.approx(1, rel=1e-5)


@pytest.mark.parametrize("strategy", ["pretrain", Switch(at="auto")])
def test_auxiliaries_take_part_as_the_strategy_says(strategy):
    tagger = TokenTagger(**SMALL, strategy=strategy, seed=1).fit(*make(40), auxiliary={"more": make(40, seed=4)})
    assert 0 < tagger.work_["more"]["ran"] < tagger.work_["primary"]["ran"] + tagger.work_["primary"]["skipped"]
    assert tagger.score(*make(20, seed=3)) > 0.8
