"""Searching an estimator's settings using only its training data.

The pieces: the possible settings (`space`), the engines that propose them (`engines`), the cost of a trial (`work`),
its results on held-out examples (`held_out`), the size of its model (`sizes`), and the choice of the winner (`choice`).
"""
