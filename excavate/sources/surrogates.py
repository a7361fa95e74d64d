"""Halves of surrogate pairs: JSON can write them ("\\ud800"), no UTF-8 can."""

from __future__ import annotations

import json
import re
from typing import Any

from excavate.sources.places import is_text

LONE = re.compile(rb"\\u[dD][89a-fA-F]")
WHY = "text that is no Unicode (half of a surrogate pair)"


def holds_halves(content: bytes, document: Any) -> bool:
    """Whether a parsed JSON holds such a half; quick where none is written."""
    return bool(LONE.search(content)) and not is_text(json.dumps(document, ensure_ascii=False))
