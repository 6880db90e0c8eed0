"""What is missing is named by its extra, and nothing is imported before it is used."""

import json
import subprocess
import sys

import pytest

NAMES = ["lightning", "transformers", "accelerate", "skorch"]


def printed(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_a_missing_library_is_named_by_its_extra():
    pytest.importorskip("torch")
    code = f"""
import importlib, sys
import mt2st
for name in {NAMES}:
    sys.modules[name] = None
    try:
        importlib.import_module("mt2st.adapters." + name)
    except mt2st.Mt2stError as error:
        print(error)
    del sys.modules[name]
"""
    says = "mt2st.adapters.{0} needs packages that are not installed: pip install 'mt2st[{0}]'"
    assert printed(code).splitlines() == [says.format(name) for name in NAMES]


def test_the_package_of_adapters_imports_no_library():
    code = "import json, sys, mt2st, mt2st.adapters, mt2st.training.balance; print(json.dumps(list(sys.modules)))"
    assert not {*NAMES, "torch", "torchjd"} & set(json.loads(printed(code)))
