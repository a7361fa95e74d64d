"""What a tab kept of somebody (drawings, drafts, who agreed) goes when they leave this device."""

from __future__ import annotations

import base64
import hashlib

SCRIPT = (
    "for (const one of Object.keys(sessionStorage))"
    " if (one.startsWith('excavate-')) sessionStorage.removeItem(one);"
)
# The one script that the door's policy lets run, by what it says.
ALLOWED = f"'sha256-{base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()}'"


def forgetting(html: str) -> str:
    """A page of the door that empties what its tab kept."""
    return html.replace("</body>", f"<script>{SCRIPT}</script></body>")
