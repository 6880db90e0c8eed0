"""Finding an estimator's settings from its training data alone.

The pieces: what may be chosen (`space`), who proposes (`engines`), what a trial costs (`work`), how well it told
examples that it was not fitted to (`judging`), how large its model is (`sizes`), and who wins (`choice`).
"""
