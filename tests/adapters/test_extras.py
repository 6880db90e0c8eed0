"""What is missing is named by its extra, and nothing is imported before it is used."""

import json
import subprocess
import sys

import pytest

NAMES = ["lightning", "transformers", "accelerate", "skorch"]


def printed(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_library_is_named_by_its_extra(name):
    pytest.importorskip("torch")
    code = f"""
import sys
sys.modules["{name}"] = None
import mt2st
try:
    import mt2st.adapters.{name}
except mt2st.Mt2stError as error:
    print(error)
"""
    expected = f"mt2st.adapters.{name} needs packages that are not installed: pip install 'mt2st[{name}]'\n"
    assert printed(code) == expected


def test_the_package_of_adapters_imports_no_library():
    code = "import json, sys, mt2st, mt2st.adapters, mt2st.training.balance; print(json.dumps(list(sys.modules)))"
    assert not {*NAMES, "torch", "torchjd"} & set(json.loads(printed(code)))
