"""Against the real Trainer: what it trains is what a plain loop does, and resumes in the same bits."""

import json

import pytest

import mt2st
from mt2st.errors import CheckpointError, ConfigError

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
pytest.importorskip("accelerate")

from mt2st.adapters.transformers import BalancedLoss  # noqa: E402

TOTAL = 9


def balance_of(model, strategy=None):
    strategy = mt2st.Switch(at=0.5) if strategy is None else strategy
    return mt2st.Balance(
        "sentiment", ["pos", "ner"], strategy, TOTAL, shared=model.encoder.parameters(), heads=model.heads
    )


class Rows(torch.utils.data.Dataset):
    def __init__(self, data):
        self.x, self.y = data

    def __len__(self):
        return len(self.x)

    def __getitem__(self, place):
        return {"x": self.x[place], "labels": self.y[place]}


def setup(model_class, data, folder, strategy=None, metric=None, **kwargs):
    class Module(model_class):
        def forward(self, x, labels=None):
            hidden = self.encoder(x)
            return {"logits": self.heads["sentiment"](hidden), "hidden": hidden}

    model = Module()
    balance = balance_of(model, strategy)
    balanced = BalancedLoss(balance, lambda out, labels: model.closures(out["hidden"], labels), metric)
    given = {
        "per_device_train_batch_size": 8, "gradient_accumulation_steps": 2, "max_steps": TOTAL, "max_grad_norm": 0.0,
        "learning_rate": 0.01, "lr_scheduler_type": "constant", "optim": "adamw_torch", "adam_epsilon": 1e-8,
        "weight_decay": 0.0, "report_to": "none", "disable_tqdm": True, "use_cpu": True, "save_strategy": "no",
        "dataloader_pin_memory": False, "logging_strategy": "no",
    }  # fmt: skip
    args = transformers.TrainingArguments(str(folder), **{**given, **kwargs})
    trainer = InOrder(
        model, args, train_dataset=Rows(data), eval_dataset=Rows([each[:16] for each in data]),
        compute_metrics=lambda found: {"columns": found.label_ids.shape[1]},
    )  # fmt: skip
    balanced.attach(trainer)
    return model, balanced, trainer


class InOrder(transformers.Trainer):
    def _get_train_sampler(self, *_):
        return torch.utils.data.SequentialSampler(self.train_dataset)


@pytest.mark.parametrize("clip", [None, 0.1])
def test_time_moves_by_optimiser_steps_and_the_model_is_that_of_a_plain_loop(
    tmp_path, data, model_class, by_hand, same_parameters, timeless, clip
):
    model, balanced, trainer = setup(model_class, data, tmp_path, max_grad_norm=clip or 0.0)
    other = model_class()
    trainer.train()
    balance = by_hand(other, balance_of, TOTAL, clip=clip)
    assert timeless(balanced.balance) == timeless(balance)
    assert balance.ledger["sentiment"].ran == 2 * TOTAL
    assert list(balanced.balance.dropped) == ["pos", "ner"]
    assert len(trainer.optimizer.state) == 4
    same_parameters(model, other, rtol=1e-5, atol=1e-6)


