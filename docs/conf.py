"""How the HTML documentation is made: ``python -m sphinx -W docs build/html``, with the extra ``docs``.

Nothing is downloaded but the named data sets of the gallery, where ``mt2st data fetch film`` has not been run before.
"""

from __future__ import annotations

import os
from typing import Any

from sphinx.application import Sphinx

import mt2st

os.environ["MPLBACKEND"] = "agg"  # for programs that the gallery's examples start

project, author, copyright = "mt2st", "the authors of mt2st", "the authors of mt2st, Apache-2.0"  # noqa: A001
release = version = mt2st.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "sphinx_gallery.gen_gallery",
]
exclude_patterns = ["strategies/draw.py"]
default_role = "py:obj"  # a name in single quotes is a link where it has a page
templates_path = ["_templates"]
html_theme = "furo"
html_title = "mt2st"
html_static_path = ["_static"]
html_css_files = ["mt2st.css"]
html_copy_source = html_show_sphinx = False

# The README is the first page; it links to headings as GitHub does.
myst_heading_anchors = 4

autosummary_generate = True
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the signature would be twice as long as what it says, and docstrings give the kinds
autodoc_default_options = {"members": True, "inherited-members": "ValueError, object"}
napoleon_google_docstring = False
napoleon_use_ivar = False

sphinx_gallery_conf: dict[str, Any] = {
    "examples_dirs": "../examples/gallery",
    "gallery_dirs": "gallery",
    "filename_pattern": r"/\d_",
    "within_subsection_order": "FileNameSortKey",
    "abort_on_example_error": True,
    "download_all_examples": False,
    "copyfile_regex": "",
    "show_signature": False,
    "remove_config_comments": True,
}


def leave_out(_app: Sphinx, _kind: str, _name: str, found: object, skip: bool, _options: object) -> bool | None:
    """Leave out what estimators have from scikit-learn, whose docstrings link to pages of its own."""
    return True if skip or str(getattr(found, "__module__", "")).startswith("sklearn.") else None


def setup(app: Sphinx) -> None:
    """Tell Sphinx what to leave out."""
    app.connect("autodoc-skip-member", leave_out)
