"""``mt2st vectors``."""

import os
import random
import re
import signal
import subprocess
import sys
from time import monotonic, sleep

import numpy as np
import pytest

from mt2st.embeddings.formats import load_vectors, save_vectors
from mt2st.errors import ConfigError
from mt2st.text import encode_corpus

TOPICS = (["cat", "dog", "cow", "pig", "hen", "fox"], ["car", "bus", "van", "bike", "tram", "ship"])
QUICK = ("--vector-size", 20, "--window", 3, "--sample", 0)


@pytest.fixture
def corpus(tmp_path):
    chance = random.Random(0)
    lines = [" ".join(chance.choices(TOPICS[number % 2], k=8)) for number in range(2000)]
    path = tmp_path / "text.txt"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_text_becomes_vectors_and_a_summary(cli, corpus, tmp_path):
    called = cli("vectors", corpus, "--out", "v.safetensors", *QUICK)
    assert called.code == 0
    vectors = load_vectors(tmp_path / "v.safetensors")
    assert {word for word, _ in vectors.most_similar("cat", topn=5)} == set(TOPICS[0]) - {"cat"}
    lines, progress = called.out.splitlines(), called.err.splitlines()
    assert progress[0].startswith("encoding")
    assert [line.split(":")[0] for line in progress if line.startswith("epoch ")] == [f"epoch {n}" for n in range(1, 6)]
    for part in ("16,000, 16,000 of them in the vocabulary", "12 words of 20 dimensions", "loss by epoch", "near '"):
        assert part in called.out
    assert lines[-2].startswith("wrote v.safetensors (")
    assert lines[-1] == "next: mt2st neighbours v.safetensors WORD    mt2st evaluate v.safetensors"
    assert not (tmp_path / "v.safetensors.work").exists()


@pytest.mark.parametrize(
    ("method", "name"), [("skipgram", "v.bin"), ("cbow", "v.txt"), ("glove", "glove.txt"), ("cbow", "v.npz")]
)
def test_the_name_decides_the_format(cli, corpus, tmp_path, method, name):
    assert cli("vectors", corpus, "--out", name, "--method", method, "--quiet", *QUICK) == (0, "", "")
    assert len(load_vectors(tmp_path / name)) == 12


def test_subwords_are_kept_by_fasttexts_format(cli, corpus, tmp_path):
    called = cli("vectors", corpus, "--out", "v.bin", "--subwords", "--bucket", 1000, "--quiet", *QUICK)
    assert called == (0, "", "")
    assert "catt" in load_vectors(tmp_path / "v.bin")


@pytest.mark.filterwarnings("error")
def test_a_format_without_room_for_ngrams_is_told_before_the_work(cli, corpus, tmp_path):
    with pytest.raises(UserWarning, match=r"v\.vec: the format 'fasttext-text' keeps no n-grams"):
        cli("vectors", corpus, "--out", "v.vec", "--subwords", "--bucket", 1000, *QUICK)
    assert not list(tmp_path.glob("v.vec*"))


def test_a_warning_is_told_once(corpus, tmp_path):
    options = ["--out", str(tmp_path / "v.vec"), "--subwords", "--bucket", "1000", "--quiet", *map(str, QUICK)]
    command = [sys.executable, "-m", "mt2st", "vectors", str(corpus), *options]
    called = subprocess.run(command, capture_output=True, text=True, check=True)
    assert called.stderr.startswith("warning: ") and called.stderr.count("keeps no n-grams") == 1


def test_options_are_the_settings_of_train_vectors(cli, corpus, tmp_path):
    import mt2st

    options = ("--method", "cbow", "--negative", 3, "--epochs", 2, "--alpha", 0.1, "--min-alpha", 0.05, "--seed", 4)
    assert cli("vectors", corpus, "--out", "v.npz", *QUICK, *options, "--min-count", 2, "--quiet").code == 0
    wanted = mt2st.train_vectors(
        corpus, method="cbow", vector_size=20, window=3, sample=0, negative=3, epochs=2, alpha=0.1, min_alpha=0.05,
        seed=4, min_count=2,
    )  # fmt: skip
    assert np.array_equal(load_vectors(tmp_path / "v.npz").vectors, wanted.vectors)


