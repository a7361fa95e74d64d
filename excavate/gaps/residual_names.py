"""Labels for what is left over: a name that says only that the thing has none."""

from __future__ import annotations

import re

RESIDUAL = frozenset(
    (
        *("other", "others", "etc", "rest", "misc", "miscellaneous"),
        *("unknown", "unspecified", "undefined", "unclassified", "uncategorized", "uncategorised"),
        *("unlabeled", "unlabelled", "none", "null", "na", "n/a"),
        *("background", "clutter", "void"),
        *("기타", "그외", "미상", "불명", "미분류", "알수없음", "해당없음", "없음", "배경"),
    )
)


def is_residual(label: str) -> bool:
    """Whether a label is one for what is left over, in English or Korean; case does not count.

    Only a whole label: `other` is, `mother` and `other_vehicle` are not.
    """
    bare = re.sub(r"[\s_\-.()\[\]<>]+", "", label.casefold())
    return bare in RESIDUAL
