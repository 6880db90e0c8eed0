"""Training, files and inputs of `mt2st.TokenTagger`."""
