"""`python -m attnviz` is the `attnviz` command."""

import sys

from attnviz.cli import main

sys.exit(main())
