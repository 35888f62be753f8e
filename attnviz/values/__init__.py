"""The frozen values that travel between the rooms, and their way to plain data and back; nothing is rendered here."""
