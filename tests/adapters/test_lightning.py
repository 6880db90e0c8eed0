"""Against the real Lightning: what its loop trains is what a plain loop does, and resumes in the same bits."""

import warnings

import pytest

import mt2st
from mt2st.errors import CheckpointError, ConfigError

torch = pytest.importorskip("torch")
pytest.importorskip("lightning")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from lightning.pytorch import LightningModule, Trainer
    from lightning.pytorch.callbacks import ModelCheckpoint

    from mt2st.adapters.lightning import BalanceCallback, BalanceMixin

# Lightning 2.6 on torch 2.13, and advice.
pytestmark = [
    pytest.mark.filterwarnings("ignore:.*LeafSpec.*:FutureWarning"),
    pytest.mark.filterwarnings("ignore:You defined a `validation_step` but have no `val_dataloader`"),
    pytest.mark.filterwarnings("ignore:The '.*dataloader' does not have many workers"),
    pytest.mark.filterwarnings("ignore:The number of training batches"),
    pytest.mark.filterwarnings("ignore:Be aware that when using `ckpt_path`"),
    pytest.mark.filterwarnings("ignore:You're resuming from a checkpoint that ended before the epoch ended"),
]
TOTAL = 9


def balance_of(model, strategy=None):
    strategy = mt2st.Switch(at=0.5) if strategy is None else strategy
    return mt2st.Balance(
        "sentiment", ["pos", "ner"], strategy, TOTAL, shared=model.encoder.parameters(), heads=model.heads
    )


def make_module(model_class, strategy=None, mixin=BalanceMixin):
    class Module(mixin, LightningModule):
        def __init__(self):
            super().__init__()
            self.model = model_class()
            self.balance = balance_of(self.model, strategy)
            self.data = self.model.data()
            self.scores, self.seen = iter([0.5, 0.6, 0.6, 0.6]), []

        def training_step(self, batch, number):
            # By its number: a plain DataLoader starts anew where Lightning resumes within an epoch.
            x, y = (each[8 * number : 8 * number + 8] for each in self.data)
            self.seen.append(self.balance.steps)
            return self.balance(**self.model.closures(self.model.encoder(x), y))

        def validation_step(self, batch, _):
            self.log("accuracy", 0.5 if self.trainer.sanity_checking else next(self.scores))

        def configure_optimizers(self):
            return torch.optim.Adam(self.parameters(), lr=0.01)

    return Module()


def loader(data):
    return torch.utils.data.DataLoader(torch.utils.data.TensorDataset(*data), batch_size=8)


def trainer_of(tmp_path, **kwargs):
    quiet = {"logger": False, "enable_progress_bar": False, "enable_model_summary": False, "accelerator": "cpu"}
    quiet |= {"default_root_dir": tmp_path, "enable_checkpointing": False, "accumulate_grad_batches": 2}
    return Trainer(**{**quiet, "max_epochs": 3, "callbacks": [BalanceCallback()], **kwargs})


def test_time_moves_by_optimiser_steps_and_the_model_is_that_of_a_plain_loop(
    tmp_path, data, model_class, by_hand, same_parameters, timeless
):
    module, other = make_module(model_class), model_class()
    trainer = trainer_of(tmp_path, gradient_clip_val=0.1)
    trainer.fit(module, loader(data))
    balance = by_hand(other, balance_of, TOTAL, clip=0.1)
    assert module.seen == [step for step in range(TOTAL) for _ in range(2)]
    assert timeless(module.balance) == timeless(balance)
    assert list(module.balance.dropped) == ["pos", "ner"]
    assert len(trainer.optimizers[0].state) == 4
    same_parameters(module.model, other)


def test_an_incomplete_last_group_of_batches_is_a_step(tmp_path, data, model_class):
    module = make_module(model_class)
    trainer_of(tmp_path, accumulate_grad_batches=4, max_epochs=2).fit(module, loader(data))
    assert module.seen == [0, 0, 0, 0, 1, 1, 2, 2, 2, 2, 3, 3]
    assert module.balance.steps == 4


