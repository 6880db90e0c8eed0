"""A bidirectional LSTM."""

from __future__ import annotations

from mt2st.errors import ConfigError
from mt2st.models.pytorch.first_values import draw_evenly
from mt2st.models.pytorch.lstm import PackedLSTM


class BiLSTM(PackedLSTM):
    """States h_t = [forward LSTM_t; backward LSTM_t]; it reads packed sentences, so that no step is spent on padding.

    Parameters
    ----------
    vector_size
        Size of the words' vectors.
    hidden_size
        Size of each direction; a state has ``2 * hidden_size`` numbers.
    seed
        Seed of the initial values.

    Raises
    ------
    ConfigError
        If the size is not above 0.

    Examples
    --------
    >>> sorted(name for name, _ in BiLSTM(3, hidden_size=2).named_parameters())[:2]
    ['bias_hh_l0', 'bias_hh_l0_reverse']
    """

    name, reads_packed, pooling = "lstm", True, "max"

    def __init__(self, vector_size: int, hidden_size: int, seed: int = 0) -> None:
        if hidden_size < 1:
            raise ConfigError(f"hidden_size must be at least 1, {hidden_size} found")
        super().__init__(vector_size, hidden_size)
        self.output_size = 2 * hidden_size
        draw_evenly(self, hidden_size**-0.5, seed)
