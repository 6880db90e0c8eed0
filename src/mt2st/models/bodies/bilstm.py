"""A bidirectional LSTM."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mt2st.errors import ConfigError, MissingExtraError

try:
    import torch  # noqa: F401
except ImportError as error:
    raise MissingExtraError("a torch encoder", extra="torch") from error

from mt2st.models.first_values import BlankLSTM, draw_evenly

if TYPE_CHECKING:
    from torch.nn.utils.rnn import PackedSequence


class BiLSTM(BlankLSTM):
    """States h_t = [forward LSTM_t; backward LSTM_t], read from a packed sequence: no step is spent on padding.

    Parameters
    ----------
    vector_size
        Of the words' vectors.
    hidden_size
        Of each direction; a state has ``2 * hidden_size`` numbers.
    seed
        Of the first values.

    Raises
    ------
    ConfigError
        Where the size is not above 0.

    Examples
    --------
    >>> sorted(name for name, _ in BiLSTM(3, hidden_size=2).named_parameters())[:2]
    ['bias_hh_l0', 'bias_hh_l0_reverse']
    """

    name, reads_packed, pooling = "lstm", True, "max"

    def __init__(self, vector_size: int, hidden_size: int, seed: int = 0) -> None:
        if hidden_size < 1:
            raise ConfigError(f"hidden_size must be at least 1, {hidden_size} found")
        super().__init__(vector_size, hidden_size, bidirectional=True, batch_first=True)
        self.output_size = 2 * hidden_size
        draw_evenly(self, hidden_size**-0.5, seed)

    def forward(self, vectors: PackedSequence) -> PackedSequence:  # type: ignore[override]
        """Return the states of packed sentences, packed."""
        states: PackedSequence = super().forward(vectors)[0]
        return states