@pytest.mark.parametrize("stop", [2, 5, 8])
def test_it_resumes_from_a_checkpoint_in_the_same_bits(tmp_path, data, model_class, same_parameters, timeless, stop):
    """Before the heads are dropped, at step 5, and after."""
    whole = make_module(model_class)
    trainer_of(tmp_path).fit(whole, loader(data))
    first = make_module(model_class)
    saving = ModelCheckpoint(dirpath=tmp_path, filename="{step}", every_n_train_steps=1, save_top_k=-1)
    trainer_of(tmp_path, max_steps=stop, enable_checkpointing=True, callbacks=[saving, BalanceCallback()]).fit(
        first, loader(data)
    )
    again = make_module(model_class)
    trainer_of(tmp_path).fit(again, loader(data), ckpt_path=tmp_path / f"step={stop}.ckpt")
    assert again.seen[0] == stop
    assert timeless(again.balance) == {**timeless(whole.balance), "tally": again.balance.state_dict()["tally"]}
    same_parameters(again.model, whole.model, rtol=0, atol=0)
    assert again.balance.ledger == whole.balance.ledger


def lambda_rates(optimizer, balance):
    return torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 0.9**step)


def phase_rates(optimizer, balance):
    return mt2st.PhaseLR(optimizer, balance, [mt2st.Rates(single_task=share) for share in (0.2, 0.3, 0.5, 0.4)])


@pytest.mark.parametrize("schedule", [None, lambda_rates, phase_rates])
def test_it_resumes_where_a_dropped_head_had_a_group_of_its_own(tmp_path, data, model_class, same_parameters, schedule):
    class Module(make_module(model_class).__class__):
        def configure_optimizers(self):
            parts = [self.model.encoder, *self.model.heads.values()]
            rates = (0.01, 0.02, 0.04, 0.03)[: len(parts)]
            groups = [{"params": part.parameters(), "lr": lr} for part, lr in zip(parts, rates, strict=True)]
            optimizer = torch.optim.Adam(groups)
            if schedule is None:
                return optimizer
            scheduler = {"scheduler": schedule(optimizer, self.balance), "interval": "step"}
            return {"optimizer": optimizer, "lr_scheduler": scheduler}

    def module_of():
        module = Module()
        order = ("pos", "sentiment", "ner")  # the first dropped is not the last group
        module.model.heads = torch.nn.ModuleDict({task: module.model.heads[task] for task in order})
        early = mt2st.Composed({"pos": mt2st.Switch(at=0.3), "ner": mt2st.Constant()})
        module.balance = balance_of(module.model, early)
        return module

    whole, again = module_of(), module_of()
    trainer_of(tmp_path).fit(whole, loader(data))
    first = trainer_of(tmp_path, max_epochs=2)
    first.fit(module_of(), loader(data))
    first.save_checkpoint(tmp_path / "6.ckpt")
    trainer_of(tmp_path).fit(again, loader(data), ckpt_path=tmp_path / "6.ckpt")
    assert list(again.model.heads) == ["sentiment"]
    same_parameters(again.model, whole.model, rtol=0, atol=0)


def test_a_checkpoint_is_also_for_what_does_not_train(tmp_path, data, model_class):
    first = trainer_of(tmp_path)
    first.fit(make_module(model_class), loader(data))
    first.save_checkpoint(tmp_path / "9.ckpt")
    module = make_module(model_class)
    trainer_of(tmp_path).validate(
        module, loader([each[:8] for each in data]), ckpt_path=tmp_path / "9.ckpt", verbose=False
    )
    assert list(module.model.heads) == ["sentiment"] and module.balance.steps == TOTAL


