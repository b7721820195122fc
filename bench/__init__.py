"""Measurements of speed and size; each module says how to run it."""
