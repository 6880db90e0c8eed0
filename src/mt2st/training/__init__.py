"""The loop, the ledger of work done and skipped, checkpoints, and all it takes to run a job from its settings."""
