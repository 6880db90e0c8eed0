"""The loop, the ledger of work done and skipped, checkpoints, and all it takes to run a job from its settings.

A run goes through `run`, which loads the data (`corpus`), builds the tasks (`job`), trains (`loop`) and writes the
result (`result`). Packages hold the larger parts:

``settings``
    The schema of a job's settings, and its TOML.
``primary``, ``further``, ``lexical``
    Reading the data of the primary, of labelled auxiliaries other than classification, and of word lists.
``builders``
    Tasks of that data, for the bag and for torch encoders.
``ranks``
    Several processes that train one job.
``balance``
    Strategies in a PyTorch loop of one's own: `mt2st.Balance`.
``vectors``
    Word vectors alone: `mt2st.train_vectors`.
"""
