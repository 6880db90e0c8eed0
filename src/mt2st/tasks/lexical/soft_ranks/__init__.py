"""Ranks with a gradient: by sigmoids of all pairs, or by isotonic regression; and Spearman's rho of them."""
