"""The training loop, the ledger of work done and skipped, checkpoints, and all else that runs a job from its settings.

A run goes through `run`, which loads the data (`corpus`), builds the tasks (`job`), trains (`loop`) and writes the
result (`result`). Packages hold the larger parts:

``settings``
    The schema of a job's settings, and its TOML.
``primary``, ``further``, ``lexical``
    Reading the data of the primary, of labelled auxiliaries other than classification, and of word lists.
``builders``
    Building tasks from that data, for the bag and for torch encoders.
``ranks``
    Training one job in several processes.
``balance``
    Strategies in the user's own PyTorch loop: `mt2st.Balance`.
``vectors``
    Training word vectors alone: `mt2st.train_vectors`.
"""
