"""Models that people bring: added, tried out, kept, renamed and deleted on the page Models."""
