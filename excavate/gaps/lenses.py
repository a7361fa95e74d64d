"""Through whose eyes a finding was seen: its encoders and what they were trained on, in words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from excavate.i18n import _

if TYPE_CHECKING:
    from excavate.catalog.folder import SiteFolder
    from excavate.gaps.stored import Finding


def lenses(folder: SiteFolder, finding: Finding) -> list[tuple[str, str | None]]:
    """(spec, what it was trained on) of each encoder it was seen through; [] for none.

    What it was trained on is None where its vectors are no longer there to say.
    """
    given = finding.made.provenance["inputs"].get("vectors", [])
    ids = [one for group in given.values() for one in group] if isinstance(given, dict) else given
    found: dict[str, str | None] = {}
    for one in ids:
        spec, trained_on = _lens(folder, str(one))
        found.setdefault(spec or str(finding.made.provenance["encoder"] or one), trained_on)
    return list(found.items())


def _lens(folder: SiteFolder, vectors: str) -> tuple[str, str | None]:
    file = folder.path / "vectors" / f"{vectors}.json"
    if not file.is_file():
        return "", None
    result = json.loads(file.read_text("utf-8"))["result"]
    return str(result["spec"]), str(result["trained_on"])


def lens_line(trained_on: str | None) -> str:
    """Through whose eyes it was seen, in one sentence."""
    if trained_on == "not trained":
        return _("Seen through what is computed from the pixels alone: nothing was trained.")
    if trained_on in (None, "not stated"):
        return _("Seen through weights whose training data is not stated.")
    return _("Seen through {data}.").format(data=trained_on)