def test_several_files_patterns_and_a_format(cli, corpus, tmp_path):
    (tmp_path / "more.txt").write_text("owl owl owl owl owl cat\n")
    called = cli("vectors", "te*.txt", "more.txt", "--out", "v.data", "--format", "numpy", "--quiet", *QUICK)
    assert called == (0, "", "")
    assert "owl" in load_vectors(tmp_path / "v.data", format="numpy")


@pytest.mark.parametrize("out", ["text.txt", "link.txt"])
def test_the_text_is_never_replaced_by_its_vectors(cli, corpus, tmp_path, out):
    (tmp_path / "link.txt").symlink_to(corpus)
    before = corpus.read_bytes()
    called = cli("vectors", "te*.txt", "--out", out, "--quiet", *QUICK)
    assert called == (2, "", f"mt2st: cannot write {out}: it is the text to train on; give another path\n")
    assert corpus.read_bytes() == before


def test_the_folder_of_encoded_text(cli, corpus, tmp_path):
    encode_corpus(corpus, tmp_path / "c", min_count=5)
    assert "encoded" in cli("vectors", "--help").plain + cli("vectors", "--help").out
    for text, out in ((corpus, "v.npz"), ("c", "w.npz")):
        assert cli("vectors", text, "--out", out, "--quiet", *QUICK) == (0, "", "")
    assert np.array_equal(load_vectors(tmp_path / "v.npz").vectors, load_vectors(tmp_path / "w.npz").vectors)
    assert (tmp_path / "c/corpus.json").exists()


def test_going_on_with_new_words(cli, corpus, tmp_path):
    assert cli("vectors", corpus, "--out", "v.safetensors", "--quiet", *QUICK).code == 0
    (tmp_path / "new.txt").write_text("cat dog owl\n" * 300)
    options = ("--start", "v.safetensors", "--update-vocabulary", "--sample", 0)
    called = cli("vectors", "new.txt", "--out", "w.safetensors", *options)
    assert called.code == 0
    more = load_vectors(tmp_path / "w.safetensors")
    assert more.index_to_key[12:] == ["owl"]
    assert (more.vector_size, more.training["window"]) == (20, 3)


def test_going_on_in_lower_case_unless_told_otherwise(cli, corpus, tmp_path):
    assert cli("vectors", corpus, "--out", "v.safetensors", "--lower", "--quiet", *QUICK).code == 0
    (tmp_path / "new.txt").write_text("CAT DOG cat cat\n" * 300)
    for options, count in (((), 1200), (("--no-lower",), 600)):
        called = cli("vectors", "new.txt", "--out", "w.safetensors", "--start", "v.safetensors", "--quiet", *options)
        assert called == (0, "", "")
        more, earlier = load_vectors(tmp_path / "w.safetensors"), load_vectors(tmp_path / "v.safetensors")
        assert more.counts.sum() - earlier.counts.sum() == count


def test_a_development_file_stops_early(cli, corpus, tmp_path):
    (tmp_path / "pairs.tsv").write_text("cat\tdog\t9\ncat\tcar\t1\nbus\tvan\t8\nhen\ttram\t2\n")
    options = ("--development", "pairs.tsv", "--patience", 1, "--every", 0.5, "--epochs", 50)
    called = cli("vectors", corpus, "--out", "v.npz", *QUICK, *options)
    assert called.code == 0
    assert "stopped early" in called.out
    assert "(best so far)" in called.err
    assert "│ development" in called.out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--out", "v.pdf"), "no format is known by this name"),
        (("--out", "v.npz", "--format", "nmpy"), "the format 'nmpy' is unknown; did you mean 'numpy'"),
        (("--out", "none/v.npz"), "there is no folder none"),
        (("--out", ".", "--format", "numpy"), "cannot write .: it is a folder"),
        (("--out", "v.npz", "--window", 0), "window must be a whole number from 1 to 255, 0 found"),
        (("--out", "v.npz", "--workers", 0), "workers must be a whole number from 1"),
        (("--out", "v.npz", "--update-vocabulary"), "give them (start=, --start)"),
        (("--out", "v.npz", "--start", "none.npz"), "none.npz"),
        (("--out", "v.npz", "--method", "glove", "--subwords"), "GloVe has no subwords"),
        (("--out", "v.npz", "--min-count", 5000), "min_count"),
        (("--out", "v.npz", "--development", "none.tsv"), "none.tsv"),
    ],
)
def test_faults_are_one_message(cli, corpus, options, message):
    called = cli("vectors", corpus, *options, "--quiet")
    assert called.code == 2
    assert called.err.startswith("mt2st: ")
    assert message in called.plain


