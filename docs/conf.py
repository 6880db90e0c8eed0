"""How the HTML documentation is made: ``python -m sphinx -W docs build/html``, with the extra ``docs``.

Nothing is downloaded but the named data sets of the gallery, where ``mt2st data fetch film`` has not been run before.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import Any

from docutils.nodes import Element
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode

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
# The extra `docs` has none of them.
autodoc_mock_imports = [name for name in ("accelerate", "lightning", "skorch", "transformers") if not find_spec(name)]
autodoc_typehints = "none"  # the signature would be twice as long as what it says, and docstrings give the kinds
autodoc_default_options = {"members": True, "inherited-members": "BaseException, object"}
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


# What other modules of mt2st call, and nobody else needs.
WITHIN = {"check_fitted", "checked", "finished", "head_tensors"}


def leave_out(_app: Sphinx, _kind: str, name: str, found: object, skip: bool, _options: object) -> bool | None:
    """Leave out what is for mt2st alone, and what is of other libraries, whose docstrings link to their own pages."""
    home = str(getattr(getattr(found, "fget", found), "__module__", None) or "mt2st")
    return True if skip or name in WITHIN or home.partition(".")[0] != "mt2st" else None


def link_bare_name(app: Sphinx, env: BuildEnvironment, node: pending_xref, shown: Element) -> Element | None:
    """Link a bare name, as ``DataError``, to the page of the one thing that is called so."""
    if node.get("refdomain") != "py" or "." in node["reftarget"]:
        return None
    python = env.domains.python_domain
    found = {entry.node_id: entry for name, entry in python.objects.items() if name.endswith(f".{node['reftarget']}")}
    if len(found) != 1:
        return None
    (entry,) = found.values()
    return make_refnode(app.builder, node.get("refdoc", ""), entry.docname, entry.node_id, shown)


def setup(app: Sphinx) -> None:
    """Tell Sphinx what to leave out, and what bare names stand for."""
    app.connect("autodoc-skip-member", leave_out)
    app.connect("missing-reference", link_bare_name)
