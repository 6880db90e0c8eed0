"""fastText's search ends, whatever becomes of its clock, and leaves Ctrl-C to Python."""

import signal
from time import monotonic

import pytest

pytest.importorskip("fasttext")

from mt2st.experiments.few_labels.contenders.fasttext_supervised import train_autotuned, write_rows
from mt2st.experiments.few_labels.contenders.native_calls import ended_search, silent_files, zeroed_memory
from mt2st.experiments.few_labels.sizes import Sizes


def test_a_search_is_ended_and_keeps_the_best_so_far(split, tmp_path):
    from fasttext import train_supervised

    file, begun = write_rows(tmp_path / "rows", split, range(120)), monotonic()
    with silent_files(), zeroed_memory(), ended_search(2.0):
        model = train_supervised(
            input=file, autotuneValidationFile=file, autotuneDuration=120, thread=1, seed=1, dim=10
        )
    assert monotonic() - begun < 100, "it is over before its own time"
    assert set(model.labels) == {"__label__0", "__label__1"}


@pytest.fixture
def interrupted():
    """Have Ctrl-C raise, also where tests run in the background, which ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_is_pythons_again_behind_a_search(split, interrupted):
    train_autotuned(split, 1, Sizes(autotune=1))
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
