"""Inputs, training, evaluation and files of `mt2st.TokenTagger`."""
