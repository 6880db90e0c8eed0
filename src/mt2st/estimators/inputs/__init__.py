"""Checks of what users give: texts, labels, weights, auxiliaries and parameters, converted to one form."""
