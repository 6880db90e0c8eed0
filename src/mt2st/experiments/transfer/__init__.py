"""Transition strategies against established multi-task methods, on five primaries with few labels."""
