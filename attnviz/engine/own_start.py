"""`python -m attnviz.engine.own_start FOLDER SCRATCH` is the process of one model that somebody brought.

Its doors are shut before anything else is imported: threads that a library had started by then would keep them open.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from attnviz.foreign.confinement import shut_doors


def main() -> None:
    """Serve on standard input and output."""
    folder, scratch = map(Path, sys.argv[1:])
    os.chdir(scratch)
    notes = shut_doors(folder, scratch)
    from attnviz.engine.own_server import serve

    serve(folder, scratch, notes)


if __name__ == "__main__":
    main()
