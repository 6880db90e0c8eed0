"""Whole experiments, from data to tables: each training is stored when it ends, so that a restart continues."""
