"""The page about a trained model on labelled examples: measures, confusions with coloured texts, calibration."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mt2st.errors import DataError
from mt2st.report.findings import Coverage, Findings
from mt2st.report.matrix import matrix_content
from mt2st.report.measures import ClassMeasures, label_measures
from mt2st.report.mistakes import mistakes_content
from mt2st.report.record import Json, section
from mt2st.report.reliability import calibration_sentence, reliability_chart
from mt2st.report.summary import MEASURES, SPAN_F1, Fact, accuracy_note, guess_note
from mt2st.report.template import render_page
from mt2st.report.wording import count, measure, percent, score
from mt2st.whole_file import write_whole


def write_findings(findings: Findings, path: Path) -> Path:
    """Write the page atomically, and return its path.

    Raises
    ------
    DataError
        If the folder is missing or cannot be written to.
    """
    try:
        return write_whole(path, findings_page(findings).encode("utf-8"))
    except OSError as error:
        raise DataError(f"cannot write the report ({error.strerror}): give another path", path=path) from error


def findings_page(findings: Findings) -> str:
    """Return the page as HTML."""
    measures, calibration = findings.measures, findings.calibration or {}
    chart = reliability_chart(calibration)
    return render_page(
        "judged.html",
        title=findings.title,
        about=findings.about,
        unit=findings.unit,
        facts=headline(findings),
        guess=guess_note(measures),
        measures=measure_rows(measures, calibration),
        chart=chart,
        sure=calibration_sentence(calibration),
        coverage=coverage_content(findings.coverage),
        **{**matrix_content(measures), **other_classes(measures)},
        **mistakes_content(findings.confusions),
    )


def headline(findings: Findings) -> list[Fact]:
    """Return the figures at the top of the page."""
    measures, calibration, coverage = findings.measures, findings.calibration, findings.coverage
    facts = [Fact("Accuracy", score(measures.get("accuracy")), accuracy_note(measures))]
    if SPAN_F1 in measures:
        facts.insert(0, Fact("Span F1", score(measures[SPAN_F1]), "over all spans, whatever their type"))
    elif "macro_f1" in measures:
        facts.append(Fact("Macro F1", score(measures["macro_f1"]), "plain mean over the classes"))
    if calibration:
        chance = f"calibrated ones show {score(calibration.get('ece_by_chance'))} by chance"
        facts.append(Fact("Calibration error", score(calibration.get("ece")), chance))
    if coverage:
        share = percent(coverage.unseen / coverage.words) if coverage.words else percent(None)
        facts.append(Fact("Unknown words", share, f"{count(coverage.unseen)} of {count(coverage.words)}"))
    return facts


def measure_rows(measures: Json, calibration: Json) -> list[tuple[str, str]]:
    """Return the names and values of all measures."""
    keys = [SPAN_F1, *MEASURES, *(f"micro_{name}" for name in ("precision", "recall", "f1"))]
    rows = [(measure(key), score(measures[key])) for key in keys if key in measures]
    names = {"ece": "expected calibration error", "brier": "Brier score", "log_loss": "log-loss"}
    return rows + [(name, score(calibration[key])) for key, name in names.items() if key in calibration]


def other_classes(measures: Json) -> dict[str, Any]:
    """Return measures of several labels, or of spans, if there are any: they have no confusion matrix."""
    spans = section(section(measures, "spans"), "types")
    found: dict[str, Any] = {"spans": [ClassMeasures(kind, **each) for kind, each in spans.items()]}
    if labels := label_measures(measures):
        found["classes"] = labels
    return found


def coverage_content(coverage: Coverage | None) -> dict[str, Any] | None:
    """Return the page's content about unknown words."""
    if coverage is None or not coverage.words:
        return None
    return {
        "share": percent(coverage.unseen / coverage.words),
        "frequent": [(word[:40], count(number)) for word, number in coverage.frequent],
        "groups": [(group.name, count(group.examples), score(group.accuracy)) for group in coverage.groups],
    }
