"""Freezer: freezes the dimensions and layers that are least relevant to the primary, in any PyTorch loop."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mt2st.errors import CheckpointError, ConfigError, MissingExtraError, did_you_mean

try:
    import torch
    from torch.nn.parallel import DistributedDataParallel
except ImportError as error:
    raise MissingExtraError("mt2st.Freezer", extra="torch") from error

from mt2st.models.pytorch.partly_frozen import PartlyFrozenEmbedding, of_columns
from mt2st.models.pytorch.relevance import relevance_of
from mt2st.models.relevance import least_relevant
from mt2st.strategies.checks import number
from mt2st.training.balance.freeze_module import freeze_module
from mt2st.training.balance.heads import optimizers_of

if TYPE_CHECKING:
    from torch.optim import Optimizer

    from mt2st.models.pytorch.relevance import Losses


class Freezer:
    """Freezes the least relevant dimensions of an embedding, and the least relevant layers, of a model.

    Relevance is the mean of ``|gradient x value|`` on training batches of the primary: for a dimension over all
    positions, for a layer over all elements of its parameters.

    An embedding is replaced in the model by a ``PartlyFrozenEmbedding``, whose active part is the same parameter object
    as its weight, so that optimisers keep its moments and a `Balance` that shares it continues. A frozen layer gets no
    gradients, so that optimisers skip it, weight decay and momentum included, and it normalises by its present running
    statistics. Frozen parts stay bit-equal, and no gradients or updates are computed for them.

    Parameters
    ----------
    model
        Holds the embedding and the layers. Freeze first, then wrap it in ``DistributedDataParallel``.
    optimizers
        One or several that train the model.

    Attributes
    ----------
    frozen
        Dimensions by the name of the embedding.
    layers
        Names of the frozen layers.

    Examples
    --------
    >>> import torch
    >>> _ = torch.manual_seed(0)
    >>> model = torch.nn.ModuleDict({"words": torch.nn.Embedding(50, 4), "head": torch.nn.Linear(4, 2)})
    >>> optimizer = torch.optim.AdamW(model.parameters())
    >>> words, labels = torch.randint(0, 50, (20, 5)), torch.randint(0, 2, (20,))
    >>> def loss(rows=slice(None)):
    ...     return torch.nn.functional.cross_entropy(model["head"](model["words"](words[rows]).mean(1)), labels[rows])
    >>> freezer = Freezer(model, optimizer)
    >>> freezer.freeze([lambda: loss(slice(0, 10)), lambda: loss(slice(10, 20))], embedding="words", share=0.5)
    >>> model["words"]
    PartlyFrozenEmbedding(50 rows, 2 dimensions active, 2 frozen)

    Notes
    -----
    `state_dict` is JSON; load it before the states of model and optimisers. Call `freeze` between two steps, once
    pending gradients are applied. ``model.state_dict()`` has ``words.active`` and ``words.frozen`` afterwards;
    ``model["words"].weight`` puts them together. `Feedback` that goes back to a state from before puts all of it back,
    what is frozen now too.
    """

    def __init__(self, model: torch.nn.Module, optimizers: Optimizer | Iterable[Optimizer] = ()) -> None:
        if any(isinstance(module, DistributedDataParallel) for module in model.modules()):
            raise ConfigError("freeze before wrapping in DistributedDataParallel: it keeps the parameters it was given")
        self.model = model
        self.optimizers = optimizers_of(optimizers)
        self.frozen: dict[str, list[int]] = {}
        self.layers: list[str] = []

    # A callback may be in either, as evaluations are: losses need a gradient, and what is made here is trained.
    @torch.inference_mode(False)
    @torch.enable_grad()
    def freeze(
        self,
        losses: Losses,
        *,
        embedding: str | None = None,
        share: float = 0.5,
        layers: Sequence[str] = (),
        layer_share: float = 0.5,
    ) -> None:
        """Freeze the share of an embedding's dimensions, and of some layers, that are least relevant to ``losses``.

        Parameters
        ----------
        losses
            Closures, one for each of some training batches of the primary, which should be equally large. Put the model
            in evaluation mode first if dropout should be off.
        embedding
            The name of a `torch.nn.Embedding` in the model; None for none.
        share
            Share of its dimensions, 0 to 1; ``round(share * dimensions)`` are frozen.
        layers
            Names of the submodules to choose from, or a single name.
        layer_share
            Share of these, 0 to 1.

        Raises
        ------
        ConfigError
            If a name is not that of a module, or of one that is frozen already, a share is out of bounds, ``losses``
            are not closures, or the embedding cannot be split.
        GradientPathError
            If the losses do not reach them.
        """
        share, layer_share = number(share, "share", 0.0, 1.0), number(layer_share, "layer_share", 0.0, 1.0)
        module = None if embedding is None else self._embedding(embedding)
        parts = {name: self._trained(name) for name in ([layers] if isinstance(layers, str) else layers)}
        flat = {f"{name}/{key}": part for name, found in parts.items() for key, part in found.items()}
        dimensions, worth = relevance_of(losses, module, flat)
        columns = least_relevant(dimensions, share).tolist() if module is not None else []
        names: list[str] = []
        if parts:
            values = [_mean_worth(name, found, worth) for name, found in parts.items()]
            names = [list(parts)[place] for place in least_relevant(values, layer_share)]
        if embedding is not None:
            self._freeze_dimensions(embedding, columns)
        self._freeze_layers(names)

    def state_dict(self) -> dict[str, Any]:
        """Return what is frozen, as JSON values."""
        return {"dimensions": {name: list(columns) for name, columns in self.frozen.items()}, "layers": [*self.layers]}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Freeze what was frozen in the saved run; before the states of model and optimisers are loaded."""
        if self.frozen or self.layers:
            raise CheckpointError("parts of this model are frozen already: load the state into a newly built model")
        for name, columns in state["dimensions"].items():
            self._freeze_dimensions(name, columns)
        self._freeze_layers(state["layers"])

    def _freeze_dimensions(self, name: str, columns: list[int]) -> None:
        if not columns:
            return
        old = self._embedding(name)
        self.frozen[name] = columns
        if len(columns) == old.embedding_dim:
            freeze_module(old)
            return
        new = PartlyFrozenEmbedding(old, columns)
        parent, _, child = name.rpartition(".")
        setattr(self.model.get_submodule(parent), child, new)
        for optimizer in self.optimizers:
            if old.weight in optimizer.state:
                known = optimizer.state[old.weight]
                optimizer.state[old.weight] = of_columns(known, new.columns["active"], old.weight.shape)
        # The same parameter object, made narrower, so that optimisers and a Balance that hold it go on training it.
        weight: Any = old.weight
        weight.data, weight.grad = new.active.data, None
        new.active = weight

    def _freeze_layers(self, names: Collection[str]) -> None:
        for name in names:
            freeze_module(self._module(name))
            self.layers.append(name)

    def _module(self, name: str) -> torch.nn.Module:
        try:
            return self.model.get_submodule(name)
        except AttributeError:
            known = did_you_mean(name, [known for known, _ in self.model.named_modules() if known])
            raise ConfigError(f"there is no module {name!r} in the model{known}") from None

    def _trained(self, name: str) -> dict[str, torch.nn.Parameter]:
        found = {key: each for key, each in self._module(name).named_parameters() if each.requires_grad}
        if not found:
            raise ConfigError(f"no parameter of {name!r} is trained, or all are frozen already: leave it out of layers")
        return found

    def _embedding(self, name: str) -> torch.nn.Embedding:
        module = self._module(name)
        if not isinstance(module, torch.nn.Embedding) or not module.weight.requires_grad:
            found = f"{'a frozen ' if isinstance(module, torch.nn.Embedding) else ''}{type(module).__name__}"
            raise ConfigError(f"{name} must be a torch.nn.Embedding that is not frozen, found {found}")
        holders = [
            f"{holder}.{key}" if holder else key
            for holder, other in self.model.named_modules(remove_duplicate=False)
            for key, parameter in other.named_parameters(recurse=False)
            if parameter is module.weight
        ]
        if not name or len(holders) > 1:
            raise ConfigError(f"the weight of {name or 'the model'!r} is held by {', '.join(holders)}: untie it first")
        return module


def _mean_worth(layer: str, parameters: Mapping[str, torch.Tensor], worth: Mapping[str, float]) -> float:
    sizes = {key: parameter.numel() for key, parameter in parameters.items()}
    return sum(worth[f"{layer}/{key}"] * size for key, size in sizes.items()) / max(sum(sizes.values()), 1)
