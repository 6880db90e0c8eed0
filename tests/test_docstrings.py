import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

import mt2st

ROOT = Path(__file__).parent.parent
WITH_EXAMPLES = (
    "README.md",
    "docs/guide/texts.md",
    "docs/guide/tags.md",
    "docs/guide/vectors.md",
    "docs/guide/command-line.md",
    "docs/guide/word-lists.md",
    "docs/strategies/README.md",
)
PAGES = [ROOT / page for page in WITH_EXAMPLES]
MODULES = sorted(module.name for module in pkgutil.walk_packages(mt2st.__path__, "mt2st."))


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name):
    try:
        module = importlib.import_module(name)
    except ImportError as error:
        pytest.skip(f"{name} needs an optional package: {error}")
    assert doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE).failed == 0


@pytest.mark.parametrize("name", mt2st.__all__)
def test_examples_of_the_reference_run_after_an_import_of_all_that_it_names(name):
    """As who reads them has it; those of inherited methods among them."""
    try:
        known = {each: getattr(mt2st, each) for each in mt2st.__all__}
    except ImportError as error:
        pytest.skip(f"needs an optional package: {error}")
    members = [each for each in dir(known[name]) if not each.startswith("_")] if isinstance(known[name], type) else []
    shown = {name: known[name], **{f"{name}.{each}": getattr(known[name], each) for each in members}}
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    for place, each in shown.items():
        for test in doctest.DocTestFinder(recurse=False).find(each, place, globs={"mt2st": mt2st, **known}):
            runner.run(test)
    assert runner.summarize().failed == 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_examples_in_the_pages(page):
    if page.name in {"command-line.md", "word-lists.md"}:
        pytest.importorskip("torch")
    found = doctest.testfile(str(page), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert found.attempted
    assert found.failed == 0
