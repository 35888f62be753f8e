"""The processes of runs: `python -m attnviz.runs LIBRARY` does the runs that wait there, `… LIBRARY NAME` does one."""

import sys
from pathlib import Path

from attnviz.runs.run_process import run_apart
from attnviz.runs.runner import serve

library, *names = sys.argv[1:]
sys.exit(run_apart(Path(library, *names)) if names else serve(Path(library)))
