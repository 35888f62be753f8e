"""Predict, then check: the lessons of the page of this name, and what their checks find."""
