"""A small model of three tasks with heads of their own, and its data."""

import pytest

torch = pytest.importorskip("torch")

TASKS = ("sentiment", "pos", "ner")


class Model(torch.nn.Module):
    def __init__(self, seed=0):
        super().__init__()
        torch.manual_seed(seed)
        self.encoder = torch.nn.Sequential(torch.nn.Linear(6, 5), torch.nn.Tanh())
        self.heads = torch.nn.ModuleDict({task: torch.nn.Linear(5, 3) for task in TASKS})

    def loss(self, task, batch):
        x, y = batch
        return torch.nn.functional.cross_entropy(self.heads[task](self.encoder(x)), y)


def make_batch(step, task):
    chance = torch.Generator().manual_seed(1000 * step + TASKS.index(task))
    return torch.randn(8, 6, generator=chance), torch.randint(3, (8,), generator=chance)


@pytest.fixture
def model():
    return Model()


@pytest.fixture
def make_model():
    return Model


@pytest.fixture
def batch():
    return make_batch


@pytest.fixture
def closures():
    """Return the closures of one step, each of which notes that it was called."""

    def make(model, step, called=None):
        def closure(task):
            def loss():
                if called is not None:
                    called.append(task)
                return model.loss(task, make_batch(step, task))

            return loss

        return {task: closure(task) for task in TASKS}

    return make


@pytest.fixture
def bits():
    """Return all parameters of a model as bytes by name."""

    def read(model):
        return {name: value.detach().numpy().tobytes() for name, value in model.state_dict().items()}

    return read
