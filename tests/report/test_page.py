import re
import subprocess
import sys

import pytest

from mt2st.errors import DataError
from mt2st.report import write_report


def test_the_page_loads_nothing_and_runs_nothing(save, result, records, page_of):
    page, reader = page_of(save(result, records))
    assert not re.search(r"https?://|//[a-z]|@import|url\((?!#)", page)
    assert not {"script", "iframe", "object", "embed", "base", "form"} & set(reader.tags)
    assert not [name for name, _ in reader.attributes if name.startswith("on")]
    assert {value for name, value in reader.attributes if name in ("src", "href")} <= {
        "data:,", *(f"#{identifier}" for identifier in ids(reader))
    }  # fmt: skip


def ids(reader):
    return [value for name, value in reader.attributes if name == "id"]


def test_identifiers_are_unique_and_every_reference_has_one(save, result, records, page_of):
    page, reader = page_of(save(result, records))
    assert len(ids(reader)) == len(set(ids(reader)))
    labelled = [value for name, value in reader.attributes if name == "aria-labelledby"]
    used = re.findall(r"url\(#([^)]+)\)", page)
    assert used
    assert set(labelled) | set(used) <= set(ids(reader))


def test_the_numbers_given_are_on_the_page(save, result, records, page_of):
    _, reader = page_of(save(result, records))
    text = " ".join(" ".join(reader.text).split())
    for piece in (
        "products trained with switch", "2026-11-22 20:00 UTC", "0.700", "0.688", "0.640", "2.13 s", "0.51 s", "1.47 s",
        "0.15 s", "160,000", "80% of the auxiliaries' updates were skipped", "of 250 planned", "7,500", "reviews.tsv",
        "95% interval 0.397 to 0.892, n = 10", "most frequent class has accuracy 0.500", 'name = "switch"',
        "the single-task phase begins", "200 0 0% 7,500 160,000", "40 160 80% 7,500 160,000",
        "multi-task to step 40", "single-task to step 200",
    ):  # fmt: skip
        assert piece in text, piece
    # bad: precision 3/4, recall 3/5, F1 6/9; good: 4/6, 4/5, 8/11.
    assert "bad 0.750 0.600 0.667 5 good 0.667 0.800 0.727 5" in text


def test_confusion_cells_are_shaded_by_share_of_their_row(save, result, records, page_of):
    page, _ = page_of(save(result, records))
    cells = re.findall(r'--share: ([\d.]+)">(\d+)<', page)
    assert cells == [("0.600", "3"), ("0.400", "2"), ("0.200", "1"), ("0.800", "4")]


def test_bars_are_as_long_as_the_seconds(save, result, records, page_of):
    page, _ = page_of(save(result, records))
    parts = [float(part) for part in re.findall(r"--part: ([\d.]+)", page)]
    assert parts == pytest.approx([0.51 / 1.47, 1, 0.15 / 1.47, 0.11 / 1.47], abs=1e-3)


def test_every_text_of_the_user_is_escaped(save, result, records, page_of, nasty):
    result |= {"primary": nasty, "strategy": nasty, "stopped": nasty}
    result["work"] = {nasty: result["work"]["products"], f"{nasty} 2": result["work"]["language"]}
    result["test"]["labels"] = [nasty, "good"]
    result["data"]["skipped_rows"] = {nasty: 3}
    result["environment"]["processor"] = nasty
    for record in records:
        record["phase"] = nasty
        if "event" in record:
            record["text"] = nasty
        else:
            record["tasks"] = {nasty: record["tasks"]["products"]}
            record["score"][nasty] = 0.4
    page, reader = page_of(save(result, records, config=f"# {nasty}"))
    assert "script" not in reader.tags
    assert "<script" not in page
    assert "49" not in page.split("</style>")[1].split("<svg")[0]
    assert "".join(reader.text).count("<script>alert('x')</script>") >= 12
    assert {value for name, value in reader.attributes if name == "title"} == {nasty, "good"}


def test_the_same_input_gives_the_same_bytes(save, result, records):
    folder = save(result, records)
    first = write_report(folder).read_bytes()
    assert write_report(folder).read_bytes() == first
    assert sorted(path.name for path in folder.iterdir()) == [
        "config.toml",
        "metrics.jsonl",
        "report.html",
        "result.json",
    ]


def test_the_settings_of_matplotlib_are_the_users_again(save, result, records):
    import matplotlib

    first = write_report(save(result, records)).read_bytes()
    with matplotlib.rc_context({"lines.linewidth": 9, "xtick.major.width": 5, "lines.scale_dashes": False}):
        assert write_report(save(result, records)).read_bytes() == first
        assert matplotlib.rcParams["lines.linewidth"] == 9


def test_a_run_without_test_part_says_so(save, result, records, page_of):
    result["test"] = None
    page, _ = page_of(save(result, records))
    assert "has not been evaluated yet" in page
    assert "Confusion matrix" not in page
    assert "0.640" in page


@pytest.mark.parametrize(
    "missing", ["best", "seconds", "work", "test", "development", "data", "environment", "stopped"]
)
def test_each_part_may_be_absent(save, result, records, missing, page_of):
    del result[missing]
    page_of(save(result, records))


def test_nothing_but_an_empty_result_still_makes_a_page(tmp_path, page_of):
    (tmp_path / "result.json").write_text("{}")
    page, _ = page_of(tmp_path)
    assert "<svg" not in page


def test_values_that_are_not_finite_do_no_harm(save, result, records, page_of):
    values = [float("nan"), float("inf"), float("-inf"), 1e308, None, "high", True]
    for record, value in zip((r for r in records if "tasks" in r), values, strict=False):
        record["tasks"]["products"] |= {"loss": value, "weight": value}
        record["score"]["accuracy"] = value
    records[4]["step"] = None
    result["test"]["accuracy"] = result["seconds"]["training"] = result["best"]["accuracy"] = float("nan")
    result["work"]["language"]["not_finite"] = 3
    page, _ = page_of(save(result, records))
    assert "language: left out as not finite: 3 losses" in page
    assert not re.search(r"\bnan\b|\binf\b", page)


def test_many_classes_are_numbered_and_few_are_named(save, result, records, page_of):
    page, _ = page_of(save(result, records))
    assert "numbered as the rows" not in page
    labels = [f"class {index} with a long name" for index in range(20)]
    result["test"] |= {"labels": labels, "confusion": [[int(r == c) for c in range(20)] for r in range(20)]}
    page, reader = page_of(save(result, records))
    assert "numbered as the rows" in page
    assert reader.tags.count("td") > 400
    assert all("".join(reader.text).count(label) >= 3 for label in labels)


def test_a_folder_without_result_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"result\.json"):
        write_report(tmp_path)


def test_importing_the_report_loads_no_matplotlib():
    code = "import sys, mt2st.report; sys.exit(bool({'matplotlib', 'jinja2', 'torch'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_baselines_are_shown_beside_the_run(save, result, records):
    result["baselines"] = {"single": {"test": 0.6543, "seconds": 0.25}, "constant": {"test": 0.7189, "seconds": 4.5}}
    page = write_report(save(result, records)).read_text(encoding="utf-8")
    assert "The same job, trained otherwise" in page
    assert all(figure in page for figure in ("0.654", "0.719", "4.5"))
