"""One reading in a process of its own: CASE ours|bare INPUT."""

import sys

from benchmarks.sources import run

run(*sys.argv[1:])
