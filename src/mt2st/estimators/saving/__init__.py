"""Models as folders: written, quantized, read and loaded."""
