"""Against the real skorch: what its net trains is what a plain loop does, and resumes in the same bits."""

import pytest

import mt2st
from mt2st.errors import ConfigError

torch = pytest.importorskip("torch")
skorch = pytest.importorskip("skorch")
from skorch.callbacks import Checkpoint, LoadInitState  # noqa: E402
from skorch.helper import predefined_split  # noqa: E402

from mt2st.adapters.skorch import BalanceCallback, BalancedLoss  # noqa: E402

TOTAL = 18


def balance_of(model, strategy=None):
    strategy = mt2st.Switch(at=0.5) if strategy is None else strategy
    return mt2st.Balance("sentiment", ["pos", "ner"], strategy, TOTAL, shared=model.encoder.parameters())


def net_of(model_class, data, callbacks=(), strategy=None, score=None, **kwargs):
    class Module(model_class):
        def forward(self, x):
            hidden = self.encoder(x)
            return {"hidden": hidden, "model": self}

    def closures(output, y):
        return output["model"].closures(output["hidden"], y)

    given = {"lr": 0.01, "batch_size": 8, "max_epochs": 3, "verbose": 0, "train_split": None} | kwargs
    return skorch.NeuralNet(
        Module, criterion=BalancedLoss, criterion__closures=closures, optimizer=torch.optim.Adam,
        callbacks=[*callbacks, BalanceCallback(lambda net: balance_of(net.module_, strategy), score)], **given,
    )  # fmt: skip


def test_the_model_is_that_of_a_plain_loop(data, model_class, by_hand, same_parameters, timeless):
    net, other = net_of(model_class, data).fit(*data), model_class()
    balance = by_hand(other, balance_of, TOTAL, accumulate=1)
    assert timeless(net.criterion_.balance) == timeless(balance)
    assert balance.ledger["pos"].ran == 9
    same_parameters(net.module_, other)
    weights = [batch["weight_pos"] for epoch in net.history for batch in epoch["batches"]]
    assert weights == [1.0] * 9 + [0.0] * 9


def test_partial_fit_goes_on_and_fit_begins_anew(data, model_class, by_hand, same_parameters):
    net, other = net_of(model_class, data, max_epochs=1), model_class()
    for _ in range(3):
        net.partial_fit(*data)
    by_hand(other, balance_of, TOTAL, accumulate=1)
    assert net.criterion_.balance.steps == TOTAL
    same_parameters(net.module_, other)
    net.fit(*data)
    assert net.criterion_.balance.steps == 6


@pytest.mark.parametrize("epochs", [1, 2])
def test_it_resumes_from_skorchs_checkpoints_in_the_same_bits(
    tmp_path, data, model_class, same_parameters, timeless, epochs
):
    whole = net_of(model_class, data).fit(*data)
    files = {"monitor": None, "dirname": tmp_path, "f_criterion": "criterion.pt"}
    net_of(model_class, data, [Checkpoint(**files)], max_epochs=epochs).fit(*data)
    again = net_of(model_class, data, [LoadInitState(Checkpoint(**files))], max_epochs=3 - epochs).fit(*data)
    assert timeless(again.criterion_.balance) == timeless(whole.criterion_.balance)
    same_parameters(again.module_, whole.module_, rtol=0, atol=0)


def test_validation_takes_the_primarys_loss_and_its_score_is_told(data, model_class, capsys):
    held_out = skorch.dataset.Dataset(*(each[:16] for each in data))
    auto = mt2st.Switch(at="auto", window=1, patience=1, latest=1.0)
    net = net_of(
        model_class, data, [("score", Scores([0.5, 0.6, 0.6]))], auto, "score", train_split=predefined_split(held_out)
    ).fit(*(each[:24] for each in data))
    assert net.criterion_.balance.steps == net.criterion_.balance.ledger["sentiment"].ran == 9
    assert net.criterion_.balance.dropped["pos"].startswith("step 9:")
    assert not capsys.readouterr().out
    told = []
    net.set_params(callbacks__score__scores=[0.5, 0.6, 0.6], callbacks__BalanceCallback__sink=told.append)
    net.fit(*(each[:24] for each in data))
    assert [text[:10] for text in told] == ["switch, as"]
    x, y = (each[:16] for each in data)
    with torch.no_grad():
        expected = net.module_.closures(net.module_.encoder(x), y)["sentiment"]().item()
    assert net.history[-1, "valid_loss"] == pytest.approx(expected, rel=1e-6)


class Scores(skorch.callbacks.Callback):
    def __init__(self, scores):
        self.scores = scores

    def on_epoch_end(self, net, **_):
        net.history.record("score", self.scores[len(net.history) - 1])


def test_a_classifier_gives_probabilities(data, model_class):
    class Module(model_class):
        def forward(self, x):
            hidden = self.encoder(x)
            return self.heads["sentiment"](hidden), self.heads["pos"](hidden)

    def closures(scores, y):
        entropy = torch.nn.functional.cross_entropy
        return {"sentiment": lambda: entropy(scores[0], y), "pos": lambda: entropy(scores[1], 2 - y)}

    def make(net):
        return mt2st.Balance("sentiment", ["pos"], mt2st.Switch(at=0.5), 6, shared=net.module_.encoder.parameters())

    x, y = data[0], data[1][:, 0]
    net = skorch.NeuralNetClassifier(
        Module, criterion=BalancedLoss, criterion__closures=closures, callbacks=[BalanceCallback(make, "valid_acc")],
        predict_nonlinearity=lambda scores: scores.softmax(-1), max_epochs=1, verbose=0,
    ).fit(x, y)  # fmt: skip
    torch.testing.assert_close(torch.tensor(net.predict_proba(x)), net.forward(x)[0].softmax(-1))


def test_what_is_missing_is_named(data, model_class):
    missing = "score='f1' is not in the history; there: batches, epoch, .*EpochScoring .* goes before BalanceCallback"
    with pytest.raises(ConfigError, match=missing):
        net_of(model_class, data, score="f1").fit(*data)
    net = net_of(model_class, data)
    net.set_params(callbacks=[])
    with pytest.raises(ConfigError, match="BalancedLoss has no balance yet"):
        net.fit(*data)
