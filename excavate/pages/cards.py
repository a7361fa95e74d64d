"""Cards of findings, in one piece; one that is broken takes no other with it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from excavate.components.broken_card import broken_card
from excavate.components.finding_card import card
from excavate.errors import ExcavateError
from excavate.i18n import _
from excavate.pages.error_words import worded
from excavate.pages.finding_shown import around_each
from excavate.pages.veiling import as_shown

if TYPE_CHECKING:
    from excavate.gaps.stored import Finding
    from excavate.site import Site


def cards_html(site: Site, found: Sequence[Finding]) -> str:
    """The cards as this session sees them, all pictures asked for at once where nothing breaks."""
    try:
        return _drawn(site, found)
    except Exception:  # which of them it was is told below
        return "".join(_one(site, finding) for finding in found)


def _drawn(site: Site, found: Sequence[Finding]) -> str:
    shown = [as_shown(site, finding) for finding in found]
    return "".join(map(card, shown, around_each(site, shown)))


def _one(site: Site, finding: Finding) -> str:
    name = site.folder.path.name
    try:
        return _drawn(site, [finding])
    except ExcavateError as error:
        return broken_card(finding, worded(error.what), worded(error.todo or ""), name)
    except Exception:
        logging.getLogger("excavate").exception("the card of finding %s failed", finding.id)
        what = _("The card of this finding could not be drawn")
        return broken_card(finding, what, _("The host's log says more. Measure again:"), name)
