"""The torch encoders that the settings name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import torch

from mt2st.errors import ConfigError
from mt2st.models.pytorch.bodies.bilstm import BiLSTM
from mt2st.models.pytorch.bodies.cnn import CNN
from mt2st.models.pytorch.bodies.transformer import Transformer
from mt2st.models.pytorch.text_encoder import TextEncoder
from mt2st.models.shared import check_table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mt2st.embeddings.word_rows import WordRows
    from mt2st.models.pytorch.pooling import Pooling

Sizes = Mapping[str, Any]

BODIES: dict[str, Callable[[int, Sizes, int], torch.nn.Module]] = {
    "bilstm": lambda vector_size, sizes, seed: BiLSTM(vector_size, sizes["hidden_size"], seed),
    "attention": lambda vector_size, sizes, seed: BiLSTM(vector_size, sizes["hidden_size"], seed),
    "cnn": lambda vector_size, sizes, seed: CNN(vector_size, sizes["filters"], sizes["widths"], seed),
    "transformer": lambda vector_size, sizes, seed: Transformer(vector_size, sizes["layers"], sizes["heads"], seed),
}


def make_encoder(
    name: str,
    table: NDArray[np.float32],
    sizes: Sizes,
    dropout: float = 0.0,
    seed: int = 0,
    subwords: WordRows | None = None,
) -> TextEncoder:
    """Return an encoder: ``bilstm``, ``attention`` (the same, pooled by attention), ``cnn`` or ``transformer``.

    Parameters
    ----------
    name
        One of `BODIES`.
    table, dropout, seed, subwords
        See `TextEncoder`.
    sizes
        The sizes of the encoder's body, such as ``hidden_size``; and ``pooling``, if not the body's default.

    Raises
    ------
    ConfigError
        If the name is unknown, or a size is missing.

    Examples
    --------
    >>> import numpy as np
    >>> encoder = make_encoder("attention", np.ones((5, 3), np.float32), {"hidden_size": 4})
    >>> encoder.output_size, encoder.pooling
    (8, 'attention')
    """
    if name not in BODIES:
        raise ConfigError(f"a torch encoder is one of {', '.join(BODIES)}, found {name!r}")
    check_table(table)
    try:
        body = BODIES[name](table.shape[1], sizes, seed)
    except KeyError as error:
        raise ConfigError(f"the encoder {name} needs {error.args[0]}, found {', '.join(sizes) or 'nothing'}") from None
    pooling: Pooling | None = sizes.get("pooling") or ("attention" if name == "attention" else None)
    return TextEncoder(table, body, pooling, dropout, seed, subwords)
