"""What a network attends to over many texts, and whether it needs it: measures, their intervals, folders of results."""
