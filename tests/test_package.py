"""The package itself: light to import, lazy names, one version."""

import copy
import json
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

import mt2st
from mt2st.errors import MissingExtraError

HEAVY = (
    "torch",
    "numba",
    "numpy",
    "sklearn",
    "scipy",
    "matplotlib",
    "pydantic",
    "typer",
    "rich",
    "jinja2",
    "lightning",
    "transformers",
    "accelerate",
    "skorch",
)


def modules_after(statement):
    code = f"import json, sys; {statement}; print(json.dumps(sorted(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    return set(json.loads(out))


def test_importing_mt2st_imports_nothing_heavy():
    assert not modules_after("import mt2st") & set(HEAVY)


def test_strategies_are_light_too():
    assert not modules_after("import mt2st; mt2st.Switch, mt2st.Mt2stError") & set(HEAVY)


def test_the_command_line_imports_no_engine_before_it_needs_one():
    assert not modules_after("import mt2st.cli.app") & {"torch", "numba", "sklearn", "scipy", "matplotlib", "pydantic"}


def test_training_on_bags_never_imports_torch():
    assert "torch" not in modules_after("import mt2st.training.run, mt2st.training.comparison, mt2st.report")


@pytest.mark.parametrize("name", mt2st.__all__)
def test_lazy_names_resolve(name):
    assert getattr(mt2st, name).__name__ == name


@pytest.mark.parametrize("name", ["text.tokenize", "text.encode_corpus", "evaluation.evaluate_translation"])
def test_names_of_the_guide_need_no_other_import(name):
    modules_after(f"import mt2st; mt2st.{name}")


def test_star_import_gives_all():
    found = {}
    exec("from mt2st import *", found)
    assert set(mt2st.__all__) <= set(found)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'mt2st' has no attribute 'Swich'"):
        _ = mt2st.Swich


def test_the_version_is_that_of_the_package():
    try:
        found = version("mt2st")
    except PackageNotFoundError:  # run from a checkout
        text = Path(__file__).parents[1].joinpath("pyproject.toml").read_text(encoding="utf-8")
        found = tomllib.loads(text)["project"]["version"]
    assert mt2st.__version__ == found


def test_python_m_mt2st_is_the_command():
    out = subprocess.run([sys.executable, "-m", "mt2st", "--version"], capture_output=True, text=True, check=True)
    assert out.stdout == f"mt2st {mt2st.__version__}\n"


def test_an_error_survives_the_way_out_of_a_worker_process():
    error = copy.copy(MissingExtraError("a torch encoder", extra="torch"))
    assert str(error).endswith("pip install 'mt2st[torch]'")
    assert (error.what, error.extra) == ("a torch encoder", "torch")