def test_text_that_is_not_there_is_one_message(cli):
    called = cli("vectors", "none.txt", "--out", "v.npz", "--quiet")
    assert (called.code, called.err) == (2, "mt2st: none.txt: there is no such file: check the path\n")


def test_a_command_that_comes_to_nothing_leaves_nothing(cli, tmp_path):
    assert cli("vectors", "none.txt", "--out", "v.npz").code == 2
    assert not list(tmp_path.iterdir())


def test_a_folder_that_was_there_is_kept(cli, corpus, tmp_path):
    mine = tmp_path / "v.npz.work/thesis.txt"
    mine.parent.mkdir()
    mine.write_text("years")
    assert cli("vectors", corpus, "--out", "v.npz", "--quiet", *QUICK).code == 0
    assert [path.name for path in mine.parent.rglob("*")] == ["thesis.txt"]
    assert mine.read_text() == "years"


def fail_to_save(monkeypatch, error):
    def fail(vectors, path, **options):
        raise error

    monkeypatch.setattr("mt2st.embeddings.formats.save_vectors", fail)


@pytest.mark.parametrize("error", [ConfigError("cannot write v.npz"), KeyboardInterrupt()])
def test_what_is_trained_is_kept_where_it_cannot_be_written(cli, corpus, tmp_path, monkeypatch, error):
    with monkeypatch.context() as patch:
        fail_to_save(patch, error)
        called = cli("vectors", corpus, "--out", "v.npz", "--quiet", *QUICK)
        assert called.code in (2, 130)
        assert "the same c" in called.err
    again = cli("vectors", corpus, "--out", "v.npz", *QUICK)
    assert again.code == 0
    assert "epoch 1:" not in again.err
    assert cli("vectors", corpus, "--out", "w.npz", "--quiet", *QUICK).code == 0
    assert np.array_equal(*(load_vectors(tmp_path / name).vectors for name in ("v.npz", "w.npz")))
    assert {path.name for path in tmp_path.iterdir()} == {"text.txt", "v.npz", "w.npz"}


@pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be locked there")
def test_one_command_at_a_time_until_its_vectors_are_written(cli, corpus, tmp_path, monkeypatch):
    second = []

    def save(vectors, path, **options):
        second.append(cli("vectors", corpus, "--out", "v.npz", "--quiet", *QUICK))
        save_vectors(vectors, path, **options)

    monkeypatch.setattr("mt2st.embeddings.formats.save_vectors", save)
    assert cli("vectors", corpus, "--out", "v.npz", "--quiet", *QUICK).code == 0
    assert second[0].code == 2
    assert re.search(r"v\.npz\.work is in use by (another )?process.*: wait for its end", second[0].err)
    assert len(load_vectors(tmp_path / "v.npz")) == 12


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_saves_and_the_same_command_goes_on(corpus, tmp_path, number, code):
    options = ["--out", str(tmp_path / "v.npz"), *map(str, QUICK), "--epochs", "3000", "--checkpoint-every", "0"]
    command = [sys.executable, "-m", "mt2st", "vectors", str(corpus), *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    work, deadline = tmp_path / "v.npz.work", monotonic() + 60
    try:
        while not list(work.glob("checkpoint/step-*")) and process.poll() is None and monotonic() < deadline:
            sleep(0.01)
        process.send_signal(number)
        _, err = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == code
    assert err.splitlines(keepends=True)[-1] == "stopped and saved; to resume, give the same command again\n"
    assert not (tmp_path / "v.npz").exists()
    steps = [int(path.name[5:]) for path in work.glob("checkpoint/step-*")]
    assert steps
    again = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        lines = [again.stderr.readline() for _ in range(3)]
    finally:
        os.kill(again.pid, signal.SIGKILL)
        again.communicate()
    first = next(line for line in lines if line.startswith("epoch "))
    assert float(first.split()[1].rstrip(":")) > min(steps), "earlier epochs are not told again"
