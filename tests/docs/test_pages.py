"""What the pages name is there, and what there is they name."""

import re
import tomllib
from pathlib import Path

import pytest
from typer.main import get_command

import mt2st
import mt2st.errors
from mt2st.cli.app import app

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
DEVELOPMENT = DOCS / "development.md"
PAGES = [ROOT / "README.md", *sorted(DOCS.glob("guide/*.md")), DOCS / "strategies" / "README.md", DEVELOPMENT]
EXAMPLES = sorted((ROOT / "examples" / "gallery").glob("*.py"))
LINK = re.compile(r"\]\(([^)\s]+)\)")


def anchors(page):
    """The names that GitHub gives to the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def commands(group, before=""):
    """Yield every command of the command line, ``data list`` as such."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{before}{name} ")
        else:
            yield before + name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file_and_a_heading_that_are_there(page):
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        path, _, anchor = target.partition("#")
        if path.startswith("https://"):
            continue
        found = (page.parent / path).resolve() if path else page
        assert found.is_file(), f"{page.name}: {target}"
        assert not anchor or anchor in anchors(found), f"{page.name}: {target}"


def test_the_reference_has_every_public_name_once():
    listed = re.findall(r"^   mt2st\.(\w+)$", (DOCS / "api.rst").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(mt2st.__all__)


def test_the_reference_has_every_error():
    listed = re.findall(
        r"^   mt2st(?:\.errors)?\.(\w+Error)$", (DOCS / "api.rst").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert sorted(listed) == sorted(name for name in vars(mt2st.errors) if name.endswith("Error"))


def test_the_guide_names_every_command():
    table = (DOCS / "guide" / "command-line.md").read_text(encoding="utf-8").partition("## ")[0]
    rows = [set(re.findall(r"`([a-z -]+)`", line.split("|")[1])) for line in table.splitlines() if "|" in line]
    named = {name for row in rows for name in row}
    benchmarks = {f"benchmark {name}" for name in ("paper", "transfer", "few-labels")}
    assert (named - {"transfer", "few-labels"}) | benchmarks >= set(commands(get_command(app)))
    assert {"transfer", "few-labels"} <= named


def test_every_page_of_the_guide_is_in_the_table_of_contents():
    contents = (DOCS / "index.md").read_text(encoding="utf-8")
    assert all(f"guide/{page.stem}\n" in contents for page in DOCS.glob("guide/*.md"))


def test_the_page_for_developers_names_every_layer_and_files_that_are_there():
    text = DEVELOPMENT.read_text(encoding="utf-8")
    layers = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]["layers"]
    named = set(re.findall(r"`([\w/]+)`", text))
    assert {layer.removeprefix("mt2st.") for layer in layers} <= named
    files = re.findall(r"`(\w+/[\w/]+(?:\.py)?)`", text)
    sources = [file for file in files if file != "src/mt2st" and not file.startswith("tests/")]
    assert len(sources) > 30 and all((ROOT / "src" / "mt2st" / file).exists() for file in sources)
    assert all((ROOT / file).exists() for file in re.findall(r"`(tests/[\w/.]+)`", text))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_short_has_a_title_and_a_plot_and_names_no_path(example):
    text = example.read_text(encoding="utf-8")
    _, title, line, *_ = text.splitlines()
    assert text.startswith('"""\n') and line == "=" * len(title)
    assert "plt.show()" in text and not re.search(r"[\"'](/|~|[A-Z]:)\w", text)
    assert sum(bool(each.strip()) and not each.startswith("#") for each in text.splitlines()) < 65


def test_there_are_six_examples():
    assert [path.stem[:2] for path in EXAMPLES] == [f"{number}_" for number in range(1, 7)]