def test_the_last_incomplete_group_of_batches_is_a_mean_too(tmp_path, data, model_class, by_hand, same_parameters):
    """Of 6 batches in groups of 4 the second step has two, and divides by two."""
    model, _, trainer = setup(
        model_class, data, tmp_path, gradient_accumulation_steps=4, max_steps=2, strategy=mt2st.Constant(0.5)
    )
    trainer.train()
    other = model_class()
    optimizer, (x, y) = torch.optim.Adam(other.parameters(), lr=0.01), data
    for batches in (range(4), range(4, 6)):
        for each in batches:
            rows = slice(8 * each, 8 * each + 8)
            losses = [loss() for loss in other.closures(other.encoder(x[rows]), y[rows]).values()]
            ((losses[0] + 0.5 * (losses[1] + losses[2])) / len(batches)).backward()
        optimizer.step()
        optimizer.zero_grad()
    same_parameters(model, other, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("stop", [2, 5, 8])
def test_it_resumes_from_a_checkpoint_in_the_same_bits(tmp_path, data, model_class, same_parameters, timeless, stop):
    """Before the heads are dropped, at step 5, and after."""
    whole, balanced, trainer = setup(model_class, data, tmp_path / "whole")
    trainer.train()
    _, _, first = setup(model_class, data, tmp_path, max_steps=stop, save_strategy="steps", save_steps=1)
    first.train()
    folder = tmp_path / f"checkpoint-{stop}"
    assert json.loads((folder / "balance.json").read_text())["state"]["steps"] == stop
    model, again, trainer = setup(model_class, data, tmp_path)
    trainer.train(resume_from_checkpoint=again.restore(folder))
    assert timeless(again.balance) == timeless(balanced.balance)
    same_parameters(model, whole, rtol=0, atol=0)


def test_without_dropped_heads_the_trainer_resumes_by_itself(tmp_path, data, model_class):
    _, _, first = setup(model_class, data, tmp_path, max_steps=3, save_strategy="steps", save_steps=3)
    first.train()
    _, again, trainer = setup(model_class, data, tmp_path)
    trainer.train(resume_from_checkpoint=True)
    assert (again.balance.steps, again.balance.ledger["pos"].ran) == (TOTAL, 10)
    (tmp_path / "checkpoint-3" / "balance.json").unlink()
    _, _, trainer = setup(model_class, data, tmp_path)
    with pytest.raises(
        CheckpointError, match=r"resumes at step 3, the balance is at 0, and there is no .*checkpoint-3/b"
    ):
        trainer.train(resume_from_checkpoint=str(tmp_path / "checkpoint-3"))


def test_evaluation_takes_the_primarys_loss_and_tells_its_metric(tmp_path, data, model_class):
    model, balanced, trainer = setup(
        model_class, data, tmp_path, mt2st.Switch(at="auto", window=1, patience=1, latest=1.0), "eval_score",
        eval_strategy="steps", eval_steps=1,
    )  # fmt: skip
    scores = iter([0.5, 0.6, 0.6, *[0.6] * TOTAL])
    trainer.compute_metrics = lambda found: {"score": next(scores)}
    trainer.train()
    assert balanced.balance.dropped["pos"].startswith("step 3:")
    assert balanced.balance.ledger["sentiment"].ran == 2 * TOTAL
    x, y = (each[:16] for each in data)
    with torch.no_grad():
        expected = model.closures(model.encoder(x), y)["sentiment"]().item()
    assert trainer.evaluate()["eval_loss"] == pytest.approx(expected, rel=1e-5)


def test_weights_are_logged(tmp_path, data, model_class):
    strategy = mt2st.Diminish(rate=1.0, time="steps")
    _, _, trainer = setup(model_class, data, tmp_path, strategy, max_steps=3, logging_strategy="steps", logging_steps=2)
    trainer.train()
    logged = [
        (each["step"], round(each["weight/pos"], 4)) for each in trainer.state.log_history if "weight/pos" in each
    ]
    assert logged == [(2, 0.3679)]


def test_a_metric_that_is_not_there_is_named(tmp_path, data, model_class):
    for every in (1, TOTAL):
        _, _, trainer = setup(
            model_class, data, tmp_path, metric="eval_f1", eval_strategy="steps", eval_steps=every
        )  # fmt: skip
        with pytest.raises(ConfigError, match=r"metric='eval_f1' is not among those of the evaluation: .*eval_columns"):
            trainer.train()
        assert trainer.state.global_step == every


def test_of_several_sets_one_is_told_and_a_test_set_is_not(tmp_path, data, model_class):
    auto = mt2st.Switch(at="auto", window=1, patience=1, latest=1.0)
    _, balanced, trainer = setup(
        model_class, data, tmp_path, auto, "eval_two_score", eval_strategy="steps", eval_steps=1, max_steps=5
    )
    trainer.eval_dataset = {"one": trainer.eval_dataset, "two": trainer.eval_dataset}
    scores = iter([0.1, 0.5, 0.2, 0.6, 0.3, 0.6, *[0.6] * 99])  # those of "one" rise
    trainer.compute_metrics = lambda found: {"score": next(scores)}
    trainer.train()
    assert balanced.balance.dropped["pos"].startswith("step 3:")
    logged = [(each["step"], each["actions"]) for each in trainer.state.log_history if "actions" in each]
    assert [step for step, _ in logged] == [3] and logged[0][1].startswith("switch, as ")
    assert "test_score" in trainer.evaluate(trainer.eval_dataset["one"], metric_key_prefix="test")


def test_a_second_training_begins_anew(tmp_path, data, model_class):
    model, balanced, trainer = setup(model_class, data, tmp_path)
    balanced.balance = mt2st.Balance("sentiment", ["pos", "ner"], mt2st.Constant(), TOTAL, shared=model.parameters())
    trainer.train()
    trainer.train()
    assert (balanced.balance.steps, balanced.balance.ledger["pos"].ran) == (TOTAL, 2 * TOTAL)
    _, _, trainer = setup(model_class, data, tmp_path)
    trainer.train()
    with pytest.raises(CheckpointError, match="the head of 'pos' was released and cannot come back: build a new model"):
        trainer.train()


def test_a_checkpoint_of_another_folder_has_to_be_restored(tmp_path, data, model_class):
    _, _, first = setup(model_class, data, tmp_path / "one", max_steps=3, save_strategy="steps", save_steps=3)
    first.train()
    folder = tmp_path / "one" / "checkpoint-3"
    _, again, trainer = setup(model_class, data, tmp_path / "two")
    with pytest.raises(
        CheckpointError, match=r"no .*two/checkpoint-3/balance.json: give .*=balanced.restore\(folder\)"
    ):
        trainer.train(resume_from_checkpoint=str(folder))
    trainer.train(resume_from_checkpoint=again.restore(folder))
    assert again.balance.steps == TOTAL


def test_a_group_of_batches_without_any_label_is_a_step_too(tmp_path, data, model_class):
    _, balanced, trainer = setup(model_class, data, tmp_path)
    balanced.closures = lambda out, labels: dict.fromkeys(("sentiment", "pos", "ner"), lambda: None)
    trainer.train()
    assert (balanced.balance.steps, balanced.balance.ledger["sentiment"].empty) == (TOTAL, 2 * TOTAL)
