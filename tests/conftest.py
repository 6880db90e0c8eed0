import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared_data():
    """The folder of real data that is not part of the project; tests that need it are skipped without it."""
    default = Path(__file__).resolve().parents[1].parent / "shared" / "data"
    folder = Path(os.environ.get("MT2ST_DATA", default))
    if not folder.is_dir():
        pytest.skip(f"no real data: {folder} is not a folder; name one in the environment variable MT2ST_DATA")
    return folder
