"""Fitting a model to labelled texts and helping data: choosing columns, the multi-task phase, the convex end."""
