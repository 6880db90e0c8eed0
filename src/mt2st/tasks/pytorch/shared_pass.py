"""One run of the encoder, forwards and backwards, for several tasks with the same texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mt2st.tasks.pytorch.text_task import TextTask
    from mt2st.tasks.task import Outcome


class SharedPass:
    """The sum of several tasks' weighted losses over one output of the encoder, differentiated once.

    With h = encoder(texts), the gradient of sum_k w_k L_k(h) is that of h times sum_k w_k dL_k/dh. Each task's head
    runs forward and backward on a detached h and adds w_k dL_k/dh to its gradient; `finish` sends the sum through the
    encoder.

    Parameters
    ----------
    tasks
        Tasks that encode texts equally; the first one does it for all.
    batch
        Numbers of the texts, (batch,), of which each process encodes its part.

    Attributes
    ----------
    output
        h, detached from the encoder; its gradient is the sum of what the tasks have added so far.

    Notes
    -----
    Separate passes give the same result except for rounding if each draws the same dropout, for instance by calling
    `mt2st.models.pytorch.text_encoder.TextEncoder.begin_step` before each. A body with dropout of its own does not.

    Examples
    --------
    >>> from mt2st.models.pytorch.encoders import make_encoder
    >>> from mt2st.models.pytorch.shared import TorchShared
    >>> from mt2st.tasks import LabelledRows, Sampler
    >>> from mt2st.tasks.pytorch.encoder_classification import EncoderClassification
    >>> from mt2st.text import Ragged
    >>> data = LabelledRows(Ragged.from_lists([[1, 2], [3]]), np.array([0, 1], np.int32), ("bad", "good"))
    >>> shared = TorchShared(make_encoder("bilstm", np.ones((4, 3), np.float32), {"hidden_size": 2}))
    >>> sampler = Sampler(2, 1, 1, seed=1, name="mood")
    >>> tasks = [EncoderClassification(name, shared, data, sampler) for name in ("mood", "thanks")]
    >>> once = SharedPass(tasks, sampler.draw())
    >>> [once.learn(task, weight=1.0).words for task in tasks]
    [3, 3]
    >>> shared.encoder.embedding.weight.grad is None
    True
    >>> once.finish()
    >>> shared.encoder.embedding.weight.grad.shape
    torch.Size([4, 3])
    """

    def __init__(self, tasks: list[TextTask], batch: NDArray[np.int64]) -> None:
        self.batch, self.part = batch, tasks[0].share.part
        self._encoded = tasks[0].encode(batch, self.part)
        self.output = self._encoded.detach().requires_grad_(self._encoded.requires_grad)

    def learn(self, task: TextTask, weight: float) -> Outcome:
        """Train a task's head, and add ``weight`` times its gradient to the output's."""

        def own_loss(batch: NDArray[np.int64]) -> torch.Tensor | None:
            has_labels = task.labels_of(batch[self.part])
            return task.encoded_loss(self.output, batch, self.part) if has_labels else None

        return task.learn_by(own_loss, self.batch, weight)

    def reads(self, task: TextTask) -> bool:
        """Return whether this process's part of the batch has words, and labels of a task: enough to learn from."""
        own = self.batch[self.part]
        return bool(task.words_of(own) and task.labels_of(own))

    def trace(self) -> list[NDArray[np.generic]]:
        """Return a copy of the gradient that the tasks have added, which each task must change."""
        gradient = self.output.grad
        return [np.zeros(self.output.shape, np.float32) if gradient is None else gradient.numpy().copy()]

    def finish(self) -> None:
        """Add the gradient of all tasks' losses to the encoder's pending gradient."""
        if self.output.grad is not None:
            self._encoded.backward(self.output.grad)  # type: ignore[no-untyped-call]
