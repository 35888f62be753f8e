"""What a network did with an input: activations, attention and attributions."""
