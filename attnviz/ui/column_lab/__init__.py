"""The page Column lab."""
