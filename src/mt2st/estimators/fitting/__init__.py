"""From labelled texts, and all that may help, to a finished model: columns, the multi-task phase, the convex end."""
