"""The settings of every cell."""

import pytest

pytest.importorskip("torch")

from mt2st.experiments.paper.cells import EMBEDDINGS, PAPER_RATES, RATES, PaperCell, all_cells
from mt2st.experiments.paper.data import PaperData
from mt2st.experiments.paper.runs import cell_settings


@pytest.fixture
def data(source, tmp_path, tiny):
    return PaperData(source, tmp_path, tiny)


def test_every_cell_has_settings_that_resolve_and_differ(data):
    found = [cell_settings(data, cell, 1e-3, 1).model_dump_json() for cell in all_cells()]
    assert len(set(found)) == len(all_cells()) == 5 * (2 + 2 + 7 * 4)


def test_all_cells_search_the_same_rates_but_for_the_paper_s_own(data):
    for cell in all_cells():
        assert cell.rates == ((PAPER_RATES[cell.row],) if cell.row in PAPER_RATES else RATES)


def test_the_primary_and_the_model_are_the_same_in_every_cell(data):
    for cell in all_cells():
        found = cell_settings(data, cell, 1e-3, 7)
        assert found.primary == cell_settings(data, PaperCell("cbow", "trained"), 1e-3, 7).primary
        assert found.model.freeze_vectors == (cell.row in ("frozen", "paper: frozen, rate 0.05"))
        assert (found.model.rate, found.model.table_rate, found.training.seed) == (1e-3, 1e-3, 7)


def test_a_step_sees_a_batch_or_in_the_paper_s_rows_all_reviews(data, tiny):
    steps = {cell.row: cell_settings(data, cell, 1e-3, 1).training for cell in all_cells(("glove",))}
    assert (steps["trained"].steps, steps["trained"].interval) == (2 * 20 / 10, 2)
    assert (steps["paper: trained, rate 0.001"].steps, steps["paper: trained, rate 0.001"].interval) == (2, 1)


@pytest.mark.parametrize("embedding", EMBEDDINGS)
def test_the_language_model_is_the_one_that_the_vectors_began_with(data, embedding):
    language = cell_settings(data, PaperCell(embedding, "language", "switch"), 1e-3, 1).auxiliary["language"]
    assert (language.kind, language.subwords) == (embedding.split("+")[0], "+" in embedding)
    rows = cell_settings(data, PaperCell(embedding, "all", "feedback"), 1e-3, 1)
    assert list(rows.auxiliary) == ["offset", "alignment", "analogy", "similarity", "language"]
    assert rows.strategy.name == "feedback"
