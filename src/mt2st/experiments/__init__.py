"""Whole experiments, from data to tables: many trainings, each stored as it ends, so that a second start goes on."""
