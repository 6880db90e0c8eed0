"""What people give: texts, labels, weights, auxiliaries and parameters, checked and brought into one form."""
