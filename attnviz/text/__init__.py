"""Words with their offsets, the vocabulary, and texts with some of their words edited."""
