"""Training: the compiled whole-run trainer of small networks, and the trainer of the text networks."""
