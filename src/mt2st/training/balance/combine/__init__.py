"""Other ways than a sum to make one loss of several: TorchJD's scalarisers and aggregators, while there are several.

The weighted losses ``gamma_k * loss_k`` of the tasks that run go in. Of a scalariser comes a loss. Of an aggregator, as
UPGrad, PCGrad or CAGrad, comes a loss of the value of the weighted sum, whose ``backward`` takes one pass a task and
leaves on the shared parameters the combination of the tasks' gradients, on all others the gradient of the weighted sum.
Where a single task runs, its weighted loss is returned, at no further cost.

What that means:

- An aggregator's step costs a backward pass through the shared part for each task, the memory of a gradient of the
  shared parameters for each, and a solver's time: 1.5 times a step of the sum where the model is large, 2.7 times where
  it is so small that calls are all that takes time; ``benchmarks/balance.py``.
- What learns by gradient, as UW and IMTLL, is for the optimiser: give it ``combine.parameters()`` too. FAMO wants
  ``combine.update(losses)`` after ``optimizer.step()``, the losses times their weights, while auxiliaries are on; DWA
  wants ``combine.step()`` once an epoch. These, made for a number of tasks, need a loss of each at every step: no None,
  `Exact`, `Switch`.
- A method of one's own is a subclass of ``torchjd.aggregation.Aggregator`` or ``torchjd.scalarization.Scalarizer``.
- As a weight goes to 0 the weighted sum goes over to the primary smoothly; combinations mostly do not. Means over
  tasks, as UPGrad, give a K-th of the primary's gradient while K tasks run. PCGrad and CAGrad look at directions: an
  auxiliary in conflict turns the gradient however little it weighs. MGDA, IMTLG and AlignedMTL shrink the gradient to
  the smallest task's: under `Diminish` training stands still. `Switch` suits them all.
- With `Skip`, the expected update is no longer that of every task at every step, as a combination is no sum.
- Of several processes, and of the parts of a batch whose gradients are accumulated, each is combined by itself.
- A combiner's parameters are part of the ``state_dict`` of `Balance`. What TorchJD 0.18 keeps beside them, of DWA,
  FAMO, GradVac, PCD, ExcessMTL and NashMTL, is not: save the combiner itself too, by ``torch.save``, and give `Balance`
  the loaded one. PCGrad and GradVac draw from torch's global generator.
"""

from mt2st.training.balance.combine.combiner import Combiner

__all__ = ["Combiner"]
