"""Nothing in the package reads or writes a format that can run code, but for code that comes with it."""

import ast
from pathlib import Path

import mt2st

SOURCES = sorted(Path(mt2st.__file__).parent.rglob("*.py"))
MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
CALLS = {"torch.load", "torch.save", "numpy.load", "pd.read_pickle"}
# Numba's own form of compiled code, which comes with the package and is code in any form.
BROUGHT = {"native.py": ["pickle"]}
# These can write or read pickles, but for being told not to.
TOLD = {"np.load", "np.save", "np.savez"}


def faults(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            yield from (name for name in names if name.split(".")[0] in MODULES)
        elif isinstance(node, ast.Call):
            told = [ast.unparse(keyword.value) for keyword in node.keywords if keyword.arg == "allow_pickle"]
            if ast.unparse(node.func) in CALLS or (ast.unparse(node.func) in TOLD and told != ["False"]):
                yield ast.unparse(node.func)
            yield from ("allow_pickle=" for value in told if value != "False")


def test_the_scan_finds_what_it_is_for():
    text = "import pickle\nfrom joblib import dump\ntorch.load(x)\nnp.load(f, allow_pickle=True)\nnp.save(f, x)"
    told = "np.load(f, mmap_mode='r', allow_pickle=False)\nnp.save(f, x, allow_pickle=False)"
    assert sorted(faults(ast.parse(text))) == ["allow_pickle=", "joblib", "np.load", "np.save", "pickle", "torch.load"]
    assert not list(faults(ast.parse(told)))


def test_no_source_file_reads_or_writes_pickles():
    assert len(SOURCES) > 50
    found = {str(path): list(faults(ast.parse(path.read_text(encoding="utf-8")))) for path in SOURCES}
    assert {Path(path).name: names for path, names in found.items() if names} == BROUGHT
