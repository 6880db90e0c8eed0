"""The command line called in this process, as ``python -m mt2st`` calls it."""

import io
import re
import sys
from typing import NamedTuple

import pytest

from mt2st.cli.app import main
from mt2st.training.settings import dump_settings, parse_settings


class Called(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def plain(self):
        """What was written to standard error, free of frames and line breaks."""
        return re.sub(r"[\s│╭╮╰╯─]+", " ", self.err)


@pytest.fixture
def cli(monkeypatch, capsys, tmp_path):
    """Call the command in an own folder and return exit code, output and errors."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments, stdin=b""):
        monkeypatch.setattr(sys, "argv", ["mt2st", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        try:
            main()
            code = 0
        except SystemExit as end:
            code = end.code or 0
        captured = capsys.readouterr()
        return Called(code, captured.out, captured.err)

    return call


@pytest.fixture
def config(tmp_path, job_values):
    """Write the settings of a small job and return the path."""

    def write(changes=None, name="job.toml"):
        path = tmp_path / name
        path.write_text(dump_settings(parse_settings(job_values(changes))), encoding="utf-8")
        return path

    return write


@pytest.fixture
def trained(cli, config, tmp_path):
    """Return the folder of a finished run."""
    enough = {"primary.labels": 60, "primary.passes": 60.0}
    assert cli("train", config(enough), "--out", "run", "--quiet").code == 0
    return tmp_path / "run"


@pytest.fixture
def held(tmp_path):
    path = tmp_path / "held.tsv"
    path.write_text("pos\tfine lovely\nneg\tdull awful\nneg\tgreat splendid\npos\twarm\n")
    return path


@pytest.fixture
def tagger(cli, tmp_path):
    pytest.importorskip("torch")
    text = "".join(f"Anna\tB-PER\nlikes\tO\nRome\tB-LOC\nn{n}\tO\n\nit\tO\nrains\tO\nm{n}\tO\n\n" for n in range(15))
    (tmp_path / "names.conll").write_text(text)
    small = {"primary.kind": "tagging", "model.encoder": "bilstm", "model.hidden_size": 8, "training.steps": 30}
    small |= {"model.rate": 0.05, "model.dropout": 0.0, "auxiliary.language.table_rate": 0.03}
    sets = [part for key, value in small.items() for part in ("--set", f"{key}={value}")]
    called = cli("train", "--data", "names.conll", "--out", "tagger", "--strategy", "single", *sets)
    assert called.code == 0, called.err
    return tmp_path / "tagger"
