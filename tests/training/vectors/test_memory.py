"""Memory is that of the tables and a constant, however long the text is."""

import subprocess
import sys
from pathlib import Path

import pytest

from mt2st.text import encode_corpus

WORDS, LINES, TIMES = 5_000, 20_000, 12

MEASURED = """
import sys, threading
from pathlib import Path
from time import sleep
import mt2st
from mt2st.training.vectors import progress
progress.INTERVAL = 0.0
path, work = sys.argv[1:]
peak = 0

def held():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon"))

def watch():
    global peak
    while True:
        peak = max(peak, held())
        sleep(0.002)

threading.Thread(target=watch, daemon=True).start()
vectors = mt2st.train_vectors(path, vector_size=64, min_count=1, negative=1, window=1, epochs=1,
    folder=work, checkpoint_every=0.2)
print(peak // 1024)
"""


def peak(text, folder):
    command = [sys.executable, "-c", MEASURED, str(text), str(folder)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read off Linux's /proc")
def test_memory_does_not_grow_with_the_text(tmp_path):
    path = tmp_path / "text.txt"
    lines = (" ".join(f"w{(line * 37 + at * 11) % WORDS}" for at in range(12)) for line in range(LINES))
    path.write_text("\n".join(lines) + "\n")
    found = []
    for times in (1, 1, TIMES):  # the first may have to compile, which takes memory too
        corpus = encode_corpus([path] * times, tmp_path / f"corpus{times}", min_count=1)
        found.append(peak(corpus.folder, tmp_path / f"work{times}"))
    # The ids alone of the longer text are 10 MB more, its offsets 2.
    assert 4 * (corpus.tokens - corpus.tokens // TIMES) > 10e6
    assert abs(found[2] - found[1]) < 4
