"""Text classification from few labels: mt2st's classifier against its alternatives, on the same splits."""
