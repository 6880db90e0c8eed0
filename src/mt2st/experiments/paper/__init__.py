"""The experiment of the paper's Tables I to III, with losses that train and the same search for every cell."""
