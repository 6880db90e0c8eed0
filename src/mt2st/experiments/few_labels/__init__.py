"""Text classification from few labels: mt2st's classifier against what people use instead, on the same splits."""
