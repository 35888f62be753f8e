"""The folder of a run: checkpoints, the library, background runs, and where an explanation comes from."""
