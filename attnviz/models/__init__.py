"""The networks: the attention layers, the builders, and the table of what was published."""
