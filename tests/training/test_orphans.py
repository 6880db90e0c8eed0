"""Workers of a process that was killed end too."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

SEARCH = """
    from mt2st.training.rate_search import search_cells, search_rates
    from mt2st.training.settings import parse_settings
    search = search_rates(parse_settings(json.loads(sys.argv[1])), search_cells(("single",), 1), 2)
    next(search)
"""
POOL = """
    from mt2st.training.pool import Pool
    pool = Pool(2, len, ["data"])
"""
SCRIPT = """
import json, multiprocessing, sys, time

if __name__ == "__main__":
    {begin}
    print(*(child.pid for child in multiprocessing.active_children()), flush=True)
    time.sleep(60)
"""


def runs(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks /proc who runs")
@pytest.mark.parametrize("begin", [SEARCH, POOL], ids=["of a search", "of an experiment"])
def test_workers_end_with_a_parent_that_is_killed(tmp_path, job_values, begin):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.format(begin=begin.strip()))
    command = [sys.executable, str(script), json.dumps(job_values())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        try:
            workers = parent.stdout.readline().split()
        finally:
            parent.kill()
    assert len(workers) == 2
    deadline = time.monotonic() + 10
    while any(map(runs, workers)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(map(runs, workers))
