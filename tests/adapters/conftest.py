"""A model of three tasks on one input, whose labels are three columns, and its training by hand."""

import pytest

torch = pytest.importorskip("torch")

TASKS = ("sentiment", "pos", "ner")


def make_data(count=48):
    chance = torch.Generator().manual_seed(3)
    return torch.randn(count, 6, generator=chance), torch.randint(3, (count, 3), generator=chance)


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.encoder = torch.nn.Sequential(torch.nn.Linear(6, 5), torch.nn.Tanh())
        self.heads = torch.nn.ModuleDict({task: torch.nn.Linear(5, 3) for task in TASKS})

    @staticmethod
    def data():
        return make_data()

    def closures(self, hidden, labels):
        entropy = torch.nn.functional.cross_entropy
        return {
            task: lambda task=task, column=column: entropy(self.heads[task](hidden), labels[:, column])
            for column, task in enumerate(TASKS)
        }


@pytest.fixture(scope="session")
def data():
    return make_data()


@pytest.fixture(scope="session")
def model_class():
    return Model


@pytest.fixture(scope="session")
def by_hand():
    """Train a model in a plain loop; batches of 8 in order, ``accumulate`` of them a step."""

    def train(model, make_balance, steps, accumulate=2, clip=None):
        optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
        balance = make_balance(model)
        balance.attach(optimizer)
        x, y = make_data()
        batches = list(zip(x.split(8), y.split(8), strict=True))
        for step in range(steps):
            for micro in range(accumulate):
                inputs, labels = batches[(step * accumulate + micro) % len(batches)]
                loss = balance(**model.closures(model.encoder(inputs), labels))
                (loss / accumulate).backward()
            if clip:
                torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
            optimizer.step()
            optimizer.zero_grad()
            balance.step()
        return balance

    return train


@pytest.fixture(scope="session")
def same_parameters():
    def check(one, other, **kwargs):
        ours, theirs = one.state_dict(), other.state_dict()
        assert list(ours) == list(theirs)
        for name, value in ours.items():
            torch.testing.assert_close(value, theirs[name], **{"rtol": 1e-6, "atol": 1e-7, **kwargs})

    return check


@pytest.fixture(scope="session")
def timeless():
    def state(balance):
        return {**balance.state_dict(), "seconds": 0}

    return state
