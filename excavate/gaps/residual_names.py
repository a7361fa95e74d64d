"""Labels for what is left over: a name that says only that the thing has none."""

from __future__ import annotations

from excavate.gaps.emptiness import residual_words

OF_PICTURES = frozenset(("background", "clutter", "void", "none of these", "배경"))


def is_residual(label: str) -> bool:
    """Whether a label is one for what is left over, in English or Korean; case does not count.

    Only a whole label: `other` is, `mother` and `other_vehicle` are not.
    """
    bare = label.strip().casefold()
    return bare in residual_words() or bare in OF_PICTURES
