"""What a record says of a picture that it refers to: regions, labels and attributes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from excavate.model import Attribute, Category, Label, Region, as_text
from excavate.sources.croissant_document import Field
from excavate.sources.croissant_records import BOX, MASK, Records

Box = tuple[float, float, float, float]
CategoryOf = Callable[[Field, Any], Category | None]


@dataclass(slots=True)
class Said:
    """What is said of one picture by one record."""

    labels: list[Label] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    attributes: list[Attribute] = field(default_factory=list)


def said_of(records: Records, row: int, link: Field, category_of: CategoryOf, source: str) -> Said:
    """One record: a region where it has a box or a mask, else labels and attributes."""
    said, prefix = Said(), f"{records.record_set.key}."
    shapes, categories, rest = [], [], []
    for one, values in records.fields():
        if one.types & {BOX, MASK}:
            shapes.append((one, values[row]))
        elif category := category_of(one, values[row]):
            categories.append((one, category))
        elif one is not link:
            rest.append((one, values[row]))
    if shapes:
        said.regions.append(_region(shapes, categories, rest))
        return said
    said.labels += [Label(one.name, c.name, c.category_id) for one, c in categories]
    for one, value in rest:
        if one.types & {"Text"} and value is not None:
            said.labels.append(Label(one.name, str(as_text(value))))
        else:
            said.attributes.append(Attribute(f"{prefix}{one.name}", value, source=source))
    return said


def _region(
    shapes: list[tuple[Field, Any]],
    categories: list[tuple[Field, Category]],
    rest: list[tuple[Field, Any]],
) -> Region:
    extra = {one.name: value for one, value in rest}
    box, geometry, kind = None, None, "box"
    for one, value in shapes:
        found = box_of(one, value) if BOX in one.types else None
        mask = _mask(value) if MASK in one.types else None
        if found:
            box = found
        elif mask:
            kind, geometry = mask
        else:
            extra[one.name] = value
    category = categories[0][1] if categories else None
    extra |= {one.name: other.name for one, other in categories[1:]}
    if category is None:
        return Region(kind, box, geometry, extra=extra)
    return Region(kind, box, geometry, category.name, category.category_id, extra)


def box_of(one: Field, value: Any) -> Box | None:
    """A box as x, y, width, height; None where it is not four numbers of a known order."""
    forms = dict(one.source.transforms) if one.source else {}
    form = (one.source.form if one.source else None) or forms.get("format") or "XYWH"
    parts = value.replace(",", " ").split() if isinstance(value, str) else value
    try:
        a, b, c, d = (float(part) for part in parts)
    except (TypeError, ValueError):
        return None
    if not math.isfinite(a + b + c + d):
        return None
    ordered = {
        "XYWH": (a, b, c, d),
        "XYXY": (a, b, c - a, d - b),
        "CENTER_XYWH": (a - c / 2, b - d / 2, c, d),
    }
    return ordered.get(str(form).upper())


def _mask(value: Any) -> tuple[str, Any] | None:
    """(kind, geometry) of a mask: run lengths, or rings of numbers."""
    if isinstance(value, dict) and {"size", "counts"} <= value.keys():
        return "mask", value
    rings = (
        [value] if isinstance(value, list) and value and not isinstance(value[0], list) else value
    )
    if not isinstance(rings, list) or not rings:
        return None
    fine = all(
        isinstance(ring, list)
        and len(ring) >= 6
        and len(ring) % 2 == 0
        and all(isinstance(n, (int, float)) and math.isfinite(n) for n in ring)
        for ring in rings
    )
    return ("polygon", rings) if fine else None
