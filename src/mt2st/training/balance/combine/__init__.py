"""Other ways than a sum to combine several losses: TorchJD's scalarisers and aggregators.

The input is the weighted losses ``gamma_k * loss_k`` of the tasks that run. A scalariser maps them to one loss. With an
aggregator, such as UPGrad, PCGrad or CAGrad, the loss has the value of the weighted sum; its ``backward`` makes a pass
per task, and gives the shared parameters the combination of the tasks' gradients, all others the gradient of the
weighted sum. If a single task runs, its weighted loss is returned, at no further cost.

Consequences:

- An aggregator's step costs a backward pass through the shared part for each task, the memory of a gradient of the
  shared parameters for each, and a solver's time: 1.5 times a step of the sum if the model is large, 2.7 times if it is
  so small that only the overhead of calls counts; ``benchmarks/balance.py``.
- If a method learns parameters by gradient, as UW and IMTLL do, give the optimiser ``combine.parameters()`` too. FAMO
  needs ``combine.update(losses)`` after ``optimizer.step()``, with the weighted losses, while auxiliaries run; DWA
  needs ``combine.step()`` once per epoch. These have a fixed number of tasks and need a loss of each at every step: no
  None, work `Exact`, strategy `Switch`.
- Your own method is a subclass of ``torchjd.aggregation.Aggregator`` or ``torchjd.scalarization.Scalarizer``.
- As a weight goes to 0, the weighted sum becomes the primary's loss smoothly; most combinations do not. Means over
  tasks, such as UPGrad, give a K-th of the primary's gradient while K tasks run. PCGrad and CAGrad look at directions:
  an auxiliary in conflict turns the gradient however little it weighs. MGDA, IMTLG and AlignedMTL shrink the gradient
  to the smallest task's: under `Diminish` training stands still. `Switch` suits them all.
- With `Skip`, the expected update is not that of all tasks at every step, as a combination is not a sum.
- Each of several processes, and each part of a batch whose gradients are accumulated, is combined by itself.
- A combiner's parameters are part of the ``state_dict`` of `Balance`. The other state that TorchJD 0.18 keeps for DWA,
  FAMO, GradVac, PCD, ExcessMTL and NashMTL is not: save the combiner itself too, by ``torch.save``, and give `Balance`
  the loaded one. PCGrad and GradVac draw from torch's global generator.
"""

from mt2st.training.balance.combine.combiner import Combiner

__all__ = ["Combiner"]
