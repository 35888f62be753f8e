"""The page Evidence: what networks do over many texts."""
