"""transformers: a label that 100 of 2,000 texts have, helped by one that all have. Needs the extra transformers."""

from tempfile import mkdtemp

import torch
from torch.nn.functional import cross_entropy
from transformers import BertConfig, BertModel, Trainer, TrainingArguments

import mt2st
from mt2st.adapters.transformers import BalancedLoss

x = torch.randint(40, (2500, 12), generator=torch.Generator().manual_seed(0))  # made up; from 2,000 on is the test
praise, blame = (x < 10).sum(1).clamp(max=4), (x // 10 == 1).sum(1).clamp(max=4)
score = (praise - blame).sign() + 1
y = torch.stack([torch.where(torch.arange(2500) < 100, score, -100), 5 * praise + blame], 1)


def closures(output, y):
    states = output.last_hidden_state.mean(1)
    known = (lambda: cross_entropy(model.score(states), y[:, 0])) if (y[:, 0] >= 0).any() else lambda: None
    return {"score": known, "counts": lambda: cross_entropy(model.counts(states), y[:, 1])}


size = {"hidden_size": 32, "num_attention_heads": 2, "num_hidden_layers": 1, "intermediate_size": 64}
given = {"max_steps": 300, "learning_rate": 3e-3, "per_device_train_batch_size": 64, "remove_unused_columns": False}
args = TrainingArguments(mkdtemp(), save_strategy="no", report_to="none", disable_tqdm=True, use_cpu=True, **given)
for strategy in (mt2st.SingleTask(), mt2st.Diminish(rate=3.0)):
    torch.manual_seed(1)
    model = BertModel(BertConfig(vocab_size=40, **size))
    balance = mt2st.Balance("score", ["counts"], strategy, 300, shared=list(model.parameters()))
    model.score, model.counts = torch.nn.Linear(32, 3), torch.nn.Linear(32, 25)
    trainer = Trainer(model, args, train_dataset=[{"input_ids": x[row], "labels": y[row]} for row in range(2000)])
    BalancedLoss(balance, closures).attach(trainer)
    trainer.train()
    found = model.score(model.eval()(x[2000:]).last_hidden_state.mean(1)).argmax(1)
    print(f"{strategy.name}: accuracy {(found == score[2000:]).float().mean():.3f}")
