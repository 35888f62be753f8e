"""`python -m attnviz.engine` is the engine process; the page starts it (see client.py)."""

from attnviz.engine.server import main

main()
