"""Reviews: the data set, files that people bring, examples, and what was kept of a whole reading."""
