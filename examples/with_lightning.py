"""Lightning: one model for what is wanted and for another outcome, see toy.py. Needs the extra lightning."""

import torch
from lightning.pytorch import LightningModule, Trainer
from torch.nn.functional import mse_loss
from torch.utils.data import DataLoader, TensorDataset

import mt2st
from mt2st.adapters.lightning import BalanceCallback, BalanceMixin
from toy import few, many, test


class Model(BalanceMixin, LightningModule):
    def __init__(self, strategy):
        super().__init__()
        self.encoder = torch.nn.Sequential(torch.nn.Linear(20, 8), torch.nn.Tanh())
        self.heads = torch.nn.ModuleDict({"few": torch.nn.Linear(8, 1), "many": torch.nn.Linear(8, 3)})
        shared, work = self.encoder.parameters(), mt2st.Skip()
        self.balance = mt2st.Balance("few", ["many"], strategy, 500, shared=shared, heads=self.heads, work=work)

    def training_step(self, batch, _):
        return self.balance(few=lambda: self.error("few", *few), many=lambda: self.error("many", *batch))

    def error(self, task, x, y):
        return mse_loss(self.heads[task](self.encoder(x)), y)

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=0.01)


quiet = {"logger": False, "enable_checkpointing": False, "enable_progress_bar": False, "enable_model_summary": False}
for strategy in (mt2st.SingleTask(), mt2st.Diminish(rate=8.0)):
    torch.manual_seed(1)
    model, loader = Model(strategy), DataLoader(TensorDataset(*many), batch_size=200)
    Trainer(max_epochs=50, accelerator="cpu", callbacks=[BalanceCallback()], **quiet).fit(model, loader)
    ran = model.balance.ledger["many"].ran
    print(f"{strategy.name}: test error {model.error('few', *test):.3f}, the auxiliary ran at {ran} of 500 steps")
