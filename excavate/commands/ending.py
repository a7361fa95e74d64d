"""How a process of ours ends."""

from __future__ import annotations

import os
import sys
from typing import NoReturn


def end(code: int) -> NoReturn:
    """End the process at once, its output written.

    While the interpreter takes itself apart, Arrow's threads may still be letting go of the
    hub's files, and abort it: a finished dig would end like a crash.
    """
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:  # whoever read our output has left
        code = code or 1
    os._exit(code)
