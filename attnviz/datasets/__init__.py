"""Data to train on: synthetic tasks with a planted answer, and the IMDB reviews."""
