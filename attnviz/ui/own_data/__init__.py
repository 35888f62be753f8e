"""Data sets of the visitor's own: chosen for a run, brought as a file, listed and deleted."""
