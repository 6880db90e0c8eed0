"""Output of a finished text classifier: labels, probabilities, explanations, similar texts and measures."""
