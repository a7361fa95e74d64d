"""Excavate: mining the absent dataset. The public face; names are loaded when they are used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["Site", "__version__", "dig", "measure", "open_site"]

if TYPE_CHECKING:
    from excavate.digging import dig
    from excavate.gaps.asking import measure
    from excavate.site import Site
    from excavate.site import Site as open_site

_PLACES = {
    "Site": ("excavate.site", "Site"),
    "open_site": ("excavate.site", "Site"),
    "dig": ("excavate.digging", "dig"),
    "measure": ("excavate.gaps.asking", "measure"),
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'excavate' has no attribute {name!r}")
    from importlib import import_module

    module, attribute = _PLACES[name]
    return getattr(import_module(module), attribute)
