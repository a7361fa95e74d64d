"""Coverage in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from excavate.gaps.saying.references import named
from excavate.i18n import N_, _, _n

if TYPE_CHECKING:
    from excavate.gaps.finding import Figure
    from excavate.gaps.stored import Finding, Row

COLUMNS = {
    "name": N_("region"),
    "group": N_("number"),
    "size": N_("items"),
    "share": N_("share of the reference"),
    "score": N_("belongs to the reference alone, score"),
    "labels": N_("labels that name it"),
    "label_shares": N_("share with each label"),
    "density": N_("density"),
    "density_high": N_("density, upper bound"),
    "covered": N_("share of the balls that the dataset reaches"),
    "items": N_("items"),
    "nearest": N_("nearest items of the dataset"),
    "members": N_("items, the strongest first"),
    "scores": N_("their scores"),
    "coverage": N_("coverage: balls of the reference that the dataset reaches"),
    "recall": N_("recall: items of the reference within the dataset's balls"),
    "precision": N_("precision: items of the dataset within the reference's balls"),
    "coverage_by_chance": N_("coverage that is usual for sets of these sizes"),
    "density_by_chance": N_("density that is usual"),
    "auc": N_("AUC of telling them apart, mean of the folds"),
    "auc_by_chance": N_("AUC with memberships shuffled"),
    "apart": N_("can be told apart as wholes (1: yes)"),
    "picked": N_("items picked"),
    "reference_items": N_("items of the reference"),
    "in_both": N_("items of the reference that the dataset holds too"),
    "left_out": N_("items left out, their vectors no numbers or without direction"),
}


def title() -> str:
    """The measure's name."""
    return _("Coverage")


def meaning() -> str:
    """What it measures and how, its papers, its limits."""
    return _(
        "How much of a reference the dataset reaches, seen through one encoder. Around each item "
        "of the reference a ball reaches to its k-th nearest; coverage is the share of balls that "
        "hold an item of the dataset (Naeem et al. 2020; precision and recall: Kynkäänniemi et "
        "al. 2019). The smaller a dataset, the fewer it reaches: beside it stands what is usual "
        "where both are drawn alike. A linear classifier then scores items that it has not seen "
        "(Lopez-Paz and Oquab 2017). Items of the reference are picked where they and what lies "
        "around them score as hardly any item of the dataset does (Benjamini and Hochberg 1995; "
        "Bates et al. 2023): of all picked, about a set share at most would be by chance. They "
        "are grouped, and named by the reference's labels. Picked for how little lies around "
        "them, regions look thinner than new items of the same place would. What neither holds, "
        "what the encoder does not see, and groups of few items stay out of sight."
    )


def sentence(finding: Finding) -> str:
    """How much is reached, and the largest region that is not."""
    said = [_reached(finding), _apart(finding)]
    left_out = int(finding.figures["left_out"].value)
    if left_out:
        words = _n(
            "{n} item was left out: its vector is no use.",
            "{n} items were left out: their vectors are no use.",
            left_out,
        )
        said.append(words.format(n=f"{left_out:,}"))
    return " ".join(said)


def _reached(finding: Finding) -> str:
    figure, usual = (finding.figures[name] for name in ("coverage", "coverage_by_chance"))
    words = _(
        "{dataset} reaches {share} of {reference} ({low} to {high}); {usual} would be usual for "
        "sets of these sizes."
    )
    if (figure.high or 1.0) < usual.value:
        words = _(
            "{dataset} reaches {share} of {reference} ({low} to {high}), less than the {usual} "
            "that is usual for sets of these sizes."
        )
    said = {**_shares(figure), "usual": f"{usual.value:.1%}"}
    return words.format(dataset=finding.dataset, reference=_against(finding), **said)


def _apart(finding: Finding) -> str:
    found = finding.first_rows(1)
    if not found:
        return _nowhere(finding)
    words = _n(
        "{n} region is thin in it against the reference: {first}.",
        "{n} regions are thin in it against the reference, the largest of them {first}.",
        finding.rows.num_rows,
    )
    return words.format(n=f"{finding.rows.num_rows:,}", first=row(finding, found[0]))


def _nowhere(finding: Finding) -> str:
    figures = finding.figures
    if "apart" not in figures:
        return _("Almost every item of the reference is in the dataset too: none can be ranked.")
    words = _(
        "A linear classifier does not tell the two apart as wholes (AUC {value}, {low} to "
        "{high}), and no region stands out; a small one could still be thin."
    )
    if figures["apart"].value:
        words = _(
            "The two can be told apart (AUC {value}, {low} to {high}), but no region clearly "
            "belongs to the reference alone."
        )
    return words.format(**_decimals(figures["auc"]))


def row(finding: Finding, row: Row) -> str:
    """The labels that name the region, with their shares, and its size."""
    both = zip(row["labels"], row["label_shares"], strict=True)
    named_by = ", ".join(f"{label} {share:.0%}" for label, share in both)
    words = _n("{labels} ({n} item)", "{labels} ({n} items)", row["size"])
    return words.format(labels=named_by or _("without a label"), n=f"{row['size']:,}")


def column(name: str) -> str:
    """A column's or figure's heading."""
    return _(COLUMNS.get(name, name))


def judge(finding: Finding, row: Row) -> str | None:
    """Nothing: whether a dataset has the like of a picture cannot be told from the picture alone,
    and whether it belongs to the labels that name its region is what the source said, not this."""
    return None


def _against(finding: Finding) -> str:
    return named(finding.reference) if finding.reference else ""


def _shares(figure: Figure) -> dict[str, str]:
    return {
        "share": f"{figure.value:.1%}",
        "low": f"{figure.low:.1%}",
        "high": f"{figure.high:.1%}",
    }


def _decimals(figure: Figure) -> dict[str, str]:
    return {n: f"{getattr(figure, n):.3f}" for n in ("value", "low", "high")}
