"""Loading a finished model: each kind is told from the other."""

import numpy as np
import pytest

from mt2st.errors import DataError
from mt2st.models import TaggingModel, TextModel
from mt2st.text import Features

FEATURES = Features.build([["good", "film"]], min_count=1, pairs=False)
TABLE = {"table": np.zeros((2, 3), np.float32)}
TAGGING = {"tagging": {"buckets": 5, "scheme": "bio", "crf": False}}


def write(model, folder):
    folder.mkdir()
    for name, content in model.files().items():
        (folder / name).write_bytes(content)
    return folder


def test_each_kind_is_sent_to_its_own_loader(tmp_path):
    tagger = write(TaggingModel(FEATURES, ("B-X", "O"), "bilstm", TABLE, {"hidden_size": 2, **TAGGING}), tmp_path / "a")
    labels = write(TextModel(FEATURES, ("no", "yes"), "bag", TABLE, {"smoothing": 1e-3}), tmp_path / "b")
    with pytest.raises(DataError, match=r"tags tokens: load it with mt2st\.models\.TaggingModel"):
        TextModel.load(tagger)
    with pytest.raises(DataError, match=r"labels whole texts: load it with mt2st\.models\.TextModel"):
        TaggingModel.load(labels)
    assert TaggingModel.load(tagger).scheme == "bio" and TextModel.load(labels).classes == ("no", "yes")


@pytest.mark.parametrize(("kind", "settings"), [(TextModel, {}), (TaggingModel, TAGGING)])
def test_an_encoder_of_a_newer_release_is_refused(tmp_path, kind, settings):
    folder = write(kind(FEATURES, ("a", "b"), "mamba", TABLE, settings), tmp_path / "model")
    with pytest.raises(DataError, match="unknown encoder 'mamba': load it with a newer mt2st"):
        kind.load(folder)
