"""Models that somebody brought: how they read, what is in them, and what is checked before one is opened."""
