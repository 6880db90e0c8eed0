"""Tables and chart, by hand."""

import re

from mt2st.experiments.few_labels.cells import FewLabelsCell, all_cells
from mt2st.experiments.few_labels.chart import draw_chart
from mt2st.experiments.few_labels.contenders import AUTOTUNED, CONTENDERS
from mt2st.experiments.few_labels.runs import score
from mt2st.experiments.few_labels.tables import all_tables
from mt2st.experiments.outcomes import Outcome


def outcome(accuracies, seconds=2.0):
    return Outcome(0.0, [{"test": {"accuracy": each}, "seconds": seconds} for each in accuracies])


def found():
    whole = {FewLabelsCell("cr", 250, name): outcome((0.60, 0.62)) for name in CONTENDERS}
    whole[FewLabelsCell("cr", 250, "fastText")] = outcome((0.66, 0.70), seconds=8.0)
    whole[FewLabelsCell("cr", 250, "mt2st")] = outcome((0.70, 0.72), seconds=1.5)
    whole[FewLabelsCell("r8", None, "mt2st, primary only")] = outcome((0.9, 0.9))
    whole[FewLabelsCell("r8", None, "TF-IDF")] = outcome((0.95, 0.95))
    return whole


def test_the_best_rival_is_the_one_of_the_best_mean_and_never_one_of_ours():
    _, differences, _ = all_tables(found())
    # 0.70 - 0.66 and 0.72 - 0.70; Student's t of one degree of freedom is 12.706, times 0.01 of standard error.
    cr, r8 = differences.rows
    assert cr == ["cr 250", "fastText", "+0.030 [-0.097, +0.157]", *["-0.070 [-0.197, +0.057]"] * 2]
    assert r8 == ["r8 all", "TF-IDF", "-", "-", "-0.050 [-0.050, -0.050]"]


def test_accuracies_and_seconds_have_a_dash_where_nothing_is_finished():
    accuracies, _, seconds = all_tables(found())
    assert accuracies.columns == ("set, labels", *CONTENDERS)
    assert accuracies.rows[0][1] == "0.710 ±0.127" and accuracies.rows[1][1] == "-"
    assert seconds.rows[0][:2] == ["cr 250", "1.50"] and seconds.rows[1][:5] == ["r8 all", "-", "-", "2.00", "2.00"]
    assert all_tables({}) == []


def test_the_chart_names_every_contender_and_set_once():
    content = draw_chart(found()).decode()
    assert all(content.count(f">{name}<") == 1 for name in (*CONTENDERS, "cr 250", "r8 all"))


def test_ours_are_joined_where_there_are_several():
    def lines(found):
        curves = re.findall(
            r'<path d="([^"]+)"[^>]*style="fill: none; stroke: #0072b2; stroke-width: 0.8', draw_chart(found).decode()
        )
        return [curve.count("L ") for curve in curves if curve.count("L ")]

    assert lines(found()) == [2]  # of three points on CR; one of R8 alone has none


def test_cells_are_as_many_as_make_sense_and_what_waits_for_a_clock_is_last():
    cells = all_cells(["cr", "r8"])
    assert len(cells) == 14 + 7 + 5, "where all rows of r8 are labelled mt2st has nothing else"
    assert [cell.setting for cell in cells if cell.contender == AUTOTUNED] == ["cr 250", "cr all", "r8 250", "r8 all"]
    assert all(cell.contender == AUTOTUNED for cell in cells[-4:])
    assert {cell.setting for cell in all_cells(["imdb"], most=1000)} == {"imdb 250", "imdb 1000"}


def test_accuracy_and_macro_f1_by_hand():
    # Of a: precision 2/3, recall 1; of b: 1, 1/2; of c: nothing predicted.
    found = score(["a", "a", "b", "b", "c"], ["a", "a", "b", "a", "b"])
    assert found["accuracy"] == 0.6
    assert abs(found["macro_f1"] - (0.8 + 0.5 + 0) / 3) < 1e-12