@pytest.mark.parametrize("heads", [lambda model: model.heads, lambda model: dict(model.heads)], ids=["own", "beside"])
def test_a_module_that_has_lost_heads_is_evaluated_as_it_was_before(tmp_path, data, model_class, heads):
    """As after training, by the best checkpoint."""
    module, found = make_module(model_class), []
    given = {"shared": module.model.encoder, "heads": heads(module.model)}
    module.balance = mt2st.Balance("sentiment", ["pos", "ner"], mt2st.Switch(at=0.5), TOTAL, **given)
    saving = ModelCheckpoint(dirpath=tmp_path, every_n_train_steps=4, monitor="weight/pos", mode="max")
    trainer = trainer_of(tmp_path, enable_checkpointing=True, callbacks=[saving, BalanceCallback()])
    trainer.fit(module, loader(data))
    assert (module.balance.steps, list(module.balance.dropped)) == (TOTAL, ["pos", "ner"])
    now = module.balance.state_dict()["dropped"]
    module.validation_step = lambda *_: found.append(module.model.state_dict())
    trainer.validate(module, loader([each[:8] for each in data]), ckpt_path="best", verbose=False)
    saved = torch.load(saving.best_model_path, weights_only=False)
    assert saved["global_step"] == 4
    for name, value in found[0].items():
        assert torch.equal(value, saved["state_dict"][f"model.{name}"])
    assert (module.balance.steps, module.balance.state_dict()["dropped"]) == (TOTAL, now)


def test_the_score_of_validation_reaches_the_strategy_and_that_of_the_sanity_check_does_not(
    tmp_path, data, model_class, caplog
):
    module = make_module(model_class, mt2st.Switch(at="auto", window=1, patience=1, latest=1.0))
    told, observe = [], module.balance.observe
    module.balance.observe = lambda score: told.append(round(score, 3)) or observe(score)
    one = loader([each[:8] for each in data])
    callback = BalanceCallback(monitor="accuracy")
    trainer_of(tmp_path, callbacks=[callback], accumulate_grad_batches=4).fit(module, loader(data), one)
    assert told == [0.5, 0.6, 0.6]
    assert module.balance.dropped["pos"].startswith("step 6:")
    assert [each.message[:10] for each in caplog.records if " as " in each.message] == ["switch, as"]


def test_weights_are_logged(tmp_path, data, model_class):
    module = make_module(model_class, mt2st.Diminish(rate=1.0, time="steps"))
    trainer = trainer_of(tmp_path, max_steps=2)
    trainer.fit(module, loader(data))
    logged = {name: round(value.item(), 4) for name, value in trainer.callback_metrics.items()}
    assert logged == {"weight/sentiment": 1.0, "weight/pos": 0.3679, "weight/ner": 0.3679}


def test_what_is_missing_is_named(tmp_path, data, model_class):
    one = loader([each[:8] for each in data])
    wrong = trainer_of(tmp_path, callbacks=[BalanceCallback(monitor="f1")])
    with pytest.raises(ConfigError, match=r"monitor='f1' was not logged in validation; logged: .*accuracy"):
        wrong.fit(make_module(model_class), loader(data), one)
    module = make_module(model_class)
    del module.balance
    with pytest.raises(ConfigError, match=r"Module has no balance: set self.balance"):
        trainer_of(tmp_path).fit(module, loader(data))
    with pytest.raises(ConfigError, match=r"no BalanceCallback: give Trainer\(callbacks=\[BalanceCallback\(\)\]\)"):
        trainer_of(tmp_path, callbacks=[]).fit(make_module(model_class), loader(data))
    with pytest.raises(CheckpointError, match=r"the checkpoint has no mt2st.Balance"):
        make_module(model_class).on_load_checkpoint({})


def test_feedback_goes_back_and_resumes(tmp_path, data, model_class, same_parameters):
    """Its scores, and so its trials, are the module's own; every part of the run may be its last before a resume."""

    def module_of():
        module = make_module(model_class, mt2st.Switch(at=0.5))
        strategy = mt2st.Feedback(mt2st.Constant(), trial=0.3, noise=0.05)
        model = module.model
        module.balance = mt2st.Balance(
            "sentiment", ["pos", "ner"], strategy, TOTAL, shared=model.encoder.parameters(), model=model
        )
        return module

    def fit(module, epochs, **kwargs):
        trainer = trainer_of(tmp_path, max_epochs=epochs)
        trainer.fit(module, loader(data), **kwargs)
        trainer.save_checkpoint(tmp_path / f"{epochs}.ckpt")
        return module

    whole, other = fit(module_of(), 3), module_of()
    fit(module_of(), 1)
    fit(other, 3, ckpt_path=tmp_path / "1.ckpt")
    same_parameters(whole.model, other.model)
    assert other.balance.kept_state_dict().keys() == {"start"}
    assert other.balance.steps == TOTAL
