"""What a finding is held against, in words."""

from __future__ import annotations

from excavate.gaps.finding import Reference
from excavate.i18n import N_, _

WORDS = {
    "dataset": N_("the dataset {name}"),
    "taxonomy": N_("the taxonomy {name}"),
    "table": N_("the table {name}"),
    "vocabulary": N_("the vocabulary {name}"),
    "uniform": N_("the same number for each"),
    "floor": N_("at least {number} items each"),
    "independence": N_("what would be expected if independent"),
    "itself": N_("its own items"),
    "finding": N_("the finding {name}"),
}


def named(reference: Reference) -> str:
    """The reference, for a card: "the dataset cifar10/train"."""
    number = "" if reference.number is None else f"{reference.number:g}"
    said = _(WORDS[reference.kind]).format(name=reference.name, number=number)
    return f"{said} ({reference.note})" if reference.note else said
