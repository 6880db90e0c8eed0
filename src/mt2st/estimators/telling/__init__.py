"""What a finished text classifier tells: labels, probabilities, reasons, neighbours and figures."""
