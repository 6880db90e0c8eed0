import json
from html.parser import HTMLParser

import pytest

from mt2st.report import write_report

STEPS = range(20, 201, 20)
LOSSES = [round(0.7 - 0.05 * index, 3) for index in range(len(STEPS))]


def _record(index: int, step: int) -> dict:
    on = step <= 40
    return {
        "step": step,
        "epoch": step / 40,
        "phase": "multi-task" if on else "single-task",
        "rate": 0.9,
        "score": {"accuracy": 0.5 + index / 50, "macro_f1": 0.48 + index / 50},
        "tasks": {
            "products": {"loss": LOSSES[index], "weight": 1.0, "ran": 10, "skipped": 0},
            "language": {"loss": 2.75 - index if on else None, "weight": float(on), "ran": 10, "skipped": 0},
        },
        "seconds": {"training": step / 100, "tasks": {"products": 0.1, "language": 0.6}, "evaluation": 0.02},
    }


def example_records() -> list[dict]:
    records = [_record(index, step) for index, step in enumerate(STEPS)]
    return [*records[:2], {"step": 40, "event": "switch", "text": "the single-task phase begins"}, *records[2:]]


def example_result() -> dict:
    entry = {"examples": 7500, "examples_skipped": 0, "words": 160000, "not_finite": 0}
    test = {
        "examples": 10,
        "accuracy": 0.7,
        **{f"{mean}_{name}": 0.6875 for mean in ("macro", "weighted") for name in ("precision", "recall", "f1")},
        "labels": ["bad", "good"],
        "confusion": [[3, 2], [1, 4]],
    }
    return {
        "strategy": "switch",
        "primary": "products",
        "steps": 200,
        "total_steps": 250,
        "stopped": None,
        "best": {"step": 160, "accuracy": 0.64},
        "seconds": {"training": 2.13, "evaluation": 0.11, "tasks": {"products": 0.51, "language": 1.47}},
        "work": {
            "products": {"role": "primary", "ran": 200, "skipped": 0, "seconds": 0.51, **entry},
            "language": {"role": "auxiliary", "ran": 40, "skipped": 160, "seconds": 1.47, **entry},
        },
        "test": test,
        "development": {**test, "accuracy": 0.64},
        "data": {"training": 250, "development": 10, "test": 10, "skipped_rows": {"reviews.tsv": 3}},
        "environment": {"mt2st": "0.1.0", "cores": 2, "date": "2026-11-22T20:00:00Z"},
    }


@pytest.fixture
def result():
    return example_result()


@pytest.fixture
def records():
    return example_records()


@pytest.fixture
def save(tmp_path):
    """Write a run directory and return it."""

    def write(result, records=(), config='[strategy]\nname = "switch"\n'):
        (tmp_path / "result.json").write_text(json.dumps(result), encoding="utf-8")
        lines = "".join(json.dumps(record) + "\n" for record in records)
        (tmp_path / "metrics.jsonl").write_text(lines, encoding="utf-8")
        (tmp_path / "config.toml").write_text(config, encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture
def rows():
    def row(name, mean, seconds, half=0.01):
        curve = [[seconds * part / 10, mean - 0.2 / part] for part in range(1, 11)]
        test = {"mean": mean, "low": mean - half, "high": mean + half}
        reached = seconds / 2
        return {
            "strategy": name,
            "test": test,
            "paired": None,
            "seconds": seconds,
            "seconds_to_single_best": reached,
            "curve": curve,
        }

    return [
        row("single", 0.70, 0.3),
        row("constant", 0.74, 9.0),
        row("diminish", 0.741, 2.2),
        row("switch", 0.742, 2.1),
    ]


VOID = {"meta", "link", "br", "use", "path"}
NASTY = "<script>alert('x')</script> & \"q\" $x^2$ {{ 7 * 7 }}"


class Reader(HTMLParser):
    """Collects tags, attributes and text; knows which tags are still open."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.text, self.open = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture
def nasty():
    """A name that must not be taken for HTML, mathematics or a template."""
    return NASTY


@pytest.fixture
def read_html():
    """Read a page whose tags are all closed, and whose identifiers differ."""

    def read(page):
        reader = Reader()
        reader.feed(page)
        assert reader.open == []
        identifiers = [value for name, value in reader.attributes if name == "id"]
        assert len(identifiers) == len(set(identifiers))
        return reader

    return read


@pytest.fixture
def page_of(read_html):
    """Write the page of a run directory and read it."""

    def read(folder):
        page = write_report(folder).read_text(encoding="utf-8")
        return page, read_html(page)

    return read
