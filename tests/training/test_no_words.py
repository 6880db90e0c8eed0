"""Texts in which no word occurs often enough: the primary trains, and language models rest with a warning."""

import pytest

REASON = "without a word that occurs model.min_count times, so nothing is learned: lower it, or split words by spaces"
TEXTS = {
    "once": [f"uniq{n}" for n in range(40)],
    "punctuation": [".,;-"[n % 4] * (n + 1) for n in range(40)],
    "run together": [f"thisisfilm{n}" for n in range(40)],
}


@pytest.fixture
def settings_of(tmp_path):
    def make(texts, kind, encoder="bag"):
        path = tmp_path / "few.tsv"
        path.write_text("".join(f"{('pos', 'neg')[n % 2]}\t{text}\n" for n, text in enumerate(TEXTS[texts])))
        language = {"kind": kind, "passes": 1.0}
        return {
            "primary.data": str(path),
            "primary.labels": None,
            "model.min_count": 2,
            "auxiliary": {"language": language},
            "model.encoder": encoder,
        }

    return make


@pytest.mark.parametrize("strategy", ["single", "switch", "feedback"])
@pytest.mark.parametrize("kind", ["skipgram", "cbow", "glove", "document"])
def test_every_language_model_rests(train_in, settings_of, kind, strategy):
    run, result = train_in("run", {**settings_of("once", kind), "strategy.name": strategy})
    assert result["data"]["skipped_rows"] == {"language": {REASON: 24}}
    assert result["test"]["examples"] == 8 and (run.path / "model").is_dir()
    assert result["work"]["language"]["examples"] == 0


@pytest.mark.parametrize("texts", TEXTS)
def test_so_it_does_whatever_the_texts_are(train_in, settings_of, texts):
    _, result = train_in("run", settings_of(texts, "skipgram"))
    assert result["data"]["skipped_rows"] == {"language": {REASON: 24}}


def test_chinese_needs_no_spaces(train_in, settings_of, monkeypatch):
    monkeypatch.setitem(TEXTS, "chinese", [f"这是第{n}部电影" for n in range(40)])
    _, result = train_in("run", settings_of("chinese", "skipgram"))
    assert result["data"]["skipped_rows"] == {}
    assert result["work"]["language"]["examples"] > 0


def test_with_a_torch_encoder_too(train_in, settings_of):
    pytest.importorskip("torch")
    _, result = train_in("run", settings_of("once", "skipgram", "bilstm"))
    assert result["data"]["skipped_rows"] == {"language": {REASON: 24}}
