"""Tasks in PyTorch: any loss with a gradient on the shared parameters, and heads on an encoder's states."""

import mt2st.models.pytorch  # noqa: F401 - asks for torch, before any of these does
