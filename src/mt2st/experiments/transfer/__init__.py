"""Transition strategies against the field's methods of multi-task training, on five primaries with few labels."""
