"""Whether there are other processes to join."""

import subprocess
import sys

import pytest

from mt2st.errors import MissingExtraError
from mt2st.training.ranks import ALONE
from mt2st.training.ranks.launch import NAMES, joined


@pytest.fixture
def environment(monkeypatch):
    def put(**values):
        for name in NAMES:
            monkeypatch.delenv(name, raising=False)
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return put


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"WORLD_SIZE": "2"},
        {"RANK": "1", "WORLD_SIZE": "2"},
        {"RANK": "0", "WORLD_SIZE": "1", "MASTER_ADDR": "localhost", "MASTER_PORT": "1"},
    ],
)
def test_a_process_without_others_is_alone(environment, values):
    environment(**values)
    with joined() as ranks:
        assert ranks is ALONE


def test_several_processes_without_torch_are_told_what_to_install(environment, monkeypatch):
    environment(RANK="0", WORLD_SIZE="2", MASTER_ADDR="localhost", MASTER_PORT="1")
    for name in [*filter(lambda name: name.startswith("mt2st.training.ranks.together"), sys.modules)]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "torch", None)
    told = r"training by several processes needs packages that are not installed: pip install 'mt2st\[torch\]'"
    with pytest.raises(MissingExtraError, match=told), joined():
        pass


def test_one_process_never_imports_torch(config, tmp_path):
    code = (
        "import sys\nfrom mt2st.cli.app import main\n"
        "sys.argv = ['mt2st', 'train', 'job.toml', '--out', 'run', '-q']\n"
        "try:\n    main()\nfinally:\n    print('torch' in sys.modules)"
    )
    config()
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
