"""The page Lessons: predict, then check."""
