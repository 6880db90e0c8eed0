"""Every torch encoder, with and without subwords, in whole runs: resumed, frozen, saved, and what settings refuse."""

import json

import numpy as np
import pytest

pytest.importorskip("torch")

from mt2st.embeddings import SubwordRows, WordVectors
from mt2st.errors import ConfigError
from mt2st.models import TextModel
from mt2st.text import read_examples
from mt2st.training.checkpoint import load_checkpoint
from mt2st.training.metrics import read_metrics
from mt2st.training.settings import parse_settings

SMALL = {"model.filters": 4, "model.widths": [2, 3], "model.layers": 1, "model.heads": 2, "model.dropout": 0.3}
NGRAMS = {"model.subwords": True, "model.max_n": 4, "model.bucket": 300}
SHARED = {"kind": "skipgram", "passes": 1.0, "subwords": True, "max_n": 4, "bucket": 300}
CASES = {
    **{encoder: {"model.encoder": encoder} for encoder in ("attention", "cnn", "transformer")},
    "pooled": {"model.encoder": "cnn", "model.pooling": "attention"},
    "subwords": {"model.encoder": "bilstm", "model.min_count": 3, **NGRAMS},
    "shared": {"model.encoder": "cnn", **NGRAMS, "auxiliary.language": SHARED},
}


@pytest.fixture(params=CASES)
def changes(request):
    return {**SMALL, **CASES[request.param], "strategy.at": 0.5}


def end_of(run):
    arrays, _ = load_checkpoint(run.checkpoints)
    records = [{key: value for key, value in r.items() if key != "seconds"} for r in read_metrics(run.metrics)]
    files = [(run.path / name).read_bytes() for name in ("model/model.safetensors", "vectors.safetensors")]
    return {name: array.tobytes() for name, array in arrays.items()}, records, files


def test_a_run_stopped_at_any_step_ends_as_one_that_was_not(train_in, stop_after, changes):
    changes = {**changes, "freeze.share": 0.5, "freeze.layers": 0.3}
    run, result = train_in("whole", changes)
    assert len(result["frozen"]["dimensions"]) == 4 and result["frozen"]["layers"]
    whole = end_of(run)
    for step in (1, 6, 8):
        train_in(f"stopped{step}", changes, stop=stop_after(step))
        assert end_of(train_in(f"stopped{step}", changes)[0]) == whole, step


def test_the_saved_model_predicts_what_was_judged(train_in, changes, tmp_path):
    run, result = train_in(
        "run",
        {
            **changes,
            "primary.test_data": str(tmp_path / "film.tsv"),
            "auxiliary.film": {"data": str(tmp_path / "reviews.tsv"), "passes": 3.0},
        },
    )
    model = TextModel.load(run.path)
    found = read_examples(str(tmp_path / "film.tsv"))
    predicted = model.predict(found.texts)
    assert np.mean([a == e.label for a, e in zip(predicted, found, strict=True)]) == result["test"]["accuracy"]
    description = json.loads((run.path / "model/model.json").read_text())
    assert description["encoder"] == changes["model.encoder"]


def test_every_layer_and_the_table_train(small_job, run_job, changes):
    job = small_job(changes)
    before = {name: array.copy() for name, array in job.shared.arrays().items()}
    run_job(job)
    resting = [name for name, array in job.shared.arrays().items() if np.array_equal(array, before[name])]
    assert resting == []


def test_an_unknown_word_is_made_of_its_n_grams(train_in):
    changes = {**SMALL, **NGRAMS, "model.encoder": "bilstm"}
    run, _ = train_in("with", changes)
    model = TextModel.load(run.path)
    first, second, other = model.predict_proba(["splendidly", "dreadfully", "splendidly"])
    assert not np.array_equal(first, second) and np.array_equal(first, other)
    plain = TextModel.load(train_in("without", {**SMALL, "model.encoder": "bilstm"})[0].path)
    shares = plain.predict_proba(["splendidly", "dreadfully", ""])
    assert np.array_equal(shares[0], shares[1]) and np.array_equal(shares[0], shares[2])


def test_exported_vectors_are_what_the_encoder_reads(train_in):
    run, _ = train_in("run", {**SMALL, **CASES["shared"]})
    vectors, model = WordVectors.load(run.path / "vectors.safetensors"), TextModel.load(run.path)
    assert isinstance(vectors.subwords, SubwordRows)
    for word in ("film", "splendidly"):
        rows, shares, _ = model.words.select(model.words.encode([word]).astype(np.int64))
        own = (model.arrays["table"][rows] * shares[:, None]).sum(0)
        wanted = vectors[word] if word in vectors else vectors.subwords.unseen(word)
        np.testing.assert_allclose(own, wanted, rtol=1e-5, atol=1e-7)


def test_a_tagger_too_reads_unknown_words(small_job, tmp_path):
    (tmp_path / "names.conll").write_text("Anna\tB-PER\nsaw\tO\nunseenville\tB-LOC\n\n" * 4)
    auxiliary = {"names": {"kind": "tagging", "data": str(tmp_path / "names.conll")}}
    job = small_job({**SMALL, **NGRAMS, "model.encoder": "cnn", "model.min_count": 5, "auxiliary": auxiliary})
    words, rows = len(job.corpus.features.words), job.tasks["names"].data.rows
    assert rows.ids.min() >= words, "no word of it is frequent enough, and each has a number"
    assert job.tasks["names"].learn(np.arange(4), 1.0, 1.0).terms == 12
    assert job.shared.embedding.weight.grad.coalesce().indices().max() >= words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"model.subwords": True}, "subwords need a torch encoder, the bag has none"),
        ({"model.encoder": "transformer", "model.heads": 3}, r"heads must divide vector_size \(transformer\), 3 and 8"),
        ({"model.encoder": "attention", "model.pooling": "max"}, "pooling of attention is attention, 'max' found"),
        ({"model.encoder": "cnn", "model.widths": [3, 3]}, "widths must differ"),
        ({"model.encoder": "cnn", "model.widths": []}, "widths"),
        ({"model.encoder": "cnn", "model.min_n": 5, "model.max_n": 4}, "min_n must be at most max_n, 5 and 4 found"),
        ({**CASES["shared"], "model.max_n": 5}, "an encoder and auxiliaries with subwords share them"),
    ],
)
def test_settings_that_do_not_fit_are_refused(job_values, changes, words):
    with pytest.raises(ConfigError, match=words):
        parse_settings(job_values(changes))


def test_labelled_auxiliaries_take_fewer_passes_with_any_torch_encoder():
    values = {"auxiliary": {"a": {"data": "film"}}}
    passes = {e: parse_settings({**values, "model": {"encoder": e}}).auxiliary["a"].passes for e in ("bag", "cnn")}
    assert passes == {"bag": 20.0, "cnn": 5.0}


def test_batches_of_like_length_resume_bit_for_bit(train_in, stop_after):
    changes = {**SMALL, "model.encoder": "cnn", "training.buckets": 3}
    whole = end_of(train_in("whole", changes)[0])
    assert whole[0] != end_of(train_in("plain", {**changes, "training.buckets": 1})[0])[0]
    for step in (3, 7):
        train_in(f"stopped{step}", changes, stop=stop_after(step))
        assert end_of(train_in(f"stopped{step}", changes)[0]) == whole, step
