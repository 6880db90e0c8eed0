"""What is imported when: nothing heavy with the package, and never torch for an estimator."""

from __future__ import annotations

import subprocess
import sys


def run(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


LOADED = "print([name for name in ('torch', 'sklearn', 'numba', 'scipy', 'pandas') if name in sys.modules])"


def test_importing_the_package_imports_nothing_heavy():
    assert run(f"import sys, mt2st; {LOADED}") == "[]"


def test_the_classes_and_fits_do_without_scikit_learn():
    code = f"""
import sys
import mt2st
mt2st.TextClassifier, mt2st.TokenTagger
{LOADED}
mt2st.TextClassifier(C=1.0).fit(["good", "bad"] * 3, [1, 0] * 3).score(["good"], [1])
sentences = [["the", "dog", "runs"], ["a", "cat", "sleeps"]] * 10
mt2st.TokenTagger(vector_size=4, hidden_size=4).fit(sentences, [["DET", "NOUN", "VERB"]] * 20).score(
    sentences, [["DET", "NOUN", "VERB"]] * 20
)
print("sklearn" in sys.modules, "pandas" in sys.modules)
"""
    assert run(code).splitlines() == ["[]", "False False"]


def test_the_class_loads_no_kernels_and_labels_alone_nothing_of_the_multi_task_phase():
    code = """
import sys
import mt2st
mt2st.TextClassifier
print("numba" in sys.modules)
mt2st.TextClassifier(C=1.0).fit(["good", "bad"] * 3, [1, 0] * 3)
print([name for name in ("mt2st.training.corpus", "mt2st.tasks", "pydantic") if name in sys.modules])
"""
    assert run(code).splitlines() == ["False", "[]"]


def test_fit_predict_save_and_load_do_without_torch(tmp_path):
    code = f"""
import sys
import mt2st
from mt2st.estimators.fitting import fit_text as fitting
fitting.LEAST_TEXT = 10
texts, labels = ["good film", "bad film", "good plot", "bad plot"] * 15, ["pos", "neg"] * 30
classifier = mt2st.TextClassifier(C=1.0, vector_size=4, passes=1.0, min_count=1, pair_min_count=2).fit(texts, labels)
assert classifier.fitted_.vectors is not None
classifier.save({str(tmp_path / "model")!r})
print(mt2st.load({str(tmp_path / "model")!r}).predict(["good film", "bad film"]).tolist())
print(mt2st.TextVectorizer(vector_size=4, passes=1.0, min_count=1).fit_transform(texts).shape)
print([name for name in sys.modules if name.split(".")[0] == "torch"])
"""
    assert run(code).splitlines() == ["['pos', 'neg']", "(60, 4)", "[]"]


def test_a_module_of_estimators_has_no_torch_behind_it():
    assert run("import sys, mt2st; mt2st.TextClassifier; mt2st.load; print('torch' in sys.modules)") == "False"
