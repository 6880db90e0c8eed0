"""What is written into a folder comes back, earlier states too."""

import pytest

import mt2st
from mt2st.errors import CheckpointError

torch = pytest.importorskip("torch")

from mt2st.adapters.files import load_balance, save_balance  # noqa: E402


def feedback_of(model):
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    strategy = mt2st.Feedback(mt2st.Constant(), trial=0.3)
    shared = model.encoder.parameters()
    return mt2st.Balance("sentiment", ["pos", "ner"], strategy, 40, shared=shared, model=model, optimizers=optimizer)


def test_earlier_states_are_saved_beside_the_state(tmp_path, model_class, data):
    model = model_class()
    balance = feedback_of(model)
    balance(**model.closures(model.encoder(data[0]), data[1]))
    balance.step()
    save_balance(balance, tmp_path)
    first = model.encoder[0].weight.clone()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += 1.0
    again = feedback_of(model)
    load_balance(again, tmp_path)
    assert again.steps == 1
    again._kept.restore("start")
    assert torch.equal(model.encoder[0].weight, first)


def test_a_folder_without_a_state_is_refused(tmp_path, model_class):
    with pytest.raises(CheckpointError, match=r"there is no .*balance.json"):
        load_balance(feedback_of(model_class()), tmp_path)


def test_a_best_state_without_a_dropped_head_comes_back_into_a_model_that_has_it(tmp_path, model_class):
    def made():
        model = model_class()
        strategy, optimizer = mt2st.Feedback(mt2st.Constant(), trial=0), torch.optim.Adam(model.parameters(), lr=0.01)
        given = {"shared": model.encoder.parameters(), "heads": model.heads, "model": model, "optimizers": optimizer}
        return model, mt2st.Balance("sentiment", ["pos", "ner"], strategy, 40, **given)

    model, balance = made()
    x, y = model.data()
    balance(**model.closures(model.encoder(x), y))
    balance.step()
    balance._departures.drop("pos", balance.steps, "it loses")
    balance.observe(0.5)
    save_balance(balance, tmp_path)
    other, again = made()
    load_balance(again, tmp_path)
    assert list(again.dropped) == ["pos"]
    assert set(other.heads) == {"sentiment", "ner"}
    again._kept.restore("best")
    assert torch.equal(other.encoder[0].weight, model.encoder[0].weight)
