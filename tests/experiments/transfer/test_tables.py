"""The tables of the comparison, by hand."""

from mt2st.experiments.outcomes import Outcome
from mt2st.experiments.transfer.methods import METHODS, TransferCell
from mt2st.experiments.transfer.tables import all_tables


def outcome(accuracies, seconds=2.0):
    curve = [[1.0, seconds / 2, 0.7, 0.55], [2.0, seconds, 0.6, 0.65]]
    return Outcome(
        0.0,
        [{"test": {"accuracy": each}, "development": 0.65, "curve": curve, "seconds": seconds} for each in accuracies],
    )


def test_what_is_not_told_anything_is_compared_with_the_best_rival():
    found = {TransferCell("tags", method, 9): outcome((0.60, 0.62)) for method in METHODS}
    found[TransferCell("tags", "UPGrad", 9)] = outcome((0.66, 0.70), seconds=8.0)
    found[TransferCell("tags", "feedback", 9)] = outcome((0.64, 0.66), seconds=1.0)
    found[TransferCell("tags", "pretrain", 9)] = outcome((0.61, 0.62), seconds=4.0)
    _, target, primary = all_tables(found)
    feedback = target.rows[0]
    # Differences -0.02 and -0.04; one second to the score that constant weights have in two and pretraining in four.
    assert feedback == ["tags", "feedback", "UPGrad", "-0.030 ±0.127", "pretrain", "0.50", "0.25"]
    rows = {row[0]: row for row in primary.rows}
    assert rows["UPGrad"][2].startswith("+0.070") and rows["UPGrad"][3] == "8.0"
    assert rows["UPGrad"][5] == "0.000", "in the two seconds of the primary alone it has no score yet"
