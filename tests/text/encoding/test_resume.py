import errno
import gzip
import itertools
import json
import lzma
import os
import signal
import subprocess
import sys
import time

import pytest
import zstandard

from mt2st.errors import ConfigError, DataError
from mt2st.text.encoding import EncodedCorpus, encode_corpus
from mt2st.text.encoding.store import PartStore

SMALL = 1 << 16
SLOW = """
import sys, time
from mt2st.text.encoding import encode_corpus
source, folder, workers, bound = sys.argv[1:]
encode_corpus(source, folder, min_count=2, memory=1 << 16, workers=int(workers), max_vocabulary=int(bound) or None,
              on_progress=lambda read, total: time.sleep(0.005))
"""


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    path = tmp_path_factory.mktemp("text") / "a.txt"
    path.write_text("".join(f"a line with w{n % 977} and v{n % 4999} of n{n}\n" for n in range(24_000)))
    return path


def files_of(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def options(bound):
    return {"min_count": 2, "memory": SMALL, "max_vocabulary": bound or None}


def kill_midway(path, folder, workers, bound=0):
    """Kill an encoding process for good once it has sealed something; return the parts it had sealed."""
    arguments = [sys.executable, "-c", SLOW, str(path), str(folder), str(workers), str(bound)]
    process = subprocess.Popen(arguments)
    progress = folder / "unfinished" / "progress.json"
    while not progress.exists():
        assert process.poll() is None
        time.sleep(0.002)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert not (folder / "corpus.json").exists()
    return json.loads(progress.read_text())["parts"]


@pytest.mark.parametrize(("workers", "bound"), [(1, 0), (2, 0), (1, 2000)])
def test_a_killed_encode_goes_on_and_ends_in_the_same_bytes(text, tmp_path, monkeypatch, workers, bound):
    whole = encode_corpus(text, tmp_path / "whole", **options(bound))
    sealed = kill_midway(text, tmp_path / "killed", workers, bound)
    assert 0 < len(sealed) < len(whole.shards)
    added = []
    append = PartStore.append
    monkeypatch.setattr(PartStore, "append", lambda store, part: added.append(part) or append(store, part))
    encode_corpus(text, tmp_path / "killed", workers=2, **options(bound))
    assert len(added) == len(whole.shards) - len(sealed)
    assert files_of(tmp_path / "killed") == files_of(tmp_path / "whole")
    assert not (tmp_path / "killed" / "unfinished").exists()


class StopError(Exception):
    pass


def stop_after(blocks):
    calls = itertools.count(1)

    def on_progress(read, total):
        if next(calls) == blocks:
            raise StopError

    return on_progress


@pytest.mark.parametrize("suffix", [".gz", ".xz", ".zst"])
def test_packed_files_go_on_inside(text, tmp_path, suffix):
    pack = {".gz": gzip.compress, ".xz": lzma.compress, ".zst": zstandard.compress}[suffix]
    content = text.read_bytes()
    files = [tmp_path / f"{name}.txt{suffix}" for name in "ab"]
    for path, piece in zip(files, (content[:300_000], content[300_000:]), strict=True):
        path.write_bytes(pack(piece))
    for blocks in (33, 64, 70):
        with pytest.raises(StopError):
            encode_corpus(files, tmp_path / str(blocks), on_progress=stop_after(blocks), **options(0))
    whole = encode_corpus(files, tmp_path / "whole", **options(0))
    for blocks in (33, 64, 70):
        again = encode_corpus(files, tmp_path / str(blocks), **options(0))
        assert files_of(again.folder) == files_of(whole.folder)


@pytest.mark.parametrize("change", [{"min_count": 3}, {"lower": True}, {"memory": 2 * SMALL}, {"max_vocabulary": 9999}])
def test_other_settings_begin_anew(text, tmp_path, change):
    with pytest.raises(StopError):
        encode_corpus(text, tmp_path / "a", on_progress=stop_after(70), **options(0))
    both = {**options(0), **change}
    again, whole = (encode_corpus(text, tmp_path / name, **both) for name in ("a", "b"))
    assert files_of(again.folder) == files_of(whole.folder)


def test_another_text_begins_anew(text, tmp_path):
    path = tmp_path / "b.txt"
    path.write_bytes(text.read_bytes())
    with pytest.raises(StopError):
        encode_corpus(path, tmp_path / "a", on_progress=stop_after(70), **options(0))
    path.write_text("other words other words\n" * 5)
    corpus = encode_corpus(path, tmp_path / "a", **options(0))
    assert (corpus.vocabulary.words, corpus.words) == (["other", "words"], 20)


def test_parts_that_were_cut_short_begin_anew(text, tmp_path):
    with pytest.raises(StopError):
        encode_corpus(text, tmp_path / "a", on_progress=stop_after(70), **options(0))
    os.truncate(tmp_path / "a" / "unfinished" / "ids", 5000)
    again, whole = (encode_corpus(text, tmp_path / name, **options(0)) for name in ("a", "b"))
    assert files_of(again.folder) == files_of(whole.folder)


def test_a_finished_corpus_is_opened_and_not_made_again(text, tmp_path, monkeypatch):
    first = encode_corpus(text, tmp_path, **options(0))
    monkeypatch.setattr("mt2st.text.encoding.encode.PartStore", None)
    again = encode_corpus([str(text)], tmp_path, workers=2, **options(0))
    assert again.vocabulary == first.vocabulary


def test_a_damaged_finished_corpus_is_made_again(text, tmp_path):
    encode_corpus(text, tmp_path, **options(0))
    before = files_of(tmp_path)
    os.truncate(tmp_path / "ids.int32", 10)
    encode_corpus(text, tmp_path, **options(0))
    assert files_of(tmp_path) == before


def test_the_old_corpus_stays_until_the_new_one_is_done(text, tmp_path):
    old = encode_corpus([["a"] * 5], tmp_path)
    with pytest.raises(StopError):
        encode_corpus(text, tmp_path, on_progress=stop_after(70), **options(0))
    assert EncodedCorpus.open(tmp_path).vocabulary.words == ["a"]
    new = encode_corpus(text, tmp_path, **options(0))
    assert EncodedCorpus.open(tmp_path).vocabulary == new.vocabulary
    assert old.shards[0].ids.tolist() == [0] * 5


def test_token_lists_are_always_encoded_anew(tmp_path):
    for word in ("a", "b"):
        assert encode_corpus([[word] * 5], tmp_path).vocabulary.words == [word]


def test_two_writers_are_told_apart(text, tmp_path):
    def second(read, total):
        encode_corpus([["a"] * 5], tmp_path)

    with pytest.raises(ConfigError, match=r"is being encoded into by (another )?process.*: wait for its end"):
        encode_corpus(text, tmp_path, on_progress=second, **options(0))


@pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be locked there")
def test_a_disk_without_locks_will_do(tmp_path, monkeypatch):
    def refuse(descriptor, how):
        raise OSError(errno.ENOLCK, "no locks here")

    monkeypatch.setattr("mt2st.folder_lock.fcntl.flock", refuse)
    assert encode_corpus([["a"] * 5], tmp_path).vocabulary.words == ["a"]


PEAK = """
import resource, sys
from mt2st.text.encoding import encode_corpus
corpus = encode_corpus(sys.argv[1], sys.argv[2], memory=1 << 20, workers=2)
print(corpus.words, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_peak_memory_does_not_depend_on_the_length_of_the_text(text, tmp_path):
    repeated = "\n".join(" ".join(f"w{at}" for at in range(9)) for _ in range(20_000)) + "\n"
    peaks, words = [], []
    for times in (1, 20):
        path = tmp_path / f"{times}.txt"
        with path.open("w") as file:
            file.writelines(repeated for _ in range(times))
        arguments = [sys.executable, "-c", PEAK, str(path), str(tmp_path / f"c{times}")]
        out = subprocess.run(arguments, capture_output=True, text=True, check=True).stdout
        words.append(int(out.split()[0]))
        peaks.append(int(out.split()[1]) / 1024)
    assert words == [180_000, 3_600_000]
    # The longer one's ids alone take 14 MB.
    assert peaks[1] - peaks[0] < 5


def test_what_a_kill_left_beside_a_finished_corpus_is_removed(text, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("mt2st.text.encoding.writing.shutil.rmtree", lambda *_, **__: None)
        encode_corpus(text, tmp_path, **options(0))
    assert (tmp_path / "unfinished").exists()
    encode_corpus(text, tmp_path, **options(0))
    assert not (tmp_path / "unfinished").exists()


def test_unfinished_parts_of_another_text_stay(text, tmp_path):
    encode_corpus([["a", "b"]] * 3, tmp_path / "lists", min_count=1)
    encode_corpus(text, tmp_path / "c", min_count=9)
    other = tmp_path / "c/unfinished"
    with PartStore(other, "another", SMALL) as store:
        store.seal()
    encode_corpus(text, tmp_path / "c", min_count=9)
    assert other.exists()


def test_parts_that_were_never_sealed_do_not_outlive_a_failure(tmp_path):
    with pytest.raises(DataError, match="no word occurs"):
        encode_corpus([["a", "b"]], tmp_path, min_count=5)
    assert not list(tmp_path.iterdir())
